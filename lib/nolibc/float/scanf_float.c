/* SPDX-License-Identifier: BSD-3-Clause */
#include "../stdio/scanf.h"

#include "float.h"

/* Is what was taken all of a number? */
static bool scan(struct nolibc_scan *in, const struct nolibc_float_type *type,
		 uint32_t *words, struct nolibc_float *val)
{
	bool range = false;
	const size_t len = nolibc_scan_float(in, type, words, val, &range);

	return len && len == in->taken;
}

/* A function of its own: the words are 5 KiB of stack. */
__attribute__((noinline))
static bool scan_ldouble(struct nolibc_scan *in, long double *to)
{
	uint32_t words[NOLIBC_LDOUBLE_WORDS];
	struct nolibc_float val;

	if (!scan(in, &nolibc_ldouble_type, words, &val))
		return false;
	if (to)
		*to = nolibc_ldouble_pack(&val);
	return true;
}

bool nolibc_scanf_float(struct nolibc_scan *in, enum nolibc_scanf_len len,
			void *to)
{
	uint32_t words[NOLIBC_DOUBLE_WORDS];
	struct nolibc_float val;

	switch (len) {
	case NOLIBC_SCANF_NONE:
		if (!scan(in, &nolibc_float_type, words, &val))
			return false;
		if (to)
			*(float *)to = nolibc_float_pack(&val);
		return true;
	case NOLIBC_SCANF_L:
		if (!scan(in, &nolibc_double_type, words, &val))
			return false;
		if (to)
			*(double *)to = nolibc_double_pack(&val);
		return true;
	case NOLIBC_SCANF_CAPL:
		return scan_ldouble(in, to);
	default:
		return false;
	}
}
