/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* libFuzzer calls it with each input; the result is 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise of the code under test; a broken one stops the fuzzer here. */
#define FUZZ_EXPECT(cond)						\
	do {								\
		if (!(cond))						\
			__builtin_trap();				\
	} while (0)

/* Takes numbers off the input; zeros when it is used up. */
struct fuzz_input {
	const uint8_t *data;
	size_t left;
};

static inline uint64_t fuzz_take(struct fuzz_input *in, size_t nbytes)
{
	uint64_t val = 0;

	for (size_t i = 0; i < nbytes && in->left > 0; i++) {
		val |= (uint64_t)*in->data++ << (8 * i);
		in->left--;
	}
	return val;
}
