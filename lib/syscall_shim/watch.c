/* SPDX-License-Identifier: BSD-3-Clause */
/* Tells of each call those options of the image that want to know. */
#include <uk/syscall.h>

#include <uk/config.h>

#include "syscall_shim_priv.h"

#define NAME(name, nargs)	[UK_SYSCALL_ID_##name] = #name,

const char *const syscall_shim_names[UK_SYSCALL_NIDS + 1] = {
	UK_SYSCALL_IDS(NAME)
	[UK_SYSCALL_NIDS] = "",
};

void uk_syscall_begins_(unsigned int id, const long *args)
{
	if (UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_STATS))
		syscall_shim_count(id);
	if (UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_STRACE))
		syscall_shim_trace_begin(id, args);
}

void uk_syscall_ends_(unsigned int id, const long *args, long ret)
{
	if (UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_STATS) &&
	    uk_syscall_is_err(ret))
		syscall_shim_count_error(id);
	if (UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_STRACE))
		syscall_shim_trace_end(id, args, ret);
}

void syscall_shim_watch_nosys(long nr)
{
	if (UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_STATS)) {
		syscall_shim_count(UK_SYSCALL_NIDS);
		syscall_shim_count_error(UK_SYSCALL_NIDS);
	}
	if (UK_IS_ENABLED(CONFIG_LIBSYSCALL_SHIM_STRACE))
		syscall_shim_trace_nosys(nr);
}
