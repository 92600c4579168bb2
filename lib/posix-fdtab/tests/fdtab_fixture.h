/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/file.h>

/* A file of no kind that counts its releases. */
struct plain {
	struct uk_file file;
	uint32_t nreleases;	/* atomic */
};

static inline void plain_release(struct uk_file *file)
{
	__atomic_fetch_add(&UK_CONTAINER_OF(file, struct plain,
					    file)->nreleases,
			   1, __ATOMIC_RELAXED);
}

/* With one reference, the caller's. */
static inline void plain_init(struct plain *p)
{
	static const struct uk_file_ops ops = {
		.kind = "plain", .release = plain_release,
	};

	p->nreleases = 0;
	uk_file_init(&p->file, &ops, true, true);
}
