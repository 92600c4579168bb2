/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arm64: Xen's tools neither save nor restore a domain there (xl of Xen 4.17
 * has no such command), so one that has stopped would never go on. Whoever
 * writes the order all the same is refused.
 */
#include "control_priv.h"

#include <uk/print.h>

bool xen_control_suspend(void)
{
	uk_pr_warn("the order \"suspend\" is not for this architecture");
	return true;
}
