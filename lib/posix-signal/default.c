/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What signals do without a handler: signal(7). There is no core file, nobody
 * who would continue what has stopped, and no child.
 */
#include "signal_priv.h"

enum sig_default sig_default(int sig)
{
	switch (sig) {
	case UK_ABI_SIGCHLD:
	case UK_ABI_SIGCONT:
	case UK_ABI_SIGURG:
	case UK_ABI_SIGWINCH:
		return SIG_IGNORED;
	case UK_ABI_SIGSTOP:
	case UK_ABI_SIGTSTP:
	case UK_ABI_SIGTTIN:
	case UK_ABI_SIGTTOU:
		return SIG_STOPS;
	case UK_ABI_SIGQUIT:
	case UK_ABI_SIGILL:
	case UK_ABI_SIGTRAP:
	case UK_ABI_SIGABRT:
	case UK_ABI_SIGBUS:
	case UK_ABI_SIGFPE:
	case UK_ABI_SIGSEGV:
	case UK_ABI_SIGXCPU:
	case UK_ABI_SIGXFSZ:
	case UK_ABI_SIGSYS:
		return SIG_DUMPS;
	default:
		return SIG_ENDS;
	}
}

bool sig_is_ignored(int sig)
{
	const uint64_t handler = sig_action(sig)->handler;

	if (handler != UK_ABI_SIG_DFL)
		return handler == UK_ABI_SIG_IGN;
	/* Who stops is not continued by anybody: so nobody stops. */
	return sig_default(sig) == SIG_IGNORED ||
	       sig_default(sig) == SIG_STOPS;
}
