/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "probe.h"

int probe_again(int left)
{
	(void)left;
	printf("probe: built without \"again\"\n");
	return 1;
}
