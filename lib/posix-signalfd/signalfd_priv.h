/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/abi/signal.h>
#include <uk/abi/signalfd.h>

/* What a read says of @info, in another order of its parts (tell.c). */
void signalfd_tell(struct uk_abi_signalfd_siginfo *to,
		   const struct uk_abi_siginfo *info);
