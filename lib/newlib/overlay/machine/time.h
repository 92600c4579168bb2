/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* POSIX.1-2008, <time.h>; clock() is ours. */
#define _CLOCKS_PER_SEC_	1000000
