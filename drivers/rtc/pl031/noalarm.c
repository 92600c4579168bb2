/* SPDX-License-Identifier: BSD-3-Clause */
/* In an image without interrupts: no alarm. */
#include "pl031_priv.h"

const struct uk_rtc_ops pl031_ops = {
	.get_time = pl031_get_time,
	.set_time = pl031_set_time,
};
