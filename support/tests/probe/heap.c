/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that is used wrongly, for the heap that is watched
 * (CONFIG_LIBUKALLOC_DEBUG): each must end by naming block and callers. And
 * all the memory there is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

/* Volatile, so that the compiler neither knows nor removes anything. */
static char *volatile kept[4];
static volatile size_t len = 40;

static char *get(void)
{
	char *const block = malloc(len);

	memset(block, 'x', len);
	return block;
}

static void give(char *block)
{
	free(block);
	printf("freed\n");
}

static void overflow(void)
{
	kept[0] = get();
	kept[0][len] = 'y';
	give(kept[0]);
}

static void underflow(void)
{
	kept[0] = get();
	kept[0][-1] = 'y';
	give(kept[0]);
}

static void after_free(void)
{
	kept[0] = get();
	give(kept[0]);
	kept[0][7] = 'y';
}

/* Only where it is out of reach; there is no trace of it otherwise. */
static void read_after_free(void)
{
	kept[0] = get();
	give(kept[0]);
	printf("0x%02x\n", (unsigned char)kept[0][7]);
}

static void twice(void)
{
	kept[0] = get();
	give(kept[0]);
	give(kept[0]);
}

static void interior(void)
{
	kept[0] = get();
	give(kept[0] + 16);
}

/* One call, which is not unrolled into several. */
static void small_leak(void)
{
	for (volatile unsigned int i = 0; i < 3; i++)
		kept[i] = malloc(100);
}

static void large_leak(void)
{
	kept[3] = malloc(1000);
}

static void leak(void)
{
	small_leak();
	large_leak();
	free(malloc(2000));
}

/* Blocks until there are no more, each with the address of the one before. */
static size_t take_small(void ***last)
{
	size_t sum = 0;

	for (unsigned int i = 0;; i++) {
		const size_t size = 16 + i * 37 % 1500;
		void **const block = malloc(size);

		if (!block)
			return sum;
		*block = *last;
		*last = block;
		sum += size;
	}
}

static void give_small(void **last)
{
	while (last) {
		void **const block = last;

		last = *block;
		free(block);
	}
}

/* 130 GiB of addresses, for those who use each once: of 128. */
static void addresses(void)
{
	for (unsigned int i = 0; i < 130; i++) {
		void *block = NULL;

		if (posix_memalign(&block, (size_t)1 << 30, 40)) {
			printf("no block %u\n", i);
			exit(1);
		}
		free(block);
	}
}

/* What a machine's heap is good for: all, in any form, again and again. */
static void all(void)
{
	for (unsigned int round = 0; round < 3; round++) {
		void **last = NULL, *block = NULL;
		const size_t sum = take_small(&last);
		size_t whole = sum;

		give_small(last);
		while (!(block = malloc(whole)))
			whole -= whole / 64 + 1;
		printf("round %u: %zu bytes in small blocks, %zu in one\n",
		       round, sum, whole);
		free(block);
	}
}

/* All, in blocks as large as there are, and none of it is touched. */
static void untouched(void)
{
	size_t sum = 0;

	for (size_t size = (size_t)1 << 42; size >= 1 << 16; size /= 2) {
		for (;;) {
			kept[0] = malloc(size);
			if (!kept[0])
				break;
			sum += size;
		}
	}
	printf("%zu KiB untouched\n", sum >> 10);
}

static const struct {
	const char *name;
	void (*fn)(void);
} uses[] = {
	{ "overflow", overflow }, { "underflow", underflow },
	{ "after-free", after_free }, { "read-after-free", read_after_free },
	{ "twice", twice },
	{ "interior", interior }, { "leak", leak }, { "all", all },
	{ "addresses", addresses }, { "untouched", untouched },
};

int probe_heap(const char *name)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (strcmp(uses[i].name, name))
			continue;
		uses[i].fn();
		return 0;
	}
	return 1;
}
