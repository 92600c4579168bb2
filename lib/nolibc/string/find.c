/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Strings in strings, by the two-way method (Crochemore and Perrin, Journal
 * of the ACM 38, 1991): linear time whatever the needle, and no memory.
 *
 * The needle is cut at a critical place: where its largest suffix begins, by
 * the order of bytes or by the reverse order, whichever is later. The right
 * part is compared first, forwards; a mismatch there shifts by as much as
 * matched. Then the left part, backwards; a mismatch there shifts by the
 * needle's period, and what is then known to match is remembered.
 */
#include <string.h>

#include <stdint.h>

typedef unsigned char byte;

/* Where the largest suffix of @x begins, and its period. */
static size_t largest_suffix(const byte *x, size_t len, int reverse,
			     size_t *period)
{
	size_t start = 0, next = 1, k = 0, p = 1;

	while (next + k < len) {
		const byte a = x[next + k], b = x[start + k];

		if (a == b) {
			if (++k == p) {
				next += p;
				k = 0;
			}
		} else if ((a < b) != reverse) {
			next += k + 1;
			k = 0;
			p = next - start;
		} else {
			start = next++;
			k = 0;
			p = 1;
		}
	}
	*period = p;
	return start;
}

static size_t cut_of(const byte *x, size_t len, size_t *period)
{
	size_t p, q;
	const size_t i = largest_suffix(x, len, 0, &p);
	const size_t j = largest_suffix(x, len, 1, &q);

	*period = i > j ? p : q;
	return i > j ? i : j;
}

void *memmem(const void *hay, size_t hay_len, const void *needle,
	     size_t needle_len)
{
	const byte *x = needle, *y = hay;
	size_t cut, period, known = 0, at = 0;
	int periodic;

	if (needle_len == 0)
		return (void *)(uintptr_t)hay;
	cut = cut_of(x, needle_len, &period);
	periodic = cut + period <= needle_len &&
		   memcmp(x, x + period, cut) == 0;
	if (!periodic)
		period = (cut > needle_len - cut ? cut : needle_len - cut) + 1;

	while (at + needle_len <= hay_len) {
		size_t i = cut > known ? cut : known;

		while (i < needle_len && x[i] == y[at + i])
			i++;
		if (i < needle_len) {
			at += i - cut + 1;
			known = 0;
			continue;
		}
		i = cut;
		while (i > known && x[i - 1] == y[at + i - 1])
			i--;
		if (i <= known)
			return (void *)(uintptr_t)(y + at);
		at += period;
		known = periodic ? needle_len - period : 0;
	}
	return NULL;
}

char *strstr(const char *hay, const char *needle)
{
	return memmem(hay, strlen(hay), needle, strlen(needle));
}
