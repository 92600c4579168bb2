/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The thread pointer is in FS. GS is the CPU's own, whoever runs: a program
 * that wrote it would take the CPU's block away from the core, so it may not;
 * one that writes it by an instruction is out of contract.
 */
#include <uk/arch/tls.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/syscall.h>
#include <uk/thread.h>
#include <uk/useraddr.h>

#define ARCH_SET_GS	0x1001
#define ARCH_SET_FS	0x1002
#define ARCH_GET_FS	0x1003
#define ARCH_GET_GS	0x1004

static long set_fs(unsigned long addr)
{
	struct uk_thread *const self = uk_thread_current();

	/* Writing an address that is not canonical to the register faults. */
	if (!uk_useraddr_readable((void *)addr, 0))
		return -EPERM;
	(void)__atomic_fetch_or(&self->flags, UK_THREADF_TLSP,
				__ATOMIC_RELAXED);
	ukarch_tp_set(addr);
	return 0;
}

UK_SYSCALL_R_DEFINE(long, arch_prctl, int, code, unsigned long, addr)
{
	const unsigned long fs = ukarch_tp_get();

	switch (code) {
	case ARCH_SET_FS:
		return set_fs(addr);
	case ARCH_GET_FS:
		return uk_nofault_memcpy((void *)addr, &fs, sizeof(fs), 0) ==
		       sizeof(fs) ? 0 : -EFAULT;
	case ARCH_SET_GS:
	case ARCH_GET_GS:
		return -EPERM;
	default:
		return -EINVAL;
	}
}
