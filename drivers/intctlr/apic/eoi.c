/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of an interrupt. KVM can do without being told (Linux,
 * Documentation/virt/kvm/x86/msr.rst, MSR_KVM_PV_EOI_EN): it sets a bit in a
 * word of the CPU when nothing else waits, and who finds it set clears it, with
 * one instruction, and is done. That saves an exit for most interrupts.
 */
#include "apic_priv.h"

#include <uk/arch/paddr.h>
#include <uk/bits/arch/hypervisor.h>
#include <uk/bits/arch/msr.h>
#include <uk/percpu.h>

#include "lapic_regs.h"

#define KVM_PV_EOI	(1u << 6)
#define MSR_PV_EOI	0x4b564d04u
#define MSR_ENABLE	1u
#define WORD_SPARED	1u

/* KVM's, and how often it has spared this CPU to tell it. */
static UK_PERCPU(uint32_t, own_word);
static UK_PERCPU(uint32_t, own_spared);

/* Written by the boot CPU, before interrupts come. */
static bool is_offered;

bool apic_eoi_offered(uint32_t kvm)
{
	return kvm & KVM_PV_EOI;
}

void apic_eoi_find(void)
{
	is_offered = apic_eoi_offered(ukarch_cpuid_kvm(ukarch_cpuid));
}

void apic_eoi_on(void)
{
	if (is_offered)
		ukarch_msr_write(MSR_PV_EOI,
				 ukarch_paddr_of(uk_this_cpu_ptr(own_word)) |
				 MSR_ENABLE);
}

static bool is_spared(void)
{
	/* Only this CPU, and KVM while it does not run. */
	return __atomic_fetch_and(uk_this_cpu_ptr(own_word), ~WORD_SPARED,
				  __ATOMIC_RELAXED) & WORD_SPARED;
}

uint32_t apic_eois_spared(void)
{
	return uk_this_cpu(own_spared);
}

void apic_local_eoi(void)
{
	if (UK_UNLIKELY(is_offered) && is_spared())
		uk_this_cpu(own_spared)++;
	else
		apic_write(LAPIC_EOI, 0);
}
