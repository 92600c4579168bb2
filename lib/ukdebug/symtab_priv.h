/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * The table of functions in the image, as support/scripts/mksymtab writes it
 * for the second pass of the link: see there. Both arrays are sorted by
 * offset; an entry reaches to the next one, and the last to _etext.
 */
struct symtab_entry {
	uint32_t offset;	/* from _text */
	uint32_t name;		/* index into names */
};

struct symtab {
	const struct symtab_entry *funcs;
	const struct symtab_entry *libs;	/* which library's code */
	const char *names;	/* NUL-terminated, one after the other */
	uint32_t nfuncs;	/* 0 in the first pass */
	uint32_t nlibs;
};

_Static_assert(sizeof(struct symtab) == 32, "written by mksymtab");

extern const struct symtab uk_symtab;
