/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_bootinfo;
struct uk_xen_suspend;
struct uk_xen_suspend_cpus;

/*
 * What an architecture does its own way: arch/<arch>.c.
 */

/* Is it Xen? On true, calls can be made from then on. */
bool xen_find(const struct uk_bootinfo *bi);

int64_t xen_call(uint64_t call, uint64_t a, uint64_t b, uint64_t c);

/* What Xen calls this CPU. */
uint32_t xen_vcpu_id(void);

/* Show something without a call; nothing where there is no such way. */
void xen_write_early(const char *buf, size_t len);

/* suspend.c: the parts in the order of their coming. */
struct xen_suspend_parts {
	struct uk_xen_suspend *first, *last;
};

void xen_suspend_add(struct xen_suspend_parts *to,
		     struct uk_xen_suspend *part);

/* As uk_xen_suspend(), where @call is what suspends. */
UK_MUST_USE
int xen_suspend(struct xen_suspend_parts *of, int (*call)(void),
		const struct uk_xen_suspend_cpus *cpus);
