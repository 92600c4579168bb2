/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>

/*
 * A few instructions of which the last one commits, and that begin again when
 * an interrupt comes before it: so a thread changes what is its CPU's own
 * without keeping the CPU. All others that change it do so with preemption
 * off, or in an interrupt handler.
 *
 * Between begin and commit nothing is stored but what is the thread's own, no
 * register is changed that is needed at the beginning, and nothing is read
 * that can fault: what was read may belong to another already.
 *
 *	1:	...
 *	2:	the instruction that commits
 *		UK_RESTART("1b", "2b")
 *
 * They are few (<uk/arch/cpulist.h>): each interrupt looks at all of them. In
 * an image without preemption there is nothing to begin again.
 */
struct uk_restart {
	uintptr_t begin;	/* its first instruction */
	uintptr_t commit;	/* its last one */
};

#if UK_IS_ENABLED(CONFIG_HAVE_PREEMPT)
#define UK_RESTART(begin, commit)					\
	"	.pushsection .uk_restart, \"a\"\n"			\
	"	.balign	8\n"						\
	"	.quad	" begin ", " commit "\n"			\
	"	.popsection\n"
#else
#define UK_RESTART(begin, commit)
#endif

/* All of the image, by the linker script. */
extern const struct uk_restart uk_restart_start[], uk_restart_end[];

/*
 * Where what was interrupted before the instruction at @ip goes on: there, or
 * at the beginning of the sequence that it is inside of.
 *
 * Context: what takes an interrupt, before anybody handles it.
 */
static inline uintptr_t uk_restart_ip(uintptr_t ip)
{
	const struct uk_restart *r;

	for (r = uk_restart_start; r < uk_restart_end; r++)
		if (UK_UNLIKELY(ip - r->begin <= r->commit - r->begin))
			return r->begin;
	return ip;
}
