/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Xen is told of by the device tree only: there is nothing that could be asked
 * on a machine without it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/percpu.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/percpu.h>

#include "../xen_priv.h"

/* PAR_EL1 after a translation that succeeded. */
#define PAR_PADDR	0x0000fffffffff000

bool xen_find(const struct uk_bootinfo *bi)
{
	return bi->hypervisor == UK_HYPERVISOR_XEN;
}

/*
 * public/arch-arm.h: the number in X16, the arguments from X0 on, the result in
 * X0; those of the arguments are lost.
 */
int64_t xen_call(uint64_t call, uint64_t a, uint64_t b, uint64_t c)
{
	register uint64_t x0 __asm__("x0") = a;
	register uint64_t x1 __asm__("x1") = b;
	register uint64_t x2 __asm__("x2") = c;
	register uint64_t x16 __asm__("x16") = call;

	__asm__ volatile("hvc #0xea1"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x16)
			 : : "memory");
	return (int64_t)x0;
}

/* The image may be anywhere: the CPU knows. */
uint64_t xen_paddr(const void *vaddr)
{
	const uint64_t in_page = (uintptr_t)vaddr % UKARCH_PAGE_SIZE;
	unsigned long irqs;
	uint64_t par;

	if ((uintptr_t)vaddr < UKARCH_IMAGE_BASE)
		return uk_virt_to_phys(vaddr);
	/* A handler may have a translation of its own. */
	irqs = ukarch_irq_save();
	__asm__ volatile("at s1e1r, %1\n\tisb\n\tmrs %0, par_el1"
			 : "=r"(par) : "r"(vaddr) : "memory");
	ukarch_irq_restore(irqs);
	return (par & PAR_PADDR) + in_page;
}

/* Affinity level 0 has 16 CPUs (Xen, asm-arm/vgic: vaffinity). */
uint32_t xen_vcpu_id(void)
{
	const uint64_t mpidr = uk_this_cpu(uk_cpu).hwid;

	return (uint32_t)((mpidr & 0xf) | (mpidr >> 8 & 0xff) << 4);
}

void xen_write_early(const char *buf UK_UNUSED, size_t len UK_UNUSED)
{
}
