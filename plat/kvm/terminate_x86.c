/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end on a PC, by every way a machine may have. A port nobody listens to
 * does nothing, so they are simply tried in order: first what carries the
 * status, last what works everywhere, a triple fault, which micro-VMMs and
 * QEMU -no-reboot take as the end.
 */
#include <uk/bits/arch/ioport.h>
#include <uk/plat/terminate.h>

#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/config.h>

#include "kvm_x86.h"

static void tell_panic(void)
{
	const uint8_t events = ukarch_in8(KVM_PVPANIC);

	if (events != 0xff && (events & KVM_PVPANIC_PANICKED))
		ukarch_out8(KVM_PVPANIC, KVM_PVPANIC_PANICKED);
}

static void triple_fault(void)
{
	const struct {
		uint16_t limit;
		uint64_t base;
	} UK_PACKED no_idt = { 0, 0 };

	__asm__ volatile("lidt %0\n\tud2" : : "m"(no_idt));
}

UK_EVENT(ukplat_ends);

void ukplat_terminate(enum uk_end how, int status)
{
	struct ukplat_end end = { .how = how, .status = status };

	ukarch_irq_disable();
	if (UK_IS_ENABLED(CONFIG_HAVE_HYPERVISOR))
		uk_event_raise(ukplat_ends, &end);

	/* QEMU ends with (value << 1) | 1: 7 bits arrive. */
	if (how != UK_END_REBOOT)
		ukarch_out8(KVM_DEBUG_EXIT, (uint8_t)status & 0x7f);
	if (how == UK_END_CRASH)
		tell_panic();
	if (how != UK_END_REBOOT)
		ukarch_out16(KVM_PM1_CONTROL, KVM_PM1_POWEROFF);

	ukarch_out8(KVM_RESET_CONTROL, KVM_RESET_FULL);
	ukarch_out8(KVM_I8042_COMMAND, KVM_I8042_RESET);
	triple_fault();
	ukarch_halt_forever();
}
