/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The n-th request for memory fails. A request is a call that may say that
 * there is no memory: each of malloc, calloc, memalign and palloc, and realloc
 * if it is not to free.
 *
 * A request is a library's if the code that calls the allocator is: the image
 * knows by address what code is whose (CONFIG_LIBUKDEBUG_SYMBOLS). Compiling a
 * name into each call would tell no more, and change an interface that others
 * are built against. What a program asks its libc for is the libc's.
 */
#include "debug_priv.h"

#include <uk/log.h>
#include <uk/string.h>
#include <uk/symbol.h>

struct alloc_fail alloc_fail;

/* As text, in the image that knows names and in the one that does not. */
static void tell(uint32_t n, size_t size, uintptr_t site)
{
	struct uk_symbol sym;

	if (uk_symbol_find(site - 1, &sym))
		uk_log_plain("kiln: ukalloc.fail_nth: request %u fails, %zu "
			     "bytes for %s+%#lx of %s", n, size, sym.name,
			     sym.offset + 1, sym.lib);
	else
		uk_log_plain("kiln: ukalloc.fail_nth: request %u fails, %zu "
			     "bytes for 0x%016lx", n, size, site);
}

static bool counts(uintptr_t site)
{
	struct uk_symbol sym;

	if (!alloc_fail.lib)
		return true;
	return uk_symbol_find(site - 1, &sym) &&
	       uk_streq(sym.lib, alloc_fail.lib);
}

bool alloc_fail_now(size_t size, uintptr_t site)
{
	uint32_t n;

	if (!alloc_fail.nth || !counts(site))
		return false;
	n = __atomic_add_fetch(&alloc_fail.count, 1, __ATOMIC_RELAXED);
	if (n < alloc_fail.nth || (n > alloc_fail.nth &&
				   !alloc_fail.persistent))
		return false;
	tell(n, size, site);
	return true;
}
