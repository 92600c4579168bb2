/* SPDX-License-Identifier: BSD-3-Clause */
/* Counters of calls, a pair for each that is provided and one for others. */
#include <uk/syscall.h>

#include "syscall_shim_priv.h"

#define NCOUNTED	(UK_SYSCALL_NIDS + 1u)

/* Atomic, relaxed: nothing else goes by them. */
static struct {
	uint64_t ncalls, nerrors;
} counts[NCOUNTED];

void syscall_shim_count(unsigned int id)
{
	if (id < NCOUNTED)
		__atomic_fetch_add(&counts[id].ncalls, 1, __ATOMIC_RELAXED);
}

void syscall_shim_count_error(unsigned int id)
{
	if (id < NCOUNTED)
		__atomic_fetch_add(&counts[id].nerrors, 1, __ATOMIC_RELAXED);
}

bool uk_syscall_stat(unsigned int id, struct uk_syscall_stat *stat)
{
	if (id >= NCOUNTED)
		return false;
	*stat = (struct uk_syscall_stat){
		.name = syscall_shim_names[id],
		.ncalls = __atomic_load_n(&counts[id].ncalls,
					  __ATOMIC_RELAXED),
		.nerrors = __atomic_load_n(&counts[id].nerrors,
					   __ATOMIC_RELAXED),
	};
	return true;
}
