/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PVH, the direct boot ABI of Xen that QEMU (microvm, qboot), Cloud
 * Hypervisor and Firecracker speak too: an ELF note names the 32-bit entry,
 * %ebx points to struct hvm_start_info.
 */
#include <uk/arch/paging.h>
#include <uk/bits/arch/start.h>

#define XEN_ELFNOTE_PHYS32_ENTRY	18

	.section .note.Xen, "a", @note
	.balign	4
	.long	4			/* bytes of the name */
	.long	8			/* bytes of the value */
	.long	XEN_ELFNOTE_PHYS32_ENTRY
	.asciz	"Xen"
	.quad	UKARCH_PHYS(kvm_pvh_start)

	.section .uk_boot.text, "ax", @progbits
	.code32
	.type	kvm_pvh_start, @function
kvm_pvh_start:
	cli
	movl	$UKARCH_PHYS(kvm_refuse), %ebp
	movl	$UKARCH_PHYS(kvm_setup_pvh), %edi
	jmp	ukarch_start32
	.size	kvm_pvh_start, . - kvm_pvh_start

	.section .note.GNU-stack, "", @progbits
