/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Vectors are the same on all CPUs, so a line moves to another CPU by its
 * destination alone, and an interrupt under way is understood on either.
 * 176 of them are more than lines and messages of the machines this is for;
 * tables per CPU would buy more at the price of a protocol for moving.
 */
#include "apic_priv.h"

#include <uk/assert.h>
#include <uk/errno.h>

static bool is_taken(const struct apic_vectors *v, unsigned int vector)
{
	return v->taken[vector / 64] >> vector % 64 & 1;
}

static void flip(struct apic_vectors *v, unsigned int first, unsigned int n)
{
	for (unsigned int i = first; i < first + n; i++)
		v->taken[i / 64] ^= UINT64_C(1) << i % 64;
}

static bool all_free(const struct apic_vectors *v, unsigned int first,
		     unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (is_taken(v, first + i))
			return false;
	return true;
}

int apic_vectors_take(struct apic_vectors *v, unsigned int n)
{
	unsigned int size = 1;
	unsigned int first;

	UK_ASSERT(n >= 1 && n <= 32);

	while (size < n)
		size *= 2;
	first = (APIC_VECTOR_FIRST + size - 1) / size * size;
	for (; first + n <= APIC_VECTOR_LOCAL; first += size)
		if (all_free(v, first, n)) {
			flip(v, first, n);
			return (int)first;
		}
	return -ENOSPC;
}

void apic_vectors_give(struct apic_vectors *v, unsigned int first,
		       unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		UK_ASSERT(is_taken(v, first + i));

	flip(v, first, n);
}
