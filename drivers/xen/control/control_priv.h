/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>
#include <uk/plat/terminate.h>

/*
 * What @word orders (docs/misc/xenstore-paths of Xen, ~/control/shutdown).
 * Returns 0 and sets *@how, or
 *   -ENOENT   nothing
 *   -ENOTSUP  something else than an end
 */
UK_MUST_USE int xen_control_order(const char *word, enum uk_end *how);
