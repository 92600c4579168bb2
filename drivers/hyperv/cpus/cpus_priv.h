/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/pagetable.h>

/*
 * vp.c: CPUs by the hypervisor's own numbers, of which a call names 64 by the
 * bits of a word. Context of both: any in which the CPU cannot change.
 */
#define HYPERV_NVPS	64u

/* Ask for this CPU's. */
void hyperv_vp_note(void);

/* That of CPU @idx; -EAGAIN: not known yet, or -ERANGE: it has no bit. */
UK_MUST_USE int hyperv_vp(unsigned int idx);

/*
 * The bits of all other CPUs that are up and that @who(@arg, distance) means.
 * Returns 0, or an error of hyperv_vp().
 */
UK_MUST_USE int hyperv_vps(bool (*who)(void *arg, uintptr_t distance),
			   void *arg, uint64_t *mask);

/*
 * fill.c: the input of the call that flushes TLBs (TLFS, "Virtual Address
 * Translation"): of all addresses, or of a list of pages.
 */
#define HYPERV_FLUSH_NGVAS	13u

struct hyperv_flush {
	uint64_t space;
	uint64_t flags;
	uint64_t mask;
	uint64_t gva[HYPERV_FLUSH_NGVAS];	/* page, and how many follow */
} UK_ALIGNED(128);

_Static_assert(sizeof(struct hyperv_flush) == 128, "it does not cross a page");

/*
 * Fill @in for the CPUs @mask and the @n ranges. Returns what to call: with a
 * list, if it is long enough, and else for all addresses.
 */
uint64_t hyperv_flush_fill(struct hyperv_flush *in, uint64_t mask,
			   const struct uk_paging_range *range,
			   unsigned int n);

/* uk_paging_remote_flush_fn, and what uk_apic_set_sender() takes. */
bool hyperv_flush(bool (*who)(void *arg, uintptr_t distance), void *arg,
		  const struct uk_paging_range *range, unsigned int n);
bool hyperv_send(unsigned int vector, uint32_t apic_id);

/* How often this CPU has been served by each. */
struct hyperv_count {
	uint64_t sent, flushed;
};

struct hyperv_count *hyperv_count(void);
