/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/abi/resource.h>
#include <uk/event.h>

/*
 * The limits of the process: setrlimit(2). The soft one of @resource, one of
 * UK_ABI_RLIMIT_…; UK_ABI_RLIM_INFINITY: none. Context: any.
 */
uint64_t uk_rlimit(unsigned int resource);

/* The same of its hard limit. */
uint64_t uk_rlimit_max(unsigned int resource);

/*
 * Raised after the limit of a resource has been set, with a const unsigned int
 * *, the resource: who keeps a copy of uk_rlimit() reads it anew. Two may be
 * set at once, so it does so under a lock of its own. Context: thread.
 */
UK_EVENT_DECLARE(uk_rlimit_set);
