/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdlib.h>

int abs(int val)
{
	return val < 0 ? -val : val;
}

long labs(long val)
{
	return val < 0 ? -val : val;
}

long long llabs(long long val)
{
	return val < 0 ? -val : val;
}

intmax_t imaxabs(intmax_t val)
{
	return val < 0 ? -val : val;
}

div_t div(int num, int den)
{
	return (div_t){ num / den, num % den };
}

ldiv_t ldiv(long num, long den)
{
	return (ldiv_t){ num / den, num % den };
}

lldiv_t lldiv(long long num, long long den)
{
	return (lldiv_t){ num / den, num % den };
}

imaxdiv_t imaxdiv(intmax_t num, intmax_t den)
{
	return (imaxdiv_t){ num / den, num % den };
}
