/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a call may write in its program's memory. */
#define OUTPUTS_MAX	4u

struct outputs {
	bool anywhere;		/* it is not known */
	unsigned int n;
	struct {
		uint64_t addr, len;
	} of[OUTPUTS_MAX];
};

/* Those of call @nr with @args. */
void outputs_find(struct outputs *o, long nr, const long *args);

bool outputs_have(const struct outputs *o, uint64_t addr, size_t len);
