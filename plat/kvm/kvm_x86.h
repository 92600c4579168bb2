/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* I/O ports of a PC and of QEMU, also for assembler. */
#define KVM_COM1		0x3f8

/* QEMU's isa-debug-exit, where its user put it (iobase=0xf4). */
#define KVM_DEBUG_EXIT		0xf4

#define KVM_I8042_COMMAND	0x64
#define KVM_I8042_RESET		0xfe

/* PIIX and ICH reset control: a full reset. */
#define KVM_RESET_CONTROL	0xcf9
#define KVM_RESET_FULL		0x0e

/*
 * PM1a control of QEMU's pc and q35, where their firmware puts it; S5 is
 * sleep type 0 there (ACPI 4.8.3.2.1: SLP_EN is bit 13).
 */
#define KVM_PM1_CONTROL		0x604
#define KVM_PM1_POWEROFF	0x2000

/* QEMU's pvpanic: reads as the events it knows, takes the one that is so. */
#define KVM_PVPANIC		0x505
#define KVM_PVPANIC_PANICKED	0x01

#ifndef __ASSEMBLER__

#include <stdint.h>

static inline void kvm_outb(uint16_t port, uint8_t val)
{
	__asm__ volatile("outb %0, %1" : : "a"(val), "Nd"(port));
}

static inline void kvm_outw(uint16_t port, uint16_t val)
{
	__asm__ volatile("outw %0, %1" : : "a"(val), "Nd"(port));
}

static inline uint8_t kvm_inb(uint16_t port)
{
	uint8_t val;

	__asm__ volatile("inb %1, %0" : "=a"(val) : "Nd"(port));
	return val;
}

#endif /* !__ASSEMBLER__ */
