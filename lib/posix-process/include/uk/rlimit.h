/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/abi/resource.h>

/*
 * The limits of the process: setrlimit(2). The soft one of @resource, one of
 * UK_ABI_RLIMIT_…; UK_ABI_RLIM_INFINITY: none. Context: any.
 */
uint64_t uk_rlimit(unsigned int resource);
