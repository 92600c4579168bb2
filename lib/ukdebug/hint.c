/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an address mostly means that could not be accessed. Causes without an
 * address say all there is in their own words.
 */
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/config.h>
#include <uk/crash_hook.h>
#include <uk/fmt.h>
#include <uk/sections.h>
#include <uk/string.h>

#include "ukdebug_priv.h"

#define NEAR	((uintptr_t)64 * 1024)	/* about 0, and below the end */

static bool within(uintptr_t addr, const char *from, const char *end)
{
	return addr >= (uintptr_t)from && addr < (uintptr_t)end;
}

static const char *of_jump(uintptr_t addr)
{
	if (within(addr, _rodata, _erodata))
		return "constants were executed: a wrong function pointer";
	if (within(addr, _data, _end))
		return "data was executed: a wrong function pointer or "
		       "return address";
	if (addr >= UKARCH_LINEAR_BASE && addr < UKARCH_IMAGE_BASE)
		return "heap or stack was executed: a wrong function pointer "
		       "or return address";
	return "a jump to where no code is: a wrong function pointer or "
	       "return address";
}

static const char *of_access(uintptr_t addr, uintptr_t sp)
{
	if (within(addr, _text, _etext))
		return "a write to code";
	if (within(addr, _rodata, _erodata))
		return "a write to constants: a const object or a string "
		       "literal";
	/* Just below or above where the stack pointer was about to go. */
	if (addr - (sp - UKARCH_PAGE_SIZE) < 2 * UKARCH_PAGE_SIZE)
		return "the stack ended here: it overflowed, by deep "
		       "recursion or a large array";
	return NULL;
}

bool ukdebug_hint(const struct crash *c, uintptr_t ip, uintptr_t sp, char *buf,
		  size_t size)
{
	struct uk_crash_hint hint = {
		.addr = c->addr,
		.sp = sp,
		.buf = buf,
		.size = size,
	};
	const char *words;

	if (!c->has_addr)
		return false;

	if (c->addr < NEAR) {
		uk_snprintf(buf, size, c->addr == ip ?
			    "a call through a NULL pointer" :
			    "a NULL pointer, %#lx bytes into what it should "
			    "point to", c->addr);
		return true;
	}
	if (c->addr >= -NEAR) {
		uk_snprintf(buf, size, "an error number used as a pointer: "
			    "%ld, or bytes about it", (long)c->addr);
		return true;
	}
	if (uk_event_raise(uk_crash_hint, &hint) != UK_EVENT_NOT_HANDLED)
		return true;
	words = c->addr == ip ? of_jump(c->addr) : of_access(c->addr, sp);
	if (!words)
		return false;
	uk_strlcpy(buf, words, size);
	return true;
}
