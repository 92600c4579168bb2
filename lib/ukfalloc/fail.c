/* SPDX-License-Identifier: BSD-3-Clause */
/* The n-th request for frames fails, as if there were none. */
#include <uk/falloc.h>

#include <uk/libparam.h>
#include <uk/log.h>
#include <uk/symbol.h>

#include "falloc_priv.h"

struct falloc_fail falloc_fail;

UK_LIBPARAM(fail_nth, u32, &falloc_fail.nth,
	    "Have this request for frames fail, from 1 on; 0 none");
UK_LIBPARAM(fail_persistent, bool, &falloc_fail.persistent,
	    "Have all requests after that fail too");

bool uk_falloc_fail_(unsigned long nframes)
{
	const uintptr_t site = (uintptr_t)__builtin_return_address(0);
	struct uk_symbol sym;
	uint32_t n;

	if (!falloc_fail.nth)
		return false;
	n = __atomic_add_fetch(&falloc_fail.count, 1, __ATOMIC_RELAXED);
	if (n < falloc_fail.nth ||
	    (n > falloc_fail.nth && !falloc_fail.persistent))
		return false;
	if (uk_symbol_find(site - 1, &sym))
		uk_log_plain("kiln: ukfalloc.fail_nth: request %u fails, %lu "
			     "frames for %s+%#lx of %s", n, nframes, sym.name,
			     sym.offset + 1, sym.lib);
	else
		uk_log_plain("kiln: ukfalloc.fail_nth: request %u fails, %lu "
			     "frames for 0x%016lx", n, nframes, site);
	return true;
}
