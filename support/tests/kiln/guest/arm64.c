/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * EL1 without MMU, as the arm64 boot protocol leaves it: the device tree's
 * address in x0. The command line is the property "bootargs", found by
 * reading the structure block (Devicetree Specification 0.4, 5.4) of QEMU's
 * tree, which is trusted here.
 */
#include <stdint.h>

#include "guest.h"

#define UART		0x09000000ul
#define SYSTEM_OFF	0x84000008ul
#define SYSTEM_RESET	0x84000009ul
#define CPU_ON		0xc4000003ul

__asm__(
"	.section .head, \"ax\"\n"
"	b _start\n"
"	.long 0\n"
"	.quad 0, _end - 0x40200000, 0xa, 0, 0, 0\n"
"	.ascii \"ARM\\x64\"\n"
"	.long 0\n"
"	.globl _start\n"
"_start:\n"
"	adrp x1, stack_top\n"
"	add x1, x1, :lo12:stack_top\n"
"	mov sp, x1\n"
"	bl arm64_main\n"
"	.bss\n"
"	.space 4096\n"
"stack_top:\n"
"	.text\n");

/* The second CPU, which gets x0 = &two. */
__asm__(
"	.text\n"
"	.globl second\n"
"second:\n"
"	ldr w1, [x0]\n"
"	cbz w1, second\n"
"	mov w1, #10000\n"
"1:	subs w1, w1, #1\n"
"	b.ne 1b\n"
"	mov w1, #1\n"
"	str w1, [x0, #4]\n"
"2:	wfi\n"
"	b 2b\n");

extern const char second[];

static volatile struct {
	uint32_t go, done;
} two;

void arm64_main(const uint32_t *dtb);

static volatile uint32_t *uart(unsigned int reg)
{
	return (volatile uint32_t *)(UART + reg);
}

void guest_putc(char c)
{
	*uart(0) = (uint8_t)c;
}

char guest_getc(void)
{
	while (*uart(0x18) & 0x10)
		;
	return (char)*uart(0);
}

static void psci(uint64_t call)
{
	register uint64_t x0 __asm__("x0") = call;

	__asm__ volatile("hvc #0" : "+r"(x0) : : "memory");
}

void guest_mark(void)
{
	__asm__ volatile("movz xzr, #1, lsl #16\n"
			 ".rept 10\nnop\n.endr\n"
			 "movz xzr, #65535, lsl #16\n");
}

void guest_two(void)
{
	register uint64_t x0 __asm__("x0") = CPU_ON;
	register uint64_t x1 __asm__("x1") = 1;
	register uint64_t x2 __asm__("x2") = (uintptr_t)second;
	register uint64_t x3 __asm__("x3") = (uintptr_t)&two;
	unsigned int count = 10000;

	__asm__ volatile("hvc #0" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x3)
			 : "memory");
	__asm__ volatile("movz xzr, #1, lsl #16");
	two.go = 1;
	__asm__ volatile("1: subs %w0, %w0, #1\nb.ne 1b"
			 : "+r"(count) : : "cc");
	while (!two.done)
		;
	__asm__ volatile("movz xzr, #2, lsl #16");
}

void guest_rep(void)
{
}

unsigned int guest_initrd(const uint8_t **at)
{
	(void)at;
	return 0;
}

void guest_exit(unsigned int status)
{
	(void)status;
	psci(SYSTEM_OFF);
}

void guest_reset(void)
{
	psci(SYSTEM_RESET);
}

void guest_off(void)
{
	psci(SYSTEM_OFF);
}

static uint32_t be32(const uint32_t *p)
{
	return __builtin_bswap32(*p);
}

static int equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static const char *bootargs(const uint32_t *dtb)
{
	const uint32_t *p = dtb + be32(dtb + 2) / 4;
	const char *names = (const char *)dtb + be32(dtb + 3);

	for (;;) {
		const uint32_t token = be32(p++);
		const char *name;

		if (token == 1) {		/* begin: skip the name */
			for (name = (const char *)p; *name; name++)
				;
			p += (name - (const char *)p) / 4 + 1;
		} else if (token == 3) {	/* property: len, name, data */
			if (equal(names + be32(p + 1), "bootargs"))
				return (const char *)(p + 2);
			p += 2 + (be32(p) + 3) / 4;
		} else if (token == 9) {
			return "";
		}
	}
}

void arm64_main(const uint32_t *dtb)
{
	guest_main(bootargs(dtb));
}
