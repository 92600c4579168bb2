/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All other CPUs stand still. They are told by the interrupt of calls, and
 * stand in its handler, not as a call: a CPU that waits for another one makes
 * calls with a lock held that a third one may want before it can come. So who
 * waits goes on until it has its interrupts on again, and who stands already
 * makes the calls that are waited for, until all have come.
 *
 * One word says how far it is, and which time it is; only the CPU that holds
 * the others writes it. A CPU says by that word that it stands, so one that
 * comes too late is not taken for one that stands the next time.
 *
 * Refused: to stop them by an NMI. Such a one may hold any lock.
 */
#include <uk/lcpu.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/intctlr.h>
#include <uk/percpu.h>
#include <uk/print.h>
#include <uk/time.h>

#include "uklcpu_priv.h"

/* A CPU that is up comes at once, or when the host runs it again. */
#define PATIENCE_NS	(3 * UK_TIME_NS_PER_SEC)

/* Of the word; the rest of it counts. 0: nobody is held. */
enum {
	GATHER = 1,		/* all others are to stand */
	HELD,			/* they do */
	GO,			/* it is over */
	NEVER,			/* one did not come: as if it had not been */
	STEP = 8,
};

static struct {
	uint32_t busy;		/* taken by exchange: acquire, release */
	uint32_t count;		/* a multiple of STEP; guarded by @busy */
	unsigned long irq;	/* of the CPU that holds, before */
	void (*fn)(void *arg);	/* written before GO */
	void *arg;
} hold;

/* Written by who has @busy: release; read with acquire. */
uint32_t lcpu_hold_word;

/* The word by which this CPU stands; or 0: release, acquire. */
static UK_PERCPU(uint32_t, stands);

static uint32_t word(void)
{
	return __atomic_load_n(&lcpu_hold_word, __ATOMIC_ACQUIRE);
}

static void set_word(uint32_t to)
{
	__atomic_store_n(&lcpu_hold_word, to, __ATOMIC_RELEASE);
}

void lcpu_stand(void)
{
	struct lcpu *const self = lcpu_get(uk_lcpu_idx());
	uint32_t *const own = uk_this_cpu_ptr(stands);
	const uint32_t now = word();

	if (now % STEP != GATHER)
		return;
	__atomic_store_n(own, now, __ATOMIC_RELEASE);
	while (word() == now) {
		lcpu_call_drain(self);
		ukarch_spin_wait();
	}
	/* From here on no call is made any more: so it is said again. */
	while (word() == now - GATHER + HELD) {
		__atomic_store_n(own, now - GATHER + HELD, __ATOMIC_RELEASE);
		ukarch_spin_wait();
	}
	if (word() == now - GATHER + GO && hold.fn)
		hold.fn(hold.arg);
	__atomic_store_n(own, 0, __ATOMIC_RELEASE);
}

static bool is_other(unsigned int idx)
{
	return idx != uk_lcpu_idx() && uk_lcpu_state(idx) == UK_LCPU_UP;
}

/* Is that so of all others? 0: none stands. */
static bool all_stand_by(uint32_t by)
{
	for (unsigned int i = 0; i < uk_lcpu_count(); i++)
		if (is_other(i) &&
		    __atomic_load_n(uk_percpu_ptr(stands, uk_lcpu_percpu(i)),
				    __ATOMIC_ACQUIRE) != by)
			return false;
	return true;
}

/* Do they come in time? This one makes the calls that they wait for. */
static bool gather(uint32_t by)
{
	const uint64_t end = uk_time_now() + PATIENCE_NS;

	set_word(by);
	for (unsigned int i = 0; i < uk_lcpu_count(); i++)
		if (is_other(i))
			uk_intctlr_ipi_send(UK_IPI_CALL, uk_lcpu_id(i));
	while (!all_stand_by(by)) {
		if (uk_time_now() > end)
			return false;
		lcpu_call_drain(lcpu_get(uk_lcpu_idx()));
		ukarch_spin_wait();
	}
	return true;
}

/* Have those who stand go on, by @how, and see them gone. */
static void dismiss(uint32_t how)
{
	set_word(hold.count + how);
	while (!all_stand_by(0))
		ukarch_spin_wait();
	set_word(0);
	__atomic_store_n(&hold.busy, 0, __ATOMIC_RELEASE);
}

/* From here on this CPU is nobody else's: a thread stays where it is. */
static unsigned long take_busy(void)
{
	unsigned long irq = ukarch_irq_save();

	/* Who has it waits for this CPU, too. */
	while (__atomic_exchange_n(&hold.busy, 1, __ATOMIC_ACQUIRE)) {
		ukarch_irq_restore(irq);
		ukarch_spin_wait();
		irq = ukarch_irq_save();
	}
	return irq;
}

int uk_lcpu_hold_others(void)
{
	unsigned long irq;

	UK_ASSERT(ukarch_irq_enabled());

	irq = take_busy();
	hold.count += STEP;
	if (!gather(hold.count + GATHER)) {
		dismiss(NEVER);
		ukarch_irq_restore(irq);
		/* Not before: who stands may hold what a console wants. */
		uk_pr_err("a CPU keeps interrupts off: others are not held");
		return -ETIMEDOUT;
	}
	set_word(hold.count + HELD);
	while (!all_stand_by(hold.count + HELD))
		ukarch_spin_wait();
	hold.irq = irq;
	return 0;
}

void uk_lcpu_let_go(void (*fn)(void *arg), void *arg)
{
	const unsigned long irq = hold.irq;

	UK_ASSERT(word() % STEP == HELD);

	hold.fn = fn;
	hold.arg = arg;
	dismiss(GO);
	ukarch_irq_restore(irq);
}
