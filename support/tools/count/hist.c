/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A hash table with open addressing, never resized: QEMU's translated code
 * holds pointers to the slots.
 */
#include "hist.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define BITS	20u
#define NSLOTS	(1u << BITS)
#define NMAX	(NSLOTS / 4 * 3)

static struct {
	struct {
		uint64_t pc;
		uint64_t count;
	} *slots;
	unsigned int used;
	uint64_t overflow;
} hist;

bool hist_init(void)
{
	hist.slots = calloc(NSLOTS, sizeof(*hist.slots));
	return hist.slots != NULL;
}

uint64_t *hist_slot(uint64_t pc)
{
	/* Fibonacci hashing: 2^64 divided by the golden ratio. */
	unsigned int i = (unsigned int)((pc * UINT64_C(0x9e3779b97f4a7c15)) >>
					(64 - BITS));

	while (hist.slots[i].pc && hist.slots[i].pc != pc)
		i = (i + 1) % NSLOTS;
	if (!hist.slots[i].pc) {
		if (pc == 0 || hist.used == NMAX)
			return &hist.overflow;
		hist.used++;
		hist.slots[i].pc = pc;
	}
	return &hist.slots[i].count;
}

void hist_clear(void)
{
	for (unsigned int i = 0; i < NSLOTS; i++)
		hist.slots[i].count = 0;
	hist.overflow = 0;
}

bool hist_write(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return false;
	for (unsigned int i = 0; i < NSLOTS; i++) {
		if (hist.slots[i].count)
			fprintf(file, "%" PRIx64 " %" PRIu64 "\n",
				hist.slots[i].pc, hist.slots[i].count);
	}
	if (hist.overflow)
		fprintf(file, "0 %" PRIu64 "\n", hist.overflow);
	return fclose(file) == 0;
}
