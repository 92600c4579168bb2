/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/* Reference time (TLFS, "Partition Reference Counter"): in 100 ns. */
#define HYPERV_UNIT_NS		100u
#define HYPERV_HZ		UINT64_C(10000000)

/*
 * The reference TSC page: time is what the CPU's counter makes by it. While
 * @sequence is 0 it does not, and the register has to be asked.
 */
struct hyperv_page {
	uint32_t sequence;	/* another one when something has changed */
	uint32_t reserved;
	uint64_t scale;		/* units per tick, 64 bits of fraction */
	uint64_t offset;	/* signed, in units */
};

_Static_assert(offsetof(struct hyperv_page, scale) == 8 &&
	       offsetof(struct hyperv_page, offset) == 16,
	       "the hypervisor's layout");

/* So often it may change while it is read. */
#define HYPERV_TRIES		16u

/*
 * The time by @page, which may be written meanwhile, with @ticks for the CPU's
 * counter; by @counter, the register, if the page does not tell, or changes all
 * the time.
 */
static UK_ALWAYS_INLINE uint64_t
hyperv_time(const struct hyperv_page *page, uint64_t (*ticks)(void),
	    uint64_t (*counter)(void))
{
	for (unsigned int i = 0; i < HYPERV_TRIES; i++) {
		const uint32_t sequence = __atomic_load_n(&page->sequence,
							  __ATOMIC_ACQUIRE);
		const uint64_t scale = __atomic_load_n(&page->scale,
						       __ATOMIC_RELAXED);
		const uint64_t offset = __atomic_load_n(&page->offset,
							__ATOMIC_RELAXED);
		uint64_t now;

		if (UK_UNLIKELY(sequence == 0))
			break;
		now = (uint64_t)((unsigned __int128)ticks() * scale >> 64) +
		      offset;
		/* All that was read before is as old as this. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (UK_LIKELY(__atomic_load_n(&page->sequence,
					      __ATOMIC_RELAXED) == sequence))
			return now;
	}
	return counter();
}

/*
 * page.c. Can the page be a clock's? Returns 0, or
 *   -EAGAIN  it tells no time now (sequence 0)
 *   -ERANGE  a counter of more than 10 GHz, or one that stands still
 */
UK_MUST_USE int hyperv_page_check(const struct hyperv_page *page);

/*
 * Is @time, by the page, between @before and @after by the register, as far as
 * the two can differ?
 */
bool hyperv_page_agrees(uint64_t before, uint64_t time, uint64_t after);

#define HYPERV_MAX_TICKS	(UINT64_C(1) << 62)

/*
 * How many ticks of the CPU's counter pass in @ns, a few more at most and never
 * less; HYPERV_MAX_TICKS at most, and 0 if the page does not tell.
 */
uint64_t hyperv_page_ticks(const struct hyperv_page *page, uint64_t ns);

/*
 * Registers; those of this machine, or of a hypervisor that is played.
 */
struct hyperv_regs {
	uint64_t (*read)(uint32_t msr);
	void (*write)(uint32_t msr, uint64_t val);
};

/*
 * synic.c: messages of the hypervisor (TLFS, "Synthetic Interrupt
 * Controller"). A CPU has a page with one slot for each of its 16 sources.
 */
#define HYPERV_NSINTS		16u
#define HYPERV_SINT_TIMER	4u	/* 0 is the hypervisor's own */

#define HYPERV_MESSAGE_NONE	0u
#define HYPERV_MESSAGE_TIMER	0x80000010u
#define HYPERV_MESSAGE_PENDING	0x01u	/* another one waits for the slot */

struct hyperv_message {
	uint32_t type;		/* HYPERV_MESSAGE_NONE: it is free */
	uint8_t len;
	uint8_t flags;
	uint8_t reserved[2];
	uint64_t origin;
	uint64_t payload[30];	/* of a timer: its number, … */
};

_Static_assert(sizeof(struct hyperv_message) == 256, "the CPU's slots");

struct hyperv_messages {
	struct hyperv_message slot[HYPERV_NSINTS];
} UK_ALIGNED(4096);

/*
 * Have this CPU's messages written to the page at @paddr, and those of source
 * @sint interrupt by @vector.
 */
void hyperv_synic_on(const struct hyperv_regs *regs, uint64_t paddr,
		     unsigned int sint, unsigned int vector);

/*
 * Take the message in @slot, so that the next one can come. Returns its type,
 * HYPERV_MESSAGE_NONE if there is none.
 */
uint32_t hyperv_message_take(const struct hyperv_regs *regs,
			     struct hyperv_message *slot);

/*
 * stimer.c: timer 0 of this CPU (TLFS, "Synthetic Timers"). It interrupts once,
 * by @vector or, if that is 0, by a message of source HYPERV_SINT_TIMER.
 */
void hyperv_stimer_on(const struct hyperv_regs *regs, unsigned int vector);

/* Interrupt when the time is @ns after @now, in units, and not before. */
void hyperv_stimer_set(const struct hyperv_regs *regs, uint64_t now,
		       uint64_t ns);

/* What hyperv_stimer_set() takes: ten years. */
#define HYPERV_STIMER_MIN_NS	UINT64_C(1000)
#define HYPERV_STIMER_MAX_NS	(UINT64_C(315360000) * 1000000000)

/*
 * clock.c: the time in units, as cheap as this machine has it. Context: any.
 */
uint64_t hyperv_now(void);

/*
 * pages_one.c, pages_many.c: get a page of messages for each CPU that may
 * start. Returns 0 or -ENOMEM. Context: boot, or the only thread.
 */
UK_MUST_USE int hyperv_pages_make(void);

/* That of this CPU. Context: any in which the CPU cannot change. */
struct hyperv_messages *hyperv_pages_own(void);
