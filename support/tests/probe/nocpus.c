/* SPDX-License-Identifier: BSD-3-Clause */
/* In the place of cpus_arm64.c where other CPUs cannot be started yet. */
#include <stdio.h>

#include "probe.h"

int probe_cpus(void)
{
	printf("no cpus\n");
	return 1;
}
