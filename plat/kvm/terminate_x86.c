/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end on a PC, by every way a machine may have. A port nobody listens to
 * does nothing, so they are simply tried in order: first what carries the
 * status, last what works everywhere, a triple fault, which micro-VMMs and
 * QEMU -no-reboot take as the end.
 *
 * A machine that has taken the wish may run on for a while: QEMU stops its CPUs
 * when its main loop comes to it, and then a reset would be what it was asked
 * for last. So there is a pause behind each way that may be one.
 */
#include <uk/bits/arch/ioport.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/print.h>

#include "kvm_x86.h"
#include "terminate.h"

/* 0.4 to 2 s; turns, should the counter stand. */
#define PAUSE_TICKS	(UINT64_C(1) << 31)
#define PAUSE_TURNS	(1u << 26)

/* Not if @answer is that of a port where nobody is. */
static void pause_for(bool answer)
{
	const uint64_t start = ukarch_ticks();

	if (!answer)
		return;
	for (unsigned int i = 0;
	     i < PAUSE_TURNS && ukarch_ticks() - start < PAUSE_TICKS; i++)
		ukarch_spin_wait();
}

/* QEMU ends with (value << 1) | 1: 7 bits arrive. */
static void by_debug_exit(struct ukplat_end *end)
{
	if (end->how != UK_END_REBOOT)
		ukarch_out8(KVM_DEBUG_EXIT, (uint8_t)end->status & 0x7f);
}

static void by_panic(struct ukplat_end *end)
{
	const uint8_t events = ukarch_in8(KVM_PVPANIC);

	if (end->how != UK_END_CRASH || events == 0xff ||
	    !(events & KVM_PVPANIC_PANICKED))
		return;
	ukarch_out8(KVM_PVPANIC, KVM_PVPANIC_PANICKED);
	pause_for(true);
}

static void by_acpi(struct ukplat_end *end)
{
	pause_for(kvm_end_by_acpi(end));
}

static void by_pm1(struct ukplat_end *end)
{
	bool answer;

	if (end->how == UK_END_REBOOT)
		return;
	answer = ukarch_in16(KVM_PM1_CONTROL) != 0xffff;
	ukarch_out16(KVM_PM1_CONTROL, KVM_PM1_POWEROFF);
	pause_for(answer);
	/* A crash prints by itself only. */
	if (end->how == UK_END_POWEROFF)
		uk_pr_warn("nothing switches this machine off: it is reset");
}

static void by_reset_control(struct ukplat_end *end)
{
	const bool answer = ukarch_in8(KVM_RESET_CONTROL) != 0xff;

	(void)end;
	ukarch_out8(KVM_RESET_CONTROL, KVM_RESET_FULL);
	pause_for(answer);
}

static void by_i8042(struct ukplat_end *end)
{
	const bool answer = ukarch_in8(KVM_I8042_COMMAND) != 0xff;

	(void)end;
	ukarch_out8(KVM_I8042_COMMAND, KVM_I8042_RESET);
	pause_for(answer);
}

static void by_triple_fault(struct ukplat_end *end)
{
	const struct {
		uint16_t limit;
		uint64_t base;
	} UK_PACKED no_idt = { 0, 0 };

	(void)end;
	__asm__ volatile("lidt %0\n\tud2" : : "m"(no_idt));
}

const kvm_way_fn kvm_ways[] = {
	kvm_end_by_hypervisor, by_debug_exit, by_panic, by_acpi,
	by_pm1, by_reset_control, by_i8042, by_triple_fault, NULL,
};
