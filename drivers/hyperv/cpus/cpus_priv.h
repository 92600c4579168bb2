/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/pagetable.h>

/*
 * set.c: CPUs by the hypervisor's own numbers, 64 to a bank. A set begins as
 * { .banks = 0 }; a bank without its bit in @banks has no meaning.
 */
#define HYPERV_BANK	64u
#define HYPERV_NBANKS	16u
#define HYPERV_NVPS	(HYPERV_BANK * HYPERV_NBANKS)

struct hyperv_set {
	uint64_t banks;
	uint64_t bank[HYPERV_NBANKS];
};

/*
 * Calls name CPUs whose number is below this; @hints: what the hypervisor would
 * rather have.
 */
unsigned int hyperv_nvps(uint32_t hints);

/* @vp is below HYPERV_NVPS. */
void hyperv_set_add(struct hyperv_set *set, unsigned int vp);

/*
 * Write @set as calls take it: two words, and one for each bank that it has;
 * returns how many these are.
 */
#define HYPERV_SET_HEAD	2u

unsigned int hyperv_set_write(const struct hyperv_set *set, uint64_t *word);

/*
 * vp.c: the hypervisor's number of each CPU. Context of all: any in which the
 * CPU cannot change.
 */

/* Ask for this CPU's. Returns it, for the log. */
uint64_t hyperv_vp_note(uint32_t hints);

/* That of CPU @idx; -EAGAIN: not known yet, or -ERANGE: no call names it. */
UK_MUST_USE int hyperv_vp(unsigned int idx);

/*
 * All other CPUs that are up and that @who(@arg, distance) means. Returns 0, or
 * an error of hyperv_vp().
 */
UK_MUST_USE int hyperv_vps(bool (*who)(void *arg, uintptr_t distance),
			   void *arg, struct hyperv_set *set);

/*
 * fill.c: the input of calls for the CPUs @set, of which there is one at least.
 * Both return what to call.
 */
#define HYPERV_FLUSH_NGVAS	12u

struct hyperv_in {
	uint64_t word[32];
} UK_ALIGNED(256);

_Static_assert(sizeof(struct hyperv_in) == 256, "it does not cross a page");
_Static_assert(2 + HYPERV_SET_HEAD + HYPERV_NBANKS + HYPERV_FLUSH_NGVAS <= 32,
	       "the largest set and list");

/*
 * Flush the @n ranges from TLBs (TLFS, "Virtual Address Translation"): with a
 * list of pages, if it is long enough, and else all addresses.
 */
uint64_t hyperv_flush_fill(struct hyperv_in *in, const struct hyperv_set *set,
			   const struct uk_paging_range *range,
			   unsigned int n);

/*
 * Interrupt by @vector (TLFS, "Virtual Interrupt Control"). With
 * UK_HYPERV_CALL_FAST the first two words are the call's own.
 */
uint64_t hyperv_send_fill(struct hyperv_in *in, const struct hyperv_set *set,
			  unsigned int vector);

/* uk_paging_remote_flush_fn, and what uk_apic_set_sender() takes. */
bool hyperv_flush(bool (*who)(void *arg, uintptr_t distance), void *arg,
		  const struct uk_paging_range *range, unsigned int n);
bool hyperv_send(unsigned int vector, uint32_t apic_id);

/* How often this CPU has been served by each; and how often with a set. */
struct hyperv_count {
	uint64_t sent, flushed, sets;
};

struct hyperv_count *hyperv_count(void);
