/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whole numbers of any length, for exact conversion between powers of two and
 * powers of ten: the few operations that printf() and strtod() need.
 *
 * A number is @n words of 32 bits, the lowest first, in the caller's memory;
 * the highest is not 0, and 0 has no words. Each function works in place and
 * returns the new number of words; the caller knows from the sizes of its
 * formats how many there can be.
 */

/* @num * @mul + @add. */
size_t nolibc_big_muladd(uint32_t *num, size_t n, uint32_t mul, uint32_t add);
/* @num / @div, rounded down; the remainder goes to @rem. */
size_t nolibc_big_div(uint32_t *num, size_t n, uint32_t div, uint32_t *rem);

/* @num * 5^@power. */
size_t nolibc_big_mul5(uint32_t *num, size_t n, unsigned int power);
/* @num / 5^@power, rounded down; @sticky becomes true if that lost anything. */
size_t nolibc_big_div5(uint32_t *num, size_t n, unsigned int power,
		       bool *sticky);

/* @num * 2^@bits. */
size_t nolibc_big_shl(uint32_t *num, size_t n, unsigned int bits);
/*
 * @num / 2^@bits, rounded to nearest, ties to even. If @sticky is true, the
 * number was a bit (less than 1) more than @num says; it becomes true if the
 * result is not exact.
 */
size_t nolibc_big_shr(uint32_t *num, size_t n, unsigned int bits,
		      bool *sticky);

/* Bits without leading zeros. */
unsigned int nolibc_big_bits(const uint32_t *num, size_t n);
