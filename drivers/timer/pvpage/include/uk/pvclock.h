/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * The page in which KVM and Xen tell each CPU the time, as a function of it;
 * where it is, is their drivers' business.
 *
 * Context: any, with preemption off from the page to the counter.
 */

/*
 * What the hypervisor writes for a CPU (Linux, Documentation/virt/kvm/x86/
 * msr.rst). While it writes, @version is odd; it is another one afterwards.
 */
struct uk_pvclock_page {
	uint32_t version;
	uint32_t pad0;
	uint64_t tsc;		/* of the CPU, at @ns */
	uint64_t ns;
	uint32_t mul;		/* ns per shifted tick, 32 bits of fraction */
	int8_t shift;		/* to the left; negative: to the right */
	uint8_t flags;
	uint8_t pad1[2];
} UK_ALIGNED(32);

_Static_assert(sizeof(struct uk_pvclock_page) == 32, "the hypervisor's layout");
_Static_assert(offsetof(struct uk_pvclock_page, mul) == 24, "the same");

/* All CPUs agree to the nanosecond, if PVCLOCK_CAN_BE_STABLE. */
#define UK_PVCLOCK_STABLE		0x01u

/* The date when uk_pvclock_page.ns was 0. */
struct uk_pvclock_wall {
	uint32_t version;
	uint32_t sec;
	uint32_t nsec;
} UK_ALIGNED(16);

/* Is there something in @page that makes sense? */
UK_MUST_USE int uk_pvclock_check(const struct uk_pvclock_page *page);

/* Nanoseconds by @page, when the CPU's counter is at @tsc. */
static inline uint64_t uk_pvclock_ns(const struct uk_pvclock_page *page,
				     uint64_t tsc)
{
	uint64_t delta = tsc - page->tsc;

	/* The counter was not read before: it is out of step, a little. */
	if (UK_UNLIKELY((int64_t)delta < 0))
		delta = 0;
	delta = page->shift < 0 ? delta >> -page->shift
				: delta << page->shift;
	return page->ns +
	       (uint64_t)((unsigned __int128)delta * page->mul >> 32);
}

/*
 * A page may be written while it is read: so what was read between these two is
 * good if the second says so. The hypervisor writes while this CPU does not
 * run, so it is once again at most.
 */
static inline uint32_t uk_pvclock_begin(const struct uk_pvclock_page *page)
{
	return __atomic_load_n(&page->version, __ATOMIC_ACQUIRE);
}

static inline bool uk_pvclock_is_good(const struct uk_pvclock_page *page,
				   uint32_t version)
{
	/* All that was read before is as old as this. */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return UK_LIKELY(!(version & 1) &&
			 __atomic_load_n(&page->version,
					 __ATOMIC_RELAXED) == version);
}

/*
 * What time it is by @page, which may be written meanwhile, with @ticks for the
 * CPU's counter.
 */
static UK_ALWAYS_INLINE uint64_t
uk_pvclock_read(const struct uk_pvclock_page *page, uint64_t (*ticks)(void))
{
	struct uk_pvclock_page copy;
	uint32_t version;
	uint64_t ns;

	do {
		version = uk_pvclock_begin(page);
		copy = *page;
		ns = uk_pvclock_ns(&copy, ticks());
	} while (!uk_pvclock_is_good(page, version));
	return ns;
}

/* More is said to be so many. */
#define UK_PVCLOCK_MAX_TICKS	(UINT64_C(1) << 62)

/*
 * The fewest ticks in which @ns pass by @page, which may be written meanwhile;
 * or a few more, as many as it shifts out. UK_PVCLOCK_MAX_TICKS at most.
 */
uint64_t uk_pvclock_ticks(const struct uk_pvclock_page *page, uint64_t ns);

/* The date by @wall at @ns. Returns 0, or -EIO: it says none. */
UK_MUST_USE
int uk_pvclock_date(const struct uk_pvclock_wall *wall, uint64_t ns,
		 uint64_t *wall_ns);
