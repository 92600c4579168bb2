/* SPDX-License-Identifier: BSD-3-Clause */
/* System calls that do nothing, each way to make them between markers. */
#include <stddef.h>
#include <stdio.h>

#include <mark.h>
#include <uk/config.h>
#include <uk/syscall.h>

/* ../calls.py divides by it. */
#define REPEAT	1024u

static void direct(void)
{
	for (unsigned int i = 0; i < REPEAT; i++)
		(void)uk_syscall_r_static(SYS_vhangup);
}

static void direct_counted(void)
{
	for (unsigned int i = 0; i < REPEAT; i++)
		(void)uk_syscall_r_static(SYS_swapoff, NULL);
}

static void by_number(void)
{
	for (unsigned int i = 0; i < REPEAT; i++)
		(void)uk_syscall_r(SYS_vhangup);
}

#if CONFIG_ARCH_X86_64
static inline void trap(long nr)
{
	__asm__ volatile("syscall"
			 : "+a"(nr) : "D"(0) : "rcx", "r11", "memory");
}
#else
static inline void trap(long nr)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = 0;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8) : "memory");
}
#endif

static void trapped(void)
{
	for (unsigned int i = 0; i < REPEAT; i++)
		trap(SYS_vhangup);
}

static void trapped_counted(void)
{
	for (unsigned int i = 0; i < REPEAT; i++)
		trap(SYS_swapoff);
}

static const struct {
	const char *name;
	void (*run)(void);
} works[] = {
	{ "direct", direct },
	{ "direct-counted", direct_counted },
	{ "by-number", by_number },
	{ "trapped", trapped },
	{ "trapped-counted", trapped_counted },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
		printf("bench %s\n", works[i].name);
		MARK(1);
		works[i].run();
		MARK(2);
	}
	return 0;
}
