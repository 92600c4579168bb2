/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Thread-local storage, variant II of "ELF Handling For Thread-Local Storage"
 * (3.4.6): the linker places variable v at the thread pointer less the size of
 * the template, rounded up to its alignment, plus v's offset in it. So the
 * variables end where the TCB begins.
 */
#include <uk/arch/tls.h>

#include <uk/bits/arch/msr.h>
#include <uk/essentials.h>

#include "cpuid.h"
#include "x86_priv.h"

#define MSR_FS_BASE	0xc0000100
#define CR4_FSGSBASE	(1ul << 16)

/* A libc may keep vector registers in its TCB. */
#define TCB_ALIGN	16

/* RDFSBASE and WRFSBASE can be used: the same on all CPUs. */
static bool has_fsgsbase;

void x86_tls_init(void)
{
	unsigned long cr4;

	has_fsgsbase = ukarch_cpuid(0, 0).eax >= 7 &&
		       (ukarch_cpuid(7, 0).ebx & CPUID_7_EBX_FSGSBASE);
	if (!has_fsgsbase)
		return;
	__asm__ volatile("movq %%cr4, %0\n\t"
			 "orq %1, %0\n\t"
			 "movq %0, %%cr4"
			 : "=&r"(cr4) : "r"(CR4_FSGSBASE));
}

uintptr_t ukarch_x86_fs_base(void)
{
	uintptr_t base;

	if (has_fsgsbase) {
		__asm__ volatile("rdfsbase %0" : "=r"(base));
		return base;
	}
	return ukarch_msr_read(MSR_FS_BASE);
}

void ukarch_x86_set_fs_base(uintptr_t tp)
{
	if (has_fsgsbase)
		__asm__ volatile("wrfsbase %0" : : "r"(tp) : "memory");
	else
		ukarch_msr_write(MSR_FS_BASE, tp);
}

/* The distance of the first variable from the thread pointer. */
static size_t vars_len(void)
{
	return UK_ALIGN_UP((size_t)(_tls_end - _tls_start),
			   (size_t)uk_tls_align);
}

size_t ukarch_tls_align(void)
{
	return UK_MAX((size_t)uk_tls_align, (size_t)TCB_ALIGN);
}

/* The TCB begins at a multiple of the alignment; the area may begin before. */
static size_t tcb_offset(void)
{
	return UK_ALIGN_UP(vars_len(), ukarch_tls_align());
}

size_t ukarch_tls_size(size_t tcb)
{
	return tcb_offset() + UK_MAX(tcb, sizeof(uintptr_t));
}

uintptr_t ukarch_tls_init(void *area, size_t tcb)
{
	const size_t data_len = (size_t)(_etdata - _tls_start);
	char *const tp = (char *)area + tcb_offset();

	__builtin_memset(area, 0, ukarch_tls_size(tcb));
	__builtin_memcpy(tp - vars_len(), _tls_start, data_len);
	*(uintptr_t *)(void *)tp = (uintptr_t)tp;
	return (uintptr_t)tp;
}

void *ukarch_tls_tcb(uintptr_t tp, size_t tcb)
{
	(void)tcb;
	return (void *)tp;
}
