/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is said of a block that is not as it was left. The lines go out before
 * the crash, by the log, since they are more than a cause has room for; a frame
 * looks as in the crash screen, so `kiln symbolize` names it too.
 */
#include "debug_priv.h"

#include <stdarg.h>

#include <uk/crash.h>
#include <uk/essentials.h>
#include <uk/fmt.h>
#include <uk/log.h>
#include <uk/symbol.h>

#define CAUSE	160

/* The first of @len bytes at @mem that is not @val, or @len. */
static size_t unlike(const char *mem, int val, size_t len)
{
	size_t i = 0;

	while (i < len && (unsigned char)mem[i] == val)
		i++;
	return i;
}

/* What was written nearest to the block comes first. */
bool alloc_damaged(struct alloc_block *b, struct alloc_damage *damage)
{
	const char *const ptr = alloc_block_mem(b);
	const size_t own = b->freed && alloc_debug.poison ? b->size : 0;
	const size_t inside = unlike(ptr, ALLOC_FREED, own);
	const size_t behind = unlike(ptr + b->size, ALLOC_ZONE, b->zone);
	size_t before = b->zone;

	while (before && (unsigned char)ptr[-(ptrdiff_t)b->zone +
					    (ptrdiff_t)before - 1] ==
			 ALLOC_ZONE)
		before--;

	if (inside < own)
		damage->at = (ptrdiff_t)inside;
	else if (behind < b->zone)
		damage->at = (ptrdiff_t)(b->size + behind);
	else if (before)
		damage->at = (ptrdiff_t)before - 1 - (ptrdiff_t)b->zone;
	else
		return false;
	damage->val = (uint8_t)ptr[damage->at];
	return true;
}

void alloc_print_sites(const struct alloc_sites *sites)
{
	struct uk_symbol sym;

	for (unsigned int i = 0; i < ALLOC_NSITES && sites->at[i]; i++) {
		const uintptr_t addr = sites->at[i];

		if (uk_symbol_find(addr - 1, &sym))
			uk_log_plain("  #%u 0x%016lx %s+%#lx %s", i, addr,
				     sym.name, sym.offset + 1, sym.lib);
		else
			uk_log_plain("  #%u 0x%016lx", i, addr);
	}
}

static void tell(const char *what, const struct alloc_sites *sites)
{
	uk_log_plain("kiln: %s", what);
	alloc_print_sites(sites);
}

void alloc_print_block(const struct alloc_block *b)
{
	const void *const ptr = b->seen ? b->seen
					: (const char *)(b + 1) + b->zone;

	uk_log_plain("kiln: the block is %zu bytes at 0x%lx", b->size,
		     (unsigned long)ptr);
	tell("it was allocated by", &b->born);
	if (b->freed)
		tell("it was freed by", &b->died);
}

void alloc_report(struct alloc_block *b, const struct alloc_sites *now,
		  const char *fmt, ...)
{
	char cause[CAUSE];
	va_list ap;

	va_start(ap, fmt);
	(void)uk_vsnprintf(cause, sizeof(cause), fmt, ap);
	va_end(ap);

	uk_log_plain("kiln: %s", cause);
	if (b)
		alloc_print_block(b);
	if (now)
		tell("found in a call from", now);
	uk_crash("%s", cause);
}

void alloc_report_damage(struct alloc_block *b,
			 const struct alloc_damage *damage,
			 const struct alloc_sites *now)
{
	alloc_report(b, now, "heap: byte %td of a %sblock of %zu bytes was "
		     "written: 0x%02x", damage->at, b->freed ? "freed " : "",
		     b->size, damage->val);
}

struct check {
	struct alloc_block *b;
	struct alloc_damage damage;
};

static bool is_whole(struct alloc_block *b, void *arg)
{
	struct check *const c = arg;

	if (!alloc_damaged(b, &c->damage))
		return true;
	c->b = b;
	return false;
}

void uk_alloc_check(void)
{
	struct check c = { .b = NULL };

	alloc_blocks_visit(is_whole, &c);
	if (c.b)
		alloc_report_damage(c.b, &c.damage, NULL);
}
