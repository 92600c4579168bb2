/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Signals, as the Linux kernel's ABI has them on 64-bit machines: signal(7),
 * sigaction(2), sigaltstack(2).
 */

#define UK_ABI_SIGHUP		1
#define UK_ABI_SIGINT		2
#define UK_ABI_SIGQUIT		3
#define UK_ABI_SIGILL		4
#define UK_ABI_SIGTRAP		5
#define UK_ABI_SIGABRT		6
#define UK_ABI_SIGBUS		7
#define UK_ABI_SIGFPE		8
#define UK_ABI_SIGKILL		9
#define UK_ABI_SIGUSR1		10
#define UK_ABI_SIGSEGV		11
#define UK_ABI_SIGUSR2		12
#define UK_ABI_SIGPIPE		13
#define UK_ABI_SIGALRM		14
#define UK_ABI_SIGTERM		15
#define UK_ABI_SIGSTKFLT	16
#define UK_ABI_SIGCHLD		17
#define UK_ABI_SIGCONT		18
#define UK_ABI_SIGSTOP		19
#define UK_ABI_SIGTSTP		20
#define UK_ABI_SIGTTIN		21
#define UK_ABI_SIGTTOU		22
#define UK_ABI_SIGURG		23
#define UK_ABI_SIGXCPU		24
#define UK_ABI_SIGXFSZ		25
#define UK_ABI_SIGVTALRM	26
#define UK_ABI_SIGPROF		27
#define UK_ABI_SIGWINCH		28
#define UK_ABI_SIGIO		29
#define UK_ABI_SIGPWR		30
#define UK_ABI_SIGSYS		31
#define UK_ABI_SIGRTMIN		32	/* from here on all queue */
#define UK_ABI_NSIG		64	/* the last one */

/* A set of signals: the bit of one. */
#define UK_ABI_SIGBIT(sig)	(UINT64_C(1) << ((sig) - 1))

#define UK_ABI_SIG_DFL		0
#define UK_ABI_SIG_IGN		1

#define UK_ABI_SA_NOCLDSTOP	0x00000001u
#define UK_ABI_SA_NOCLDWAIT	0x00000002u
#define UK_ABI_SA_SIGINFO	0x00000004u
#define UK_ABI_SA_RESTORER	0x04000000u
#define UK_ABI_SA_ONSTACK	0x08000000u
#define UK_ABI_SA_RESTART	0x10000000u
#define UK_ABI_SA_NODEFER	0x40000000u
#define UK_ABI_SA_RESETHAND	0x80000000u

struct uk_abi_sigaction {
	uint64_t handler;	/* an address, SIG_DFL or SIG_IGN */
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

_Static_assert(sizeof(struct uk_abi_sigaction) == 32 &&
	       offsetof(struct uk_abi_sigaction, restorer) == 16 &&
	       offsetof(struct uk_abi_sigaction, mask) == 24,
	       "Linux ABI, 64 bit");

/* rt_sigprocmask(2). */
#define UK_ABI_SIG_BLOCK	0
#define UK_ABI_SIG_UNBLOCK	1
#define UK_ABI_SIG_SETMASK	2

/* Who sent it: si_code. Above 0 the kernel, for the signal's own reasons. */
#define UK_ABI_SI_USER		0
#define UK_ABI_SI_KERNEL	0x80
#define UK_ABI_SI_QUEUE		(-1)
#define UK_ABI_SI_TIMER		(-2)
#define UK_ABI_SI_TKILL		(-6)

#define UK_ABI_ILL_ILLOPC	1
#define UK_ABI_ILL_ILLOPN	2
#define UK_ABI_FPE_INTDIV	1
#define UK_ABI_FPE_FLTDIV	3
#define UK_ABI_FPE_FLTOVF	4
#define UK_ABI_FPE_FLTUND	5
#define UK_ABI_FPE_FLTRES	6
#define UK_ABI_FPE_FLTINV	7
#define UK_ABI_SEGV_MAPERR	1
#define UK_ABI_SEGV_ACCERR	2
#define UK_ABI_BUS_ADRALN	1
#define UK_ABI_BUS_ADRERR	2
#define UK_ABI_TRAP_BRKPT	1
#define UK_ABI_TRAP_TRACE	2
#define UK_ABI_TRAP_HWBKPT	4

struct uk_abi_siginfo {
	int32_t signo;
	int32_t error;
	int32_t code;
	int32_t pad;
	union {
		struct {
			int32_t pid;
			uint32_t uid;
			uint64_t value;		/* sigqueue(3) */
		} from;
		struct {
			int32_t id;
			int32_t overrun;
			uint64_t value;
		} timer;
		uint64_t addr;			/* of a fault */
		uint64_t all[14];
	};
};

_Static_assert(sizeof(struct uk_abi_siginfo) == 128 &&
	       offsetof(struct uk_abi_siginfo, code) == 8 &&
	       offsetof(struct uk_abi_siginfo, from.pid) == 16 &&
	       offsetof(struct uk_abi_siginfo, from.value) == 24 &&
	       offsetof(struct uk_abi_siginfo, timer.value) == 24 &&
	       offsetof(struct uk_abi_siginfo, addr) == 16,
	       "Linux ABI, 64 bit");

/* sigaltstack(2). */
#define UK_ABI_SS_ONSTACK	1u
#define UK_ABI_SS_DISABLE	2u
#define UK_ABI_SS_AUTODISARM	0x80000000u

struct uk_abi_stack {
	uint64_t sp;		/* lower end */
	uint32_t flags;
	uint32_t pad;
	uint64_t size;
};

_Static_assert(sizeof(struct uk_abi_stack) == 24 &&
	       offsetof(struct uk_abi_stack, flags) == 8 &&
	       offsetof(struct uk_abi_stack, size) == 16,
	       "Linux ABI, 64 bit");
