/* SPDX-License-Identifier: BSD-3-Clause */
/* In an image without interrupts: no alarm. */
#include "cmos_priv.h"

const struct uk_rtc_ops cmos_ops = {
	.get_time = cmos_get_time,
	.set_time = cmos_set_time,
};
