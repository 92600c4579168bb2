/* SPDX-License-Identifier: BSD-3-Clause */
/* In the place of stack.c in an image without CONFIG_LIBUKSP. */
#include <stdio.h>

#include "probe.h"

int probe_canary(void)
{
	printf("no canary\n");
	return 1;
}

void probe_smash(void)
{
	printf("no canary\n");
}
