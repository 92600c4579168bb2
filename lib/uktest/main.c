/* SPDX-License-Identifier: BSD-3-Clause */
/* The run that a test image's main() starts: its parameters, its console. */
#include "uktest_priv.h"

#include <uk/console.h>
#include <uk/libparam.h>

/* What an exit status has room for beside the ones with a meaning. */
#define MAX_STATUS	125u

/* The table, by the linker script. */
extern const struct uk_test_case uk_test_start[], uk_test_end[];

static const char *filter = "";
static bool list;
static uint32_t limit_ms = 10000;

UK_LIBPARAM(filter, str, &filter, "Cases: suite[.name],... with * and ?");
UK_LIBPARAM(list, bool, &list, "Print the names of the cases, run none");
UK_LIBPARAM(limit_ms, u32, &limit_ms, "Longest time of a case, 0: no limit");

int uk_test_run_all(void)
{
	const struct uktest_conf conf = {
		.filter = filter,
		.list = list,
		.limit_ms = limit_ms,
		.out = uk_console_out,
	};
	const unsigned int n = uktest_run(uk_test_start, uk_test_end, &conf);

	return (int)(n > MAX_STATUS ? MAX_STATUS : n);
}
