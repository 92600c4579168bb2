/* SPDX-License-Identifier: BSD-3-Clause */
/* Somebody asks for the time before main(): a clock is found and measured. */
#include <stddef.h>

#include <uk/init.h>
#include <uk/time.h>

static int ask(const struct uk_boot_ctx *ctx)
{
	(void)ctx;
	(void)uk_time_now();
	return 0;
}

UK_INIT(LATE, ask, NULL);

int main(void)
{
	return 0;
}
