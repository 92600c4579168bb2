/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The hypercall page (TLFS, "Establishing the Hypercall Interface"): what calls
 * the hypervisor on this CPU, which it writes here itself, over breakpoints. As
 * part of the text it is executable and not to be written by the image.
 */
	.section .uk_text.pages, "ax", @progbits
	.balign 4096
	.globl hyperv_page
	.type hyperv_page, @function
hyperv_page:
	.fill 4096, 1, 0xcc
	.size hyperv_page, . - hyperv_page

	.section .note.GNU-stack, "", @progbits
