/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls from CPU to CPU. Each CPU has a list that others push to without a
 * lock; it takes the whole list at once, so no entry is ever looked at while
 * it is pushed (no ABA), and makes the calls in the order of their coming. The
 * one who finds the list empty sends the interrupt: a CPU that is busy with
 * its list is not interrupted for each call.
 *
 * A call to many is one call each, in memory of the CPU that is called
 * (struct many), guarded by one lock: there is one such call at a time, and
 * whoever waits for the lock makes calls meanwhile.
 */
#include <uk/lcpu.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/intctlr.h>
#include <uk/percpu.h>
#include <uk/preempt.h>

#include "uklcpu_priv.h"

/* The one call to many that is under way. */
static struct {
	uint32_t busy;		/* taken by exchange: acquire, release */
	uint32_t left;		/* CPUs that have not returned yet */
	bool (*who)(void *arg, uintptr_t distance);
	void (*fn)(void *arg);
	void *arg;
} many;

/* This CPU's part of it. */
static UK_PERCPU(struct uk_lcpu_call, many_call);

bool lcpu_call_push(struct lcpu *cpu, struct uk_lcpu_call *call)
{
	struct uk_lcpu_call *head = __atomic_load_n(&cpu->calls,
						    __ATOMIC_RELAXED);

	/* Release: the call, and all before it, is there when it is taken. */
	do
		call->next = head;
	while (!__atomic_compare_exchange_n(&cpu->calls, &head, call, true,
					    __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED));
	return !head;
}

static struct uk_lcpu_call *reverse(struct uk_lcpu_call *call)
{
	struct uk_lcpu_call *first = NULL;

	while (call) {
		struct uk_lcpu_call *const next = call->next;

		call->next = first;
		first = call;
		call = next;
	}
	return first;
}

void lcpu_call_drain(struct lcpu *cpu)
{
	struct uk_lcpu_call *call;

	/* Acquire: pairs with the release of lcpu_call_push(). */
	call = reverse(__atomic_exchange_n(&cpu->calls, NULL,
					   __ATOMIC_ACQUIRE));
	while (call) {
		/* Once done, the caller's memory is his again. */
		struct uk_lcpu_call *const next = call->next;

		call->fn(call->arg);
		/* Release: its effects, for uk_lcpu_call_done(). */
		__atomic_store_n(&call->done, 1, __ATOMIC_RELEASE);
		call = next;
	}
}

static enum uk_irq_result on_call(unsigned int irq, void *arg)
{
	(void)irq;
	(void)arg;
	lcpu_call_drain(lcpu_get(uk_lcpu_idx()));
	if (UK_UNLIKELY(__atomic_load_n(&lcpu_hold_word, __ATOMIC_RELAXED)))
		lcpu_stand();
	return UK_IRQ_HANDLED;
}

static enum uk_irq_result on_resched(unsigned int irq, void *arg)
{
	(void)irq;
	(void)arg;
	ukarch_current()->resched = 1;
	return UK_IRQ_HANDLED;
}

int lcpu_call_init(void)
{
	int rc = uk_intctlr_ipi_register(UK_IPI_CALL, on_call, NULL, "call");

	if (rc < 0)
		return rc;
	rc = uk_intctlr_ipi_register(UK_IPI_RESCHED, on_resched, NULL,
				     "resched");
	return rc < 0 ? rc : lcpu_stop_take();
}

void uk_lcpu_post(unsigned int idx, struct uk_lcpu_call *call)
{
	struct lcpu *const cpu = lcpu_get(idx);

	UK_ASSERT(uk_lcpu_state(idx) == UK_LCPU_UP);
	call->done = 0;
	if (lcpu_call_push(cpu, call))
		uk_intctlr_ipi_send(UK_IPI_CALL, cpu->hwid);
}

/* While this CPU waits for another one: that one may wait for this one. */
static void wait_a_little(void)
{
	const unsigned long irq = ukarch_irq_save();

	lcpu_call_drain(lcpu_get(uk_lcpu_idx()));
	ukarch_irq_restore(irq);
	ukarch_spin_wait();
}

static void run_here(void (*fn)(void *arg), void *arg)
{
	const unsigned long irq = ukarch_irq_save();

	fn(arg);
	ukarch_irq_restore(irq);
}

void uk_lcpu_run(unsigned int idx, void (*fn)(void *arg), void *arg)
{
	struct uk_lcpu_call call = { .fn = fn, .arg = arg };

	uk_preempt_disable();
	if (idx == uk_lcpu_idx()) {
		run_here(fn, arg);
	} else {
		uk_lcpu_post(idx, &call);
		while (!uk_lcpu_call_done(&call))
			wait_a_little();
	}
	uk_preempt_enable();
}

static void many_run(void *arg UK_UNUSED)
{
	many.fn(many.arg);
	/* Release: the effects of fn, for who waits. */
	__atomic_fetch_sub(&many.left, 1, __ATOMIC_RELEASE);
}

/* Is CPU @idx, another one than @self, one of those that @who means? */
static bool is_meant(unsigned int idx, unsigned int self,
		     bool (*who)(void *arg, uintptr_t distance), void *arg)
{
	return idx != self && uk_lcpu_state(idx) == UK_LCPU_UP &&
	       who(arg, uk_lcpu_percpu(idx));
}

/*
 * Post to all that are meant. Whoever is posted to is counted before, and
 * this CPU holds one count while it posts, so that 0 means all.
 */
static void many_post(unsigned int self)
{
	const unsigned int count = uk_lcpu_count();

	__atomic_store_n(&many.left, 1, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < count; i++) {
		struct uk_lcpu_call *call;

		if (!is_meant(i, self, many.who, many.arg))
			continue;
		call = uk_percpu_ptr(many_call, uk_lcpu_percpu(i));
		call->fn = many_run;
		__atomic_fetch_add(&many.left, 1, __ATOMIC_RELAXED);
		uk_lcpu_post(i, call);
	}
	__atomic_fetch_sub(&many.left, 1, __ATOMIC_RELAXED);
}

void uk_lcpu_run_where(bool (*who)(void *arg, uintptr_t distance),
		       void (*fn)(void *arg), void *arg)
{
	const unsigned int count = uk_lcpu_count();
	unsigned int self, i = 0;

	uk_preempt_disable();
	/* Often there is nobody, and then nobody waits for anybody. */
	self = uk_lcpu_idx();
	while (i < count && !is_meant(i, self, who, arg))
		i++;
	if (i == count) {
		uk_preempt_enable();
		return;
	}
	while (__atomic_exchange_n(&many.busy, 1, __ATOMIC_ACQUIRE))
		wait_a_little();
	many.who = who;
	many.fn = fn;
	many.arg = arg;
	many_post(self);
	while (__atomic_load_n(&many.left, __ATOMIC_ACQUIRE))
		wait_a_little();
	__atomic_store_n(&many.busy, 0, __ATOMIC_RELEASE);
	uk_preempt_enable();
}

static bool everybody(void *arg UK_UNUSED, uintptr_t distance UK_UNUSED)
{
	return true;
}

void uk_lcpu_run_others(void (*fn)(void *arg), void *arg)
{
	uk_lcpu_run_where(everybody, fn, arg);
}

static void nothing(void *arg UK_UNUSED)
{
}

void uk_lcpu_wait(unsigned int idx)
{
	uk_lcpu_run(idx, nothing, NULL);
}

void uk_lcpu_resched(unsigned int idx)
{
	uk_intctlr_ipi_send(UK_IPI_RESCHED, uk_lcpu_id(idx));
}

void uk_lcpu_wakeup(unsigned int idx)
{
	uk_intctlr_ipi_send(UK_IPI_CALL, uk_lcpu_id(idx));
}
