/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Who called, and what is at an address of code: for tools that name places in
 * the program while it goes on, as the crash screen does when it does not.
 *
 * Both are there with CONFIG_LIBUKDEBUG_CRASH_SCREEN only; names, with
 * CONFIG_LIBUKDEBUG_SYMBOLS. Without them uk_symbol_find() finds nothing, and
 * `kiln symbolize` has them.
 *
 * Context: any.
 */

struct uk_symbol {
	const char *name;	/* of the function */
	const char *lib;	/* "" where it is not known */
	uintptr_t offset;	/* of the address in it */
};

/*
 * The function that @addr is in, into *@sym. For a return address ask for the
 * byte before: a call may be the last thing in a function. Returns false, and
 * leaves *@sym alone, where there is none.
 */
bool uk_symbol_find(uintptr_t addr, struct uk_symbol *sym);

/* Is there code of a library called @lib ("libukalloc")? */
bool uk_symbol_has_lib(const char *lib);

/* Is there a function whose name is the first @len bytes of @name? */
bool uk_symbol_has_func(const char *name, size_t len);

/*
 * The return addresses on the stack, the caller's own first, at most @max into
 * @addrs, and no more than 16. Returns how many there are; it takes frame
 * pointers.
 */
size_t uk_symbol_callers(uintptr_t *addrs, size_t max);
