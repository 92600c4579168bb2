/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The machine as a program leaves it that dies in the middle of interrupts:
 * timers (PIT, RTC, HPET, local APIC) tick and their interrupts are open in
 * all three controllers; three are in service in the local APIC and one in
 * each 8259, others wait; a breakpoint is set on a function of the next image.
 *
 * Devices are where a PC has them. The interrupts in service are really taken,
 * by an IDT whose gates only return.
 */
#include <stdint.h>
#include <stdio.h>

#include <uk/arch/cpu.h>
#include <uk/bits/arch/ioport.h>
#include <uk/bootinfo.h>
#include <uk/paging.h>

#include "again.h"
#include "again_x86_mess.h"

/* Local APIC (SDM volume 3A, table 11-1) as 32-bit words. */
#define LAPIC		0xfee00000u
#define LAPIC_TPR	(0x080 / 4)
#define LAPIC_EOI	(0x0b0 / 4)
#define LAPIC_ISR	(0x100 / 4)
#define LAPIC_ICR	(0x300 / 4)
#define LAPIC_TIMER	(0x320 / 4)
#define LAPIC_LINT0	(0x350 / 4)
#define LAPIC_COUNT	(0x380 / 4)
#define LAPIC_DIVIDE	(0x3e0 / 4)
#define LAPIC_PERIODIC	0x20000u
#define LAPIC_EXTINT	0x700u
#define LAPIC_TO_SELF	0x44000u
#define LAPIC_BUSY	0x1000u

/* I/O APIC (82093AA data sheet, 3.1). */
#define IOAPIC		0xfec00000u
#define IOAPIC_WINDOW	4
#define IOAPIC_ENTRY	0x10u
#define IOAPIC_NPINS	24u
#define IOAPIC_LEVEL	0x8000u
#define IOAPIC_ISA	16u

/* HPET (IA-PC HPET specification 1.0a, 2.3) as 64-bit words. */
#define HPET		0xfed00000u
#define HPET_CONFIG	(0x010 / 8)
#define HPET_COUNTER	(0x0f0 / 8)
#define HPET_TIMER0	(0x100 / 8)
#define HPET_COMPARE0	(0x108 / 8)
#define HPET_ON		0x3u		/* takes the PIT's interrupt too */
#define HPET_PERIODIC	0x4cu
#define HPET_COUNTS	100000u		/* of 10 ns */

#define PIC1		0x20
#define PIC2		0xa0
#define PIC_POLL	0x0c
#define PIT_COMMAND	0x43
#define PIT_CHANNEL0	0x40
#define PIT_PERIODIC	0x34
#define PIT_COUNTS	1193u		/* 1 ms */
#define CMOS_INDEX	0x70
#define CMOS_DATA	0x71
#define CMOS_B		0x0b
#define CMOS_C		0x0c
#define CMOS_PERIODIC	0x40
#define COM1_IER	0x3f9

/* From low to high; each is of another class, so they nest. */
static const uint8_t in_service[] = { 0x31, 0x51, 0x91 };
#define NSERVED		sizeof(in_service)
#define VECTOR_WAITS	0x61u
#define VECTOR_TIMER	0xd1u
#define VECTOR_LINES	0xa0u

#define DR7_BREAK0	0x402u		/* breakpoint 0, global; bit 10 is 1 */

/* again_leap_x86.S */
extern const char again_iret[];

static volatile uint32_t *lapic, *ioapic;
static volatile uint64_t *hpet;

static struct {
	uint64_t low, high;
} idt[256];

/* All eight registers of those in service; a thread is in none. */
int again_serves(void)
{
	const unsigned long irqs = ukarch_irq_save();
	uint32_t any = 0;

	for (unsigned int i = 0; i < 8; i++)
		any |= lapic[LAPIC_ISR + 4 * i];
	ukarch_irq_restore(irqs);
	return any != 0;
}

int again_map(void)
{
	void *regs[3];

	if (uk_paging_map_device(LAPIC, 4096, &regs[0]) < 0 ||
	    uk_paging_map_device(IOAPIC, 4096, &regs[1]) < 0 ||
	    uk_paging_map_device(HPET, 4096, &regs[2]) < 0) {
		printf("again: devices cannot be mapped\n");
		return -1;
	}
	lapic = regs[0];
	ioapic = regs[1];
	hpet = regs[2];
	return 0;
}

/* The running code selector; no stack of its own. */
static void take_everything(void)
{
	const uint64_t addr = (uintptr_t)again_iret;
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) ptr = { sizeof(idt) - 1, (uintptr_t)idt };
	uint64_t cs;

	__asm__("movq %%cs, %0" : "=r"(cs));
	for (unsigned int i = 0; i < 256; i++) {
		idt[i].low = (addr & 0xffff) | cs << 16 |
			     UINT64_C(0x8e) << 40 | (addr >> 16 & 0xffff) << 48;
		idt[i].high = addr >> 32;
	}
	__asm__ volatile("lidt %0" : : "m"(ptr));
}

static void interrupt_self(uint32_t vector)
{
	lapic[LAPIC_ICR] = LAPIC_TO_SELF | vector;
	while (lapic[LAPIC_ICR] & LAPIC_BUSY)
		;
}

static void spoil_lapic(unsigned int nserved, int closed)
{
	/* Of the call that this code runs in. */
	lapic[LAPIC_EOI] = 0;
	lapic[LAPIC_TPR] = 0;
	for (unsigned int i = 0; i < nserved; i++) {
		interrupt_self(in_service[i]);
		__asm__ volatile("sti\n\tnop\n\tnop\n\tcli" : : : "memory");
	}
	lapic[LAPIC_TPR] = closed ? 0xf0 : 0;
	interrupt_self(VECTOR_WAITS);
	lapic[LAPIC_DIVIDE] = 0xb;
	lapic[LAPIC_TIMER] = LAPIC_PERIODIC | VECTOR_TIMER;
	lapic[LAPIC_COUNT] = 100000;
	lapic[LAPIC_LINT0] = LAPIC_EXTINT;
}

static void spoil_ioapic(void)
{
	for (unsigned int pin = 0; pin < IOAPIC_NPINS; pin++) {
		ioapic[0] = IOAPIC_ENTRY + 2 * pin + 1;
		ioapic[IOAPIC_WINDOW] = 0;
		ioapic[0] = IOAPIC_ENTRY + 2 * pin;
		ioapic[IOAPIC_WINDOW] = (VECTOR_LINES + pin) |
			(pin < IOAPIC_ISA ? 0 : IOAPIC_LEVEL);
	}
}

static void spoil_pic(uint16_t base, uint8_t vector, uint8_t cascade)
{
	ukarch_out8(base, 0x11);
	ukarch_out8(base + 1, vector);
	ukarch_out8(base + 1, cascade);
	ukarch_out8(base + 1, 1);
	ukarch_out8(base + 1, 0);
}

static void spoil_timers(void)
{
	ukarch_out8(PIT_COMMAND, PIT_PERIODIC);
	ukarch_out8(PIT_CHANNEL0, PIT_COUNTS & 0xff);
	ukarch_out8(PIT_CHANNEL0, PIT_COUNTS >> 8);
	ukarch_out8(CMOS_INDEX, CMOS_B);
	ukarch_out8(CMOS_DATA, ukarch_in8(CMOS_DATA) | CMOS_PERIODIC);
	ukarch_out8(CMOS_INDEX, CMOS_C);
	(void)ukarch_in8(CMOS_DATA);
	hpet[HPET_CONFIG] = 0;
	hpet[HPET_COUNTER] = 0;
	hpet[HPET_TIMER0] = HPET_PERIODIC;
	hpet[HPET_COMPARE0] = HPET_COUNTS;
	hpet[HPET_CONFIG] = HPET_ON;
	ukarch_out8(COM1_IER, 0x0f);
}

static void break_at(const void *code)
{
	__asm__ volatile("movq %0, %%dr0\n\tmovq %1, %%dr7"
			 : : "r"(code), "r"((uint64_t)DR7_BREAK0));
}

void again_mess(int left)
{
	take_everything();
	spoil_pic(PIC1, 0x20, 4);
	spoil_pic(PIC2, 0x28, 2);
	spoil_timers();
	spoil_ioapic();
	spoil_lapic(left == 1 ? 0 : NSERVED, left % 2 == 0);
	for (unsigned int i = 0; i < 2; i++) {
		/* What has come by now is in service from here on. */
		ukarch_out8(PIC2, PIC_POLL);
		(void)ukarch_in8(PIC2);
		ukarch_out8(PIC1, PIC_POLL);
		(void)ukarch_in8(PIC1);
	}
	break_at((const void *)(uintptr_t)uk_boot);
}
