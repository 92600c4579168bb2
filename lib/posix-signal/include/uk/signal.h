/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/abi/signal.h>
#include <uk/compiler.h>

/*
 * Signals of the program, for those in the core who have a reason to send one.
 *
 * @info says why, all of it but the signal's number; NULL: the kernel. A
 * signal that is ignored is dropped. Of one below UK_ABI_SIGRTMIN only one
 * waits at a time; the others queue.
 *
 * Returns 0, or
 *   -EINVAL  there is no signal @sig
 *   -EAGAIN  too many wait (RLIMIT_SIGPENDING), or no memory; one below
 *            UK_ABI_SIGRTMIN is sent without @info then
 * Context: thread; with @sig below UK_ABI_SIGRTMIN and no @info, any but NMI.
 */
/* To any thread of the program that does not block it. */
int uk_signal_process(int sig, const struct uk_abi_siginfo *info);

/* To the thread @tid; or -ESRCH, there is none. */
int uk_signal_thread(int tid, int sig, const struct uk_abi_siginfo *info);
