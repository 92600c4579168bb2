/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* Each thread of the host process is a CPU that runs one context. */
#define UKARCH_THIS_CPU(var)						\
	(*(__typeof__(&(var)))((uintptr_t)&(var) + ukarch_percpu()))

extern __thread uintptr_t hosted_percpu;

/* Where it begins; and where it is if that is another, a thread's. */
extern __thread struct uk_current hosted_boot;
extern __thread struct uk_current *hosted_current;

static inline uintptr_t ukarch_percpu(void)
{
	return hosted_percpu;
}

static inline void ukarch_percpu_set(uintptr_t distance)
{
	hosted_percpu = distance;
}

static inline struct uk_current *ukarch_current(void)
{
	return hosted_current ? hosted_current : &hosted_boot;
}

static inline void ukarch_current_set(struct uk_current *cur)
{
	hosted_current = cur;
}
