/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own PIT. */
#include "pit_priv.h"

#include <stddef.h>

#include <uk/bits/arch/ioport.h>
#include <uk/init.h>

const struct pit_io pit_ports = {
	.in = ukarch_in8,
	.out = ukarch_out8,
};

static struct pit pit = {
	.io = &pit_ports,
	.clock = {
		.name = "pit",
		.rating = UK_CLOCK_LAST_RESORT,
		.bits = 16,
		.hz = PIT_HZ,
		.start = pit_start,
		.read = pit_read,
	},
};

static int ports_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_clock_register(&pit.clock);
	return 0;
}

UK_INIT(CPU, ports_init, NULL);
