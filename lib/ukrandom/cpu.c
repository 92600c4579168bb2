/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The CPU's random instruction, as far as it can be believed: one that fails
 * gives nothing, and a broken one gives one value for ever, which is mixed in
 * and not counted.
 */
#include "random_priv.h"

#include <uk/random.h>
#include <uk/string.h>

unsigned int random_cpu(uint64_t word[RANDOM_CPU], bool (*draw)(uint64_t *))
{
	bool differ = false;

	memset(word, 0, RANDOM_CPU * sizeof(*word));
	for (unsigned int i = 0; i < RANDOM_CPU; i++) {
		if (!draw(&word[i]))
			return 0;
		differ |= word[i] != word[0];
	}
	return differ ? UK_RANDOM_READY : 0;
}
