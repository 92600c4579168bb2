/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/test.h>

/* Is this a domain of Xen? image_fdt.c */
bool lcpu_fdt_on_xen(void);

/*
 * Xen's GIC has as many lines as the domain has devices, and no messages: there
 * is none that a CPU could raise.
 */
#define NEED_LINES()							\
	do {								\
		if (lcpu_fdt_on_xen())					\
			UK_TEST_SKIP("no line that is free on Xen");	\
	} while (0)
