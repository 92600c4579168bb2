/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Scheduling, as the Linux kernel's ABI has it: sched(7), clone(2).
 */

#define UK_ABI_SCHED_OTHER	0
#define UK_ABI_SCHED_FIFO	1
#define UK_ABI_SCHED_RR		2
#define UK_ABI_SCHED_BATCH	3
#define UK_ABI_SCHED_IDLE	5
#define UK_ABI_SCHED_RESET_ON_FORK	0x40000000

/* clone(2): the low byte is a signal. */
#define UK_ABI_CSIGNAL			0x000000ffu
#define UK_ABI_CLONE_VM			0x00000100u
#define UK_ABI_CLONE_FS			0x00000200u
#define UK_ABI_CLONE_FILES		0x00000400u
#define UK_ABI_CLONE_SIGHAND		0x00000800u
#define UK_ABI_CLONE_PIDFD		0x00001000u
#define UK_ABI_CLONE_PTRACE		0x00002000u
#define UK_ABI_CLONE_VFORK		0x00004000u
#define UK_ABI_CLONE_PARENT		0x00008000u
#define UK_ABI_CLONE_THREAD		0x00010000u
#define UK_ABI_CLONE_NEWNS		0x00020000u
#define UK_ABI_CLONE_SYSVSEM		0x00040000u
#define UK_ABI_CLONE_SETTLS		0x00080000u
#define UK_ABI_CLONE_PARENT_SETTID	0x00100000u
#define UK_ABI_CLONE_CHILD_CLEARTID	0x00200000u
#define UK_ABI_CLONE_DETACHED		0x00400000u
#define UK_ABI_CLONE_UNTRACED		0x00800000u
#define UK_ABI_CLONE_CHILD_SETTID	0x01000000u
#define UK_ABI_CLONE_NEWCGROUP		0x02000000u
#define UK_ABI_CLONE_NEWUTS		0x04000000u
#define UK_ABI_CLONE_NEWIPC		0x08000000u
#define UK_ABI_CLONE_NEWUSER		0x10000000u
#define UK_ABI_CLONE_NEWPID		0x20000000u
#define UK_ABI_CLONE_NEWNET		0x40000000u
#define UK_ABI_CLONE_IO			0x80000000u
#define UK_ABI_CLONE_CLEAR_SIGHAND	0x100000000u	/* clone3 only */
#define UK_ABI_CLONE_INTO_CGROUP	0x200000000u

/* clone3(2). */
struct uk_abi_clone_args {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack;		/* its lower end */
	uint64_t stack_size;
	uint64_t tls;
	uint64_t set_tid;
	uint64_t set_tid_size;
	uint64_t cgroup;
};

_Static_assert(sizeof(struct uk_abi_clone_args) == 88, "Linux ABI");
