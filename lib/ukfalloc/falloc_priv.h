/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Which requests are to fail, for CONFIG_LIBUKFALLOC_FAIL. */
struct falloc_fail {
	uint32_t nth;		/* 0: none */
	uint32_t count;		/* requests so far; atomic, relaxed */
	bool persistent;	/* and all that follow it */
};

extern struct falloc_fail falloc_fail;
