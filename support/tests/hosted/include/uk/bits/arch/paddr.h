/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* It touches no CPU itself. */
#include "../../../../../../../arch/x86_64/include/uk/bits/arch/paddr.h"
