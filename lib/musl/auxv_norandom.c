/* SPDX-License-Identifier: BSD-3-Clause */
#include "musl_priv.h"

/* No lib/ukrandom in the image: no AT_RANDOM, which programs must expect. */
const void *musl_random(void)
{
	return NULL;
}
