/* SPDX-License-Identifier: BSD-3-Clause */
#include <strings.h>

int ffs(int val)
{
	return __builtin_ffs(val);
}

int ffsl(long val)
{
	return __builtin_ffsl(val);
}

int ffsll(long long val)
{
	return __builtin_ffsll(val);
}
