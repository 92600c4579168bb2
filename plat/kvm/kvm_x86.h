/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* I/O ports of a PC and of QEMU, also for assembler. */
#define KVM_COM1		0x3f8

/* What is written here Xen shows in its log, QEMU on an isa-debugcon. */
#define KVM_DEBUG_PORT		0xe9

/* QEMU's isa-debug-exit, where its user put it (iobase=0xf4). */
#define KVM_DEBUG_EXIT		0xf4

/* The two 8259 interrupt controllers: their masks. */
#define KVM_PIC_MASK		0x21
#define KVM_PIC2_MASK		0xa1

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
