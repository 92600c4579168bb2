/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The header of an arm64 Linux Image ("Booting AArch64 Linux", 4. Call the
 * kernel image): loaded at any 2 MiB aligned address and entered at its first
 * byte with the MMU off, x0 pointing to the device tree.
 */
#include <uk/config.h>

/* Little endian, 4 KiB pages, may be anywhere in physical memory. */
#define IMAGE_FLAGS	0xa

#define PSCI_SYSTEM_OFF	0x84000008

/* PL011: data and flag register, transmit buffer full. */
#define PL011_DR	0x00
#define PL011_FR	0x18
#define PL011_FR_TXFF	5

	.section .uk_boot.head, "ax"
	b	kvm_arm64_start
	.long	0
	.quad	0			/* text_offset */
	.quad	_image_size		/* with .bss */
	.quad	IMAGE_FLAGS
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0			/* no PE header */

	.section .uk_boot.text, "ax"
	.type	kvm_arm64_start, %function
kvm_arm64_start:
	adrp	x4, kvm_setup_fdt
	add	x4, x4, :lo12:kvm_setup_fdt
	adr	x5, kvm_arm64_refuse
	b	ukarch_start
	.size	kvm_arm64_start, . - kvm_arm64_start

/*
 * The end of a boot that cannot even have page tables: the text at x0 and the
 * status on the PL011 of QEMU's virt machine, power off by the way that fits
 * the exception level in x1. No stack, MMU off. A full UART is given up after
 * some time.
 */
	.type	kvm_arm64_refuse, %function
kvm_arm64_refuse:
	ldr	x9, =CONFIG_KVM_PL011_BASE
	adr	x10, status_line
1:	ldrb	w11, [x0], #1
	cbz	w11, 4f
	mov	x12, #0x100000
2:	ldr	w13, [x9, #PL011_FR]
	tbz	w13, #PL011_FR_TXFF, 3f
	subs	x12, x12, #1
	b.ne	2b
3:	str	w11, [x9, #PL011_DR]
	b	1b
4:	mov	x0, x10
	mov	x10, xzr
	cbnz	x0, 1b

	ldr	x0, =PSCI_SYSTEM_OFF
	cmp	x1, #2
	b.eq	5f
	b.hi	halt			/* at EL3: nobody is below */
	hvc	#0
	b	halt
5:	smc	#0
halt:	wfi
	b	halt
	.size	kvm_arm64_refuse, . - kvm_arm64_refuse

status_line:
	.asciz	"\r\nkiln: exit 120\r\n"	/* UK_STATUS_BOOT */
	.ltorg

	.section .note.GNU-stack, "", %progbits
