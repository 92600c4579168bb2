/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Multiboot 0.6.96: QEMU -kernel on pc and q35, and GRUB.
 *
 * The image is ELF64, which loaders of this protocol need not know, so the
 * header carries the load addresses itself (flag 16): the file as it is, from
 * its first byte, to _text.
 */
#include <uk/arch/paging.h>
#include <uk/bits/arch/start.h>

#define MB_HEADER_MAGIC	0x1badb002
#define MB_LOADER_MAGIC	0x2badb002
#define MB_PAGE_ALIGN	(1 << 0)	/* modules */
#define MB_MEMORY	(1 << 1)	/* memory map, please */
#define MB_ADDRESSES	(1 << 16)
#define MB_FLAGS	(MB_PAGE_ALIGN | MB_MEMORY | MB_ADDRESSES)

	/* Must be in the first 8 KiB of the file, on a multiple of 4. */
	.section .uk_boot.head, "a", @progbits
	.balign	4
kvm_multiboot_header:
	.long	MB_HEADER_MAGIC
	.long	MB_FLAGS
	.long	-(MB_HEADER_MAGIC + MB_FLAGS)
	.long	UKARCH_PHYS(kvm_multiboot_header)
	.long	UKARCH_PHYS(_text)
	.long	UKARCH_PHYS(_edata)
	.long	UKARCH_PHYS(_end)
	.long	UKARCH_PHYS(kvm_multiboot_start)

	.section .uk_boot.text, "ax", @progbits
	.code32
	.type	kvm_multiboot_start, @function
kvm_multiboot_start:
	cli
	movl	$UKARCH_PHYS(kvm_refuse), %ebp
	movl	$UKARCH_PHYS(kvm_setup_multiboot), %edi
	cmpl	$MB_LOADER_MAGIC, %eax
	je	ukarch_start32
	movl	$UKARCH_PHYS(bad_magic_text), %esi
	jmp	kvm_refuse
	.size	kvm_multiboot_start, . - kvm_multiboot_start

bad_magic_text:
	.ascii	"kiln: entered through the multiboot header "
	.asciz	"with a wrong magic in eax\n"

	.section .note.GNU-stack, "", @progbits
