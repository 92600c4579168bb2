/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Faults on purpose. Each must end in the crash screen with its cause in
 * words; the boot tests know which. Where an architecture has no such fault
 * (arm64 divides by zero in peace) the name does not exist there.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/assert.h>
#include <uk/crash.h>
#include <uk/pagetable.h>
#include <uk/sink.h>

#include "probe.h"

/* Volatile, so that the compiler neither knows nor removes anything. */
static volatile uintptr_t null;
static const int constants[4] = { 42 };
static volatile uint32_t data_words[4];

static void null_read(void)
{
	printf("%d\n", *(volatile int *)(null + 8));
}

static void null_write(void)
{
	*(volatile int *)null = 1;
}

static void null_call(void)
{
	((void (*)(void))null)();
}

static void rodata_write(void)
{
	*(volatile int *)((uintptr_t)constants + null) = 1;
}

static void text_write(void)
{
	*(volatile uint8_t *)(uintptr_t)&null_read = 0;
}

static void data_exec(void)
{
	((void (*)(void))(uintptr_t)data_words)();
}

static void stack_exec(void)
{
	volatile uint32_t code[4] = { 0 };

	((void (*)(void))(uintptr_t)code)();
	data_words[0] = code[0];
}

static void heap_exec(void)
{
	volatile uint32_t *const code = malloc(64);

	if (!code)
		return;
	code[0] = data_words[0];
	((void (*)(void))(uintptr_t)code)();
}

/* The same memory once more, where all memory is. */
static void *linear(const void *vaddr)
{
	struct uk_paging_leaf leaf;

	if (uk_paging_find(uk_paging_kernel(), (uintptr_t)vaddr, &leaf) < 0)
		return NULL;
	return uk_phys_to_virt(leaf.paddr + ((uintptr_t)vaddr - leaf.vaddr));
}

static void alias_write(void)
{
	*(volatile uint8_t *)linear((const void *)(uintptr_t)&null_read) = 0;
}

static void alias_exec(void)
{
	((void (*)(void))(uintptr_t)
	 linear((const void *)(uintptr_t)&null_read))();
}

/* Far from everything that is mapped, in the half of the image. */
static void wild_read(void)
{
	printf("%d\n", *(volatile int *)(null + UINT64_C(0xffffffffffff8000)));
}

/* Each frame needs the one it called, so none can go. */
static int recurse(volatile char *outer)
{
	volatile char frame[1024];

	frame[0] = outer[0];
	return recurse(frame) + frame[0];
}

static void stack_overflow(void)
{
	volatile char c = 1;

	printf("%d\n", recurse(&c));
}

#if defined(__x86_64__)
#define UNDEFINED	"ud2"
#else
#define UNDEFINED	"udf #7"
#endif

static void undefined(void)
{
	__asm__ volatile(UNDEFINED);
}

static void assertion(void)
{
	UK_ASSERT(null == 1);
}

static void deliberate(void)
{
	uk_crash("deliberate, with %d and %s", 42, "text");
}

/* Faults in a sink: that many writes to it, after so many that succeed. */
static int good_writes, faulty_writes;

static void write_faults(struct uk_sink *sink, const char *buf, size_t len)
{
	(void)sink;
	(void)buf;
	(void)len;
	if (faulty_writes > 0 && good_writes-- <= 0) {
		faulty_writes--;
		undefined();
	}
}

static void crash_with_faulty_writes(int good, int faulty)
{
	static struct uk_sink sink = {
		.write = write_faults,
		.level = UK_SINK_CONSOLE,
	};

	uk_sink_register(&sink);
	good_writes = good;
	faulty_writes = faulty;
	null_read();
}

static void crash_twice(void)
{
	crash_with_faulty_writes(4, 1);
}

/* Before anything is shown. */
static void crash_at_once(void)
{
	crash_with_faulty_writes(0, 1000);
}

#if defined(__x86_64__)
static void divide(void)
{
	__asm__ volatile("xorl %%ecx, %%ecx\n\t"
			 "xorl %%edx, %%edx\n\t"
			 "movl $1, %%eax\n\t"
			 "divl %%ecx" ::: "eax", "ecx", "edx", "cc");
}

static void noncanonical(void)
{
	printf("%d\n", *(volatile int *)(null + UINT64_C(0x8000000000000000)));
}

static void breakpoint(void)
{
	__asm__ volatile("int3");
}
#else
static void breakpoint(void)
{
	__asm__ volatile("brk #7");
}

static void supervisor_call(void)
{
	__asm__ volatile("svc #7");
}
#endif

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "null-read", null_read },
	{ "null-write", null_write },
	{ "null-call", null_call },
	{ "rodata-write", rodata_write },
	{ "text-write", text_write },
	{ "data-exec", data_exec },
	{ "stack-exec", stack_exec },
	{ "heap-exec", heap_exec },
	{ "alias-write", alias_write },
	{ "alias-exec", alias_exec },
	{ "wild-read", wild_read },
	{ "stack-overflow", stack_overflow },
	{ "undefined", undefined },
	{ "breakpoint", breakpoint },
	{ "assert", assertion },
	{ "crash", deliberate },
	{ "smash", probe_smash },
	{ "crash-twice", crash_twice },
	{ "crash-at-once", crash_at_once },
#if defined(__x86_64__)
	{ "divide", divide },
	{ "noncanonical", noncanonical },
#else
	{ "svc", supervisor_call },
#endif
};

void probe_fault(const char *name)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (strcmp(faults[i].name, name) == 0) {
			faults[i].commit();
			printf("still alive\n");
			return;
		}
	}
}
