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
 *
 * A request is a function's if that is among the callers that are remembered
 * for a block: so a program's function has what it asks its libc for. With an
 * offset it is that one call, as messages of this layer have it.
 */
#include "debug_priv.h"

#include <uk/errno.h>
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

int alloc_fail_parse(void)
{
	const char *const site = alloc_fail.site;
	const char *const plus = uk_strchr(site, '+');

	alloc_fail.name_len = plus ? (size_t)(plus - site) : uk_strlen(site);
	alloc_fail.offset = 0;
	if (plus && (!uk_strprefix(plus, "+0x") ||
		     uk_strtou64(plus + 3, uk_strlen(plus + 3), 16,
				 &alloc_fail.offset) < 0 ||
		     alloc_fail.offset == 0))
		return -EINVAL;
	return uk_symbol_has_func(site, alloc_fail.name_len) ? 0 : -EINVAL;
}

static bool of_lib(uintptr_t site)
{
	struct uk_symbol sym;

	return uk_symbol_find(site - 1, &sym) &&
	       uk_streq(sym.lib, alloc_fail.lib);
}

static bool of_site(const struct alloc_sites *sites)
{
	struct uk_symbol sym;

	for (unsigned int i = 0; i < ALLOC_NSITES && sites->at[i]; i++)
		if (uk_symbol_find(sites->at[i] - 1, &sym) &&
		    uk_streq_n(alloc_fail.site, alloc_fail.name_len,
			       sym.name) &&
		    (alloc_fail.offset == 0 ||
		     alloc_fail.offset == sym.offset + 1))
			return true;
	return false;
}

static bool counts(const struct alloc_sites *sites)
{
	return (!alloc_fail.lib || of_lib(sites->at[0])) &&
	       (!alloc_fail.site || of_site(sites));
}

bool alloc_fail_now(size_t size, const struct alloc_sites *sites)
{
	uint32_t n;

	if (!alloc_fail.nth || !counts(sites))
		return false;
	n = __atomic_add_fetch(&alloc_fail.count, 1, __ATOMIC_RELAXED);
	if (n < alloc_fail.nth || (n > alloc_fail.nth &&
				   !alloc_fail.persistent))
		return false;
	tell(n, size, sites->at[0]);
	return true;
}
