/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Xen is told of by the device tree only: there is nothing that could be asked
 * on a machine without it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/percpu.h>

#include "../xen_priv.h"

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

/* Affinity level 0 has 16 CPUs (Xen, asm-arm/vgic: vaffinity). */
uint32_t xen_vcpu_id(void)
{
	const uint64_t mpidr = uk_this_cpu(uk_cpu).hwid;

	return (uint32_t)((mpidr & 0xf) | (mpidr >> 8 & 0xff) << 4);
}

void xen_write_early(const char *buf UK_UNUSED, size_t len UK_UNUSED)
{
}
