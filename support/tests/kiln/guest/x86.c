/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * 32-bit protected mode without paging, as Multiboot (0.6.96, 3.2) and PVH
 * leave it: the loader's structure in ebx. Power off and reset are one
 * thing here, a triple fault: QEMU runs with -no-reboot.
 */
#include <stdint.h>

#include "guest.h"

#define PVH_MAGIC	0x336ec578u

__asm__(
"	.section .head, \"ax\"\n"
"	.balign 4\n"
"header:\n"
"	.long 0x1badb002, 0x10000, -(0x1badb002 + 0x10000)\n"
"	.long header, header, _edata, _end, _start\n"
"	.globl _start\n"
"_start:\n"
"	mov $stack_top, %esp\n"
"	push %ebx\n"
"	call x86_main\n"
"	.section .note.Xen, \"a\", @note\n"
"	.long 4, 4, 18\n"
"	.asciz \"Xen\"\n"
"	.long _start\n"
"	.bss\n"
"	.space 4096\n"
"stack_top:\n"
"	.text\n");

void x86_main(const uint32_t *info);

static void outb(uint16_t port, uint8_t val)
{
	__asm__ volatile("outb %0, %1" : : "a"(val), "d"(port));
}

static uint8_t inb(uint16_t port)
{
	uint8_t val;

	__asm__ volatile("inb %1, %0" : "=a"(val) : "d"(port));
	return val;
}

void guest_putc(char c)
{
	outb(0x3f8, (uint8_t)c);
}

char guest_getc(void)
{
	while (!(inb(0x3fd) & 1))
		;
	return (char)inb(0x3f8);
}

#define MARK(number)							\
	".byte 0x0f, 0x1f, 0x84, 0x00\n.long 0x554b0000 | " #number "\n"

void guest_mark(void)
{
	__asm__ volatile(MARK(1) ".rept 10\nnop\n.endr\n" MARK(65535));
}

void guest_two(void)
{
}

void guest_rep(void)
{
	static char from[20], to[20];
	const char *src = from;
	char *dst = to;
	unsigned int count = sizeof(to);

	__asm__ volatile(MARK(1) "rep movsb\n" MARK(2)
			 : "+S"(src), "+D"(dst), "+c"(count) : : "memory");
}

void guest_exit(unsigned int status)
{
	outb(0xf4, status & 0x7f);
}

void guest_reset(void)
{
	static const uint8_t no_idt[6];

	__asm__ volatile("lidt %0; ud2" : : "m"(no_idt));
}

void guest_off(void)
{
	guest_reset();
}

static const uint32_t *loader_info;

unsigned int guest_initrd(const uint8_t **at)
{
	const uint32_t *info = loader_info, *module;

	if (info[0] == PVH_MAGIC) {
		/* nr_modules at 12, modlist_paddr at 16: paddr, size */
		module = (const uint32_t *)info[4];
		*at = (const uint8_t *)module[0];
		return info[3] ? module[2] : 0;
	}
	/* mods_count at 20, mods_addr at 24: start, end */
	module = (const uint32_t *)info[6];
	*at = (const uint8_t *)module[0];
	return info[5] ? module[1] - module[0] : 0;
}

void x86_main(const uint32_t *info)
{
	/* The command line's address: Multiboot at 16, PVH at 24. */
	const uint32_t at = info[0] == PVH_MAGIC ? info[6] : info[4];

	loader_info = info;
	guest_main((const char *)at);
}
