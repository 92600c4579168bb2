/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls are the instruction itself, VMCALL of Intel or VMMCALL of AMD.
 *
 * public/arch-x86/xen-x86_64.h has them go through a page of stubs that Xen
 * fills (an MSR, named by CPUID leaf 3 of public/arch-x86/cpuid.h), which is
 * how a guest need not know what it runs on: SYSCALL for a PV guest, one of
 * these two for others. Guests here are never PV, and Xen's docs/guest-guide/
 * x86/hypercall-abi.rst ("Mode transfer") has each instruction with its vendor
 * as part of the ABI. So the page would tell nothing that CPUID does not;
 * without it no page of code is written by others, none is made anew after a
 * resume, and the call is not an indirect one. What it gives up: a domain that
 * moves from one vendor's CPU to the other's, which no Xen does.
 */
#include "x86_64.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/bits/arch/ioport.h>
#include <uk/compiler.h>
#include <uk/percpu.h>

#include "../xen_priv.h"

/* What HVM guests write goes to Xen's log, with the domain's name. */
#define LOG_PORT	0xe9

/* Leaf 4: EBX is the number of the virtual CPU, if EAX has this bit. */
#define LEAF_CPU	4
#define EAX_VCPU_ID	(1u << 3)

/* Set when Xen is found. */
static struct {
	uint32_t leaves;
	bool amd;
} st;

bool xen_find(const struct uk_bootinfo *bi UK_UNUSED)
{
	st.leaves = xen_x86_leaves(ukarch_cpuid);
	if (st.leaves)
		st.amd = xen_x86_is_amd(ukarch_cpuid);
	return st.leaves != 0;
}

/*
 * public/arch-x86/xen-x86_64.h: the number in RAX, the arguments in RDI, RSI,
 * RDX; the result in RAX. Registers of arguments are lost, which a Xen built
 * for debugging sees to (hypercall-abi.rst, "Parameters"); all others stay.
 */
int64_t xen_call(uint64_t call, uint64_t a, uint64_t b, uint64_t c)
{
	if (st.amd)
		__asm__ volatile("vmmcall"
				 : "+a"(call), "+D"(a), "+S"(b), "+d"(c)
				 : : "memory");
	else
		__asm__ volatile("vmcall"
				 : "+a"(call), "+D"(a), "+S"(b), "+d"(c)
				 : : "memory");
	return (int64_t)call;
}

/* Where Xen does not tell, APIC ids are even, two for each (Xen, cpuid.c). */
uint32_t xen_vcpu_id(void)
{
	const struct ukarch_cpuid id = ukarch_cpuid(st.leaves + LEAF_CPU, 0);

	if (id.eax & EAX_VCPU_ID)
		return id.ebx;
	return (uint32_t)uk_this_cpu(uk_cpu).hwid / 2;
}

void xen_write_early(const char *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		ukarch_out8(LOG_PORT, (uint8_t)buf[i]);
}
