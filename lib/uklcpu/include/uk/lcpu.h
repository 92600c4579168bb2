/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/event.h>
#include <uk/percpu.h>

/*
 * The CPUs of the machine, by logical index: 0 is the one that booted, the
 * others follow without gaps in the order in which firmware lists them. Every
 * call here takes indices. What the hardware goes by (APIC id, MPIDR) is
 * another number, with gaps and in no order: uk_lcpu_id() has it.
 *
 * CPUs are looked for when the first call asks for them. None is started by
 * itself: a scheduler does it (stage SCHED), or whoever has work for them.
 *
 * Context, unless said otherwise: any, after the first call, which is made by
 * the boot CPU in stage CPU or later.
 */

/* More CPUs than this are counted in the log, and left alone. */
#define UK_LCPU_MAX	CONFIG_LIBUKLCPU_MAX

enum uk_lcpu_state {
	UK_LCPU_OFF,		/* never started */
	UK_LCPU_STARTING,
	UK_LCPU_UP,
	UK_LCPU_FAILED,		/* did not come up, and is left out */
};

/* How many there are, started or not; 1 to UK_LCPU_MAX. */
unsigned int uk_lcpu_count(void);

/* How many are up, this one included. */
unsigned int uk_lcpu_nup(void);

/* The index of this CPU. Context: one in which the CPU cannot change. */
static inline unsigned int uk_lcpu_idx(void)
{
	return uk_this_cpu(uk_cpu).idx;
}

/* The hardware id of CPU @idx. */
uint64_t uk_lcpu_id(unsigned int idx);

/* The index of the CPU with hardware id @hwid, or -ENOENT. */
UK_MUST_USE
int uk_lcpu_find(uint64_t hwid);

/* What has become of CPU @idx. What it wrote before it was up is seen. */
enum uk_lcpu_state uk_lcpu_state(unsigned int idx);

/* The distance of its block, for uk_percpu_ptr(); @idx is or was up. */
uintptr_t uk_lcpu_percpu(unsigned int idx);

/*
 * Start CPU @idx and wait until it is up, half a second at most. One call at
 * a time. Returns 0, or
 *   -EINVAL     there is no such CPU
 *   -EALREADY   it is up
 *   -ENOMEM     no memory for its block and stacks
 *   -ENODEV     this machine has no way to start it, or it failed before
 *   -ETIMEDOUT  it did not come up: it is left out, for good
 *   -EIO        it came, and its part of the interrupt controller cannot be
 *               used: it is left out
 *   other errors of the way it is started
 * Context: thread on the boot CPU.
 */
UK_MUST_USE
int uk_lcpu_start(unsigned int idx);

/*
 * Start all that are off, up to the parameter uklcpu.max CPUs; those that do
 * not come up are reported. Returns how many are up then.
 * Context: as above.
 */
unsigned int uk_lcpu_start_all(void);

/*
 * Raised on a CPU that has come up, with interrupts off and ready to be used,
 * before it goes on to what uk_lcpu_set_main() says. The data is NULL.
 */
UK_EVENT_DECLARE(uk_lcpu_up);

/*
 * What a CPU runs when it is up: @fn(), in its boot context, interrupts off;
 * it does not return. By default it sleeps, and does what it is called for.
 * Set before CPUs are started. Context: thread.
 */
void uk_lcpu_set_main(UK_NORETURN void (*fn)(void));

/*
 * Work for other CPUs. It is done in an interrupt there: @fn does not block
 * and does not use the heap. What was written before the call is seen by @fn,
 * and what @fn wrote is seen after it. Calls are taken from the first start of
 * a CPU on.
 */

/*
 * Call @fn(@arg) on CPU @idx, which is up, and wait until it has returned. On
 * this CPU it is simply called, with interrupts off.
 *
 * Context: any. With interrupts off it does, while it waits, what this CPU is
 * called for; so two CPUs that call each other never wait for ever. In an
 * interrupt, or with a lock held that such a function takes, only post.
 */
void uk_lcpu_run(unsigned int idx, void (*fn)(void *arg), void *arg);

/* The same on all other CPUs that are up, at once; one such call at a time. */
void uk_lcpu_run_others(void (*fn)(void *arg), void *arg);

/*
 * The same on those of them for which @who(@arg, the distance of its block) is
 * true. It is asked by the caller's CPU.
 */
void uk_lcpu_run_where(bool (*who)(void *arg, uintptr_t distance),
		       void (*fn)(void *arg), void *arg);

/* One call, in the caller's memory until it has been made. */
struct uk_lcpu_call {
	void (*fn)(void *arg);
	void *arg;
	struct uk_lcpu_call *next;	/* private */
	uint32_t done;			/* private: uk_lcpu_call_done() */
};

/*
 * Have @call made on CPU @idx, which is up, and go on. Calls of one CPU to
 * another are made in their order. @call is not in use, and stays as it is
 * until uk_lcpu_call_done(). Context: any but NMI.
 */
void uk_lcpu_post(unsigned int idx, struct uk_lcpu_call *call);

static inline bool uk_lcpu_call_done(const struct uk_lcpu_call *call)
{
	/* Pairs with the release after its function has returned. */
	return __atomic_load_n(&call->done, __ATOMIC_ACQUIRE);
}

/*
 * Wait until CPU @idx has made every call that was posted to it before.
 * Context: as uk_lcpu_run().
 */
void uk_lcpu_wait(unsigned int idx);

/*
 * Have all other CPUs that are up stand still, in an interrupt, until
 * uk_lcpu_let_go(). A CPU stands wherever it takes interrupts: what it holds
 * with interrupts on (a lock, a part of the heap) stays held, so none of that
 * is used meanwhile, nor is a call to a CPU waited for. None is started.
 *
 * Returns 0, and this CPU has interrupts off from here on; or
 *   -ETIMEDOUT  a CPU keeps interrupts off for three seconds: none is held
 * Context: thread, interrupts on, no spinlock held.
 */
UK_MUST_USE int uk_lcpu_hold_others(void);

/*
 * Let them go on, each after it has called @fn(@arg), unless @fn is NULL, as
 * it is called in an interrupt; all have returned from it when this returns,
 * with interrupts on again. Context: as uk_lcpu_hold_others() left it.
 */
void uk_lcpu_let_go(void (*fn)(void *arg), void *arg);

/*
 * Have CPU @idx, which is up, switch threads as soon as it can: its end of an
 * interrupt looks whether one is due (<uk/preempt.h>). Context: any but NMI.
 */
void uk_lcpu_resched(unsigned int idx);

/* Interrupt CPU @idx, which is up: it leaves uk_time_idle(). As above. */
void uk_lcpu_wakeup(unsigned int idx);
