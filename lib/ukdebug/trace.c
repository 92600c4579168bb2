/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A stack trace by frame pointers. On both architectures a frame pointer
 * points to {the caller's frame pointer, the return address}. Every word of
 * the chain is suspect: it is read only where memory is mapped, must go up
 * and not far, and return to code of the image.
 */
#include <uk/arch/regs.h>
#include <uk/essentials.h>
#include <uk/sections.h>
#include <uk/symbol.h>

#include "ukdebug_priv.h"

#define FRAME_MAX	(64u * 1024)	/* more is no frame of ours */

/* In a trace from here: this place, and where the caller's is. */
#define SELF		((size_t)2)
#define CALLERS_MAX	((size_t)16)

static bool in_text(uintptr_t addr)
{
	return addr >= (uintptr_t)_text && addr < (uintptr_t)_etext;
}

size_t ukdebug_trace(const struct ukarch_regs *regs, uintptr_t link,
		     uintptr_t *addrs, size_t max)
{
	const uintptr_t ip = ukarch_regs_ip(regs);
	uintptr_t fp = ukarch_regs_fp(regs);
	uintptr_t low = ukarch_regs_sp(regs);
	size_t n = 0;

	addrs[n++] = ip;
	/* A jump to nowhere made no frame; the link tells who jumped. */
	if (!in_text(ip) && in_text(link))
		addrs[n++] = link;

	while (n < max && UK_IS_ALIGNED(fp, sizeof(fp)) && fp >= low &&
	       fp - low < FRAME_MAX && ukdebug_readable(fp, 2 * sizeof(fp))) {
		const uintptr_t *const frame = (const uintptr_t *)fp;

		if (!in_text(frame[1]))
			break;
		addrs[n++] = frame[1];
		low = fp + 2 * sizeof(fp);
		fp = frame[0];
	}
	return n;
}

size_t uk_symbol_callers(uintptr_t *addrs, size_t max)
{
	struct ukarch_regs regs;
	uintptr_t found[SELF + CALLERS_MAX];
	size_t n;

	ukarch_regs_capture(&regs);
	n = ukdebug_trace(&regs, 0, found, UK_MIN(max, CALLERS_MAX) + SELF);
	for (size_t i = SELF; i < n; i++)
		addrs[i - SELF] = found[i];
	return n > SELF ? n - SELF : 0;
}
