/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses to names, by the table that the build puts into the image. */
#include <uk/symbol.h>

#include <uk/sections.h>
#include <uk/string.h>

#include "symtab_priv.h"

/* The last entry of @n at or below @offset, or NULL. */
static const struct symtab_entry *find(const struct symtab_entry *entries,
				       uint32_t n, uint32_t offset)
{
	uint32_t low = 0;

	while (n) {
		const uint32_t half = n / 2;

		if (entries[low + half].offset <= offset) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low ? &entries[low - 1] : NULL;
}

bool uk_symbol_find(uintptr_t addr, struct uk_symbol *sym)
{
	const struct symtab_entry *func, *lib;
	uint32_t offset;

	if (addr < (uintptr_t)_text || addr >= (uintptr_t)_etext)
		return false;
	offset = (uint32_t)(addr - (uintptr_t)_text);
	func = find(uk_symtab.funcs, uk_symtab.nfuncs, offset);
	if (!func)
		return false;

	lib = find(uk_symtab.libs, uk_symtab.nlibs, offset);
	sym->name = uk_symtab.names + func->name;
	sym->offset = offset - func->offset;
	sym->lib = lib ? uk_symtab.names + lib->name : "";
	return true;
}

bool uk_symbol_has_lib(const char *lib)
{
	for (uint32_t i = 0; i < uk_symtab.nlibs; i++)
		if (uk_streq(uk_symtab.names + uk_symtab.libs[i].name, lib))
			return true;
	return false;
}

bool uk_symbol_has_func(const char *name, size_t len)
{
	for (uint32_t i = 0; i < uk_symtab.nfuncs; i++)
		if (uk_streq_n(name, len,
			       uk_symtab.names + uk_symtab.funcs[i].name))
			return true;
	return false;
}
