/* SPDX-License-Identifier: BSD-3-Clause */
/* The binary buddy allocator as the default heap. */
#include <uk/heapmem.h>
#include <uk/init.h>

#include "allocbbuddy_priv.h"

static int heap_init(const struct uk_boot_ctx *ctx)
{
	return uk_heapmem_give(ctx->bi, allocbbuddy_init);
}

UK_INIT(MEM, heap_init, NULL);
