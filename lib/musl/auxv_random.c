/* SPDX-License-Identifier: BSD-3-Clause */
#include "musl_priv.h"

#include <uk/random.h>

const void *musl_random(void)
{
	static unsigned char bytes[16];

	uk_random_bytes(bytes, sizeof(bytes));
	return bytes;
}
