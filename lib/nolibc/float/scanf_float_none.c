/* SPDX-License-Identifier: BSD-3-Clause */
#include "../stdio/scanf.h"

bool nolibc_scanf_float(struct nolibc_scan *in, enum nolibc_scanf_len len,
			void *to)
{
	(void)in;
	(void)len;
	(void)to;
	return false;
}
