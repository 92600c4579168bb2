/* SPDX-License-Identifier: BSD-3-Clause */
/* In the place of cpus.c: there is one CPU. */
#include "slab_priv.h"

void slab_reclaim_others(struct uk_alloc *a UK_UNUSED)
{
}
