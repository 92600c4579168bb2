/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "float.h"

/*
 * The decimal digits of a floating-point value, rounded exactly.
 *
 * They are kept nine to a word, most significant word first, in the memory
 * the caller gave; the first word may hold fewer.
 */
struct nolibc_digits {
	const uint32_t *groups;
	unsigned int head;	/* digits in the first group */
	unsigned int n;		/* digits; 0 for the value 0 */
	int exp;		/* the first digit stands for 10^exp */
};

/*
 * The digits of @val, which is finite, down to 10^-@places (at least 0), or
 * all of them if it ends earlier. @words: NOLIBC_…_WORDS of the type.
 */
void nolibc_digits_fixed(const struct nolibc_float *val, int places,
			 uint32_t *words, size_t nwords,
			 struct nolibc_digits *digits);

/* The first @count digits (at least 1), or fewer if it ends earlier. */
void nolibc_digits_first(const struct nolibc_float *val, int count,
			 uint32_t *words, size_t nwords,
			 struct nolibc_digits *digits);

/* Leave out the zeros at the end. */
void nolibc_digits_strip(struct nolibc_digits *digits);

/* Digit number @i, as a character; '0' beyond the last. */
char nolibc_digit(const struct nolibc_digits *digits, unsigned int i);
