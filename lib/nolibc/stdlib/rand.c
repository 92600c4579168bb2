/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Marsaglia's 32-bit xorshift (Journal of Statistical Software 8, 14), its
 * output multiplied by an odd number because the plain one's low bits are
 * weak. It never leaves 0, so a seed is moved away from there.
 */
#include <stdlib.h>

static unsigned int state = 1;

int rand_r(unsigned int *seed)
{
	unsigned int x = *seed ? *seed : 0x9e3779b9u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*seed = x;
	return (int)(x * 0x2c9277b5u >> 1);
}

int rand(void)
{
	return rand_r(&state);
}

void srand(unsigned int seed)
{
	state = seed;
}
