/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of the layer, and what it does at both ends of the image. */
#include "debug_priv.h"

#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/libparam.h>
#include <uk/print.h>
#include <uk/symbol.h>

#define LEVEL_MAX	2u

struct alloc_debug alloc_debug = {
	.level = CONFIG_LIBUKALLOC_DEBUG_LEVEL,
	.redzone = 32,
	.quarantine = 64 << 10,
	.leaks = 10,
	.poison = true,
};

UK_LIBPARAM(debug, u32, &alloc_debug.level,
	    "Watch 0 no allocator, 1 the default one, 2 all");
UK_LIBPARAM(redzone, u32, &alloc_debug.redzone,
	    "Bytes on each side of a block to find overflows by, 0 to 4096");
UK_LIBPARAM(poison, bool, &alloc_debug.poison,
	    "Fill memory that is fresh, and that is freed");
UK_LIBPARAM(quarantine, u32, &alloc_debug.quarantine,
	    "Bytes of freed blocks that are kept from being used again");
UK_LIBPARAM(leaks, u32, &alloc_debug.leaks,
	    "Places of what was never freed that are told at the end");
UK_LIBPARAM(fail_nth, u32, &alloc_fail.nth,
	    "Have this request for memory fail, from 1 on; 0 none");
UK_LIBPARAM(fail_persistent, bool, &alloc_fail.persistent,
	    "Have all requests after that fail too");
UK_LIBPARAM(fail_lib, str, &alloc_fail.lib,
	    "Count only the requests of this library, by its full name");
UK_LIBPARAM(fail_site, str, &alloc_fail.site,
	    "Count only the requests of this function, or of one place in it");

/* What there is to say where a name is not known. */
#define NO_NAMES							\
	(UK_IS_ENABLED(CONFIG_LIBUKDEBUG_SYMBOLS) ? "" :		\
	 " (it knows none without LIBUKDEBUG_SYMBOLS)")

static int check_fail(void)
{
	if (alloc_fail.lib && !uk_symbol_has_lib(alloc_fail.lib)) {
		uk_pr_err("parameter ukalloc.fail_lib: \"%s\" is not allowed; "
			  "allowed: a library with code in the image, as "
			  "libukalloc%s", alloc_fail.lib, NO_NAMES);
		return -EINVAL;
	}
	if (alloc_fail.site && alloc_fail_parse() < 0) {
		uk_pr_err("parameter ukalloc.fail_site: \"%s\" is not allowed; "
			  "allowed: a function of the image, as main, or a "
			  "place in it, as main+0x1f%s", alloc_fail.site,
			  NO_NAMES);
		return -EINVAL;
	}
	return 0;
}

static int check_params(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (alloc_debug.level > LEVEL_MAX) {
		uk_pr_err("parameter ukalloc.debug: \"%u\" is not allowed; "
			  "allowed: 0 to %u", alloc_debug.level, LEVEL_MAX);
		return -EINVAL;
	}
	if (alloc_debug.redzone > ALLOC_REDZONE_MAX) {
		uk_pr_err("parameter ukalloc.redzone: \"%u\" is not allowed; "
			  "allowed: 0 to %u", alloc_debug.redzone,
			  ALLOC_REDZONE_MAX);
		return -EINVAL;
	}
	alloc_debug.redzone = UK_ALIGN_UP(alloc_debug.redzone, 16u);
	return check_fail();
}

static int begin(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	alloc_leaks_begin();
	return 0;
}

static void end(int status UK_UNUSED)
{
	uk_alloc_check();
	alloc_leaks_print();
}

/* Before the first allocator, and with a console to say what is wrong. */
UK_INIT(MEM, check_params, end);
UK_INIT(LATE, begin, NULL);
