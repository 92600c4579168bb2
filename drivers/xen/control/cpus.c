/* SPDX-License-Identifier: BSD-3-Clause */
#include "control_priv.h"

#include <uk/lcpu.h>
#include <uk/xen_suspend.h>

const struct uk_xen_suspend_cpus xen_control_cpus = {
	.hold = uk_lcpu_hold_others,
	.let_go = uk_lcpu_let_go,
};
