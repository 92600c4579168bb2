/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The start of one CPU after the other. Each gets its per-CPU block from the
 * heap, and stacks (stacks.c).
 *
 * Who comes up in time is decided by one exchange on its state: the CPU moves
 * it from STARTING to UP, or the boot CPU, whose patience has an end, to
 * FAILED; the loser sees it. A CPU that lost halts, and its memory stays, as
 * it may be running there.
 */
#include <uk/lcpu.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/lcpu.h>
#include <uk/arch/paging.h>
#include <uk/assert.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/libparam.h>
#include <uk/pagetable.h>
#include <uk/print.h>
#include <uk/string.h>
#include <uk/time.h>

#include "uklcpu_priv.h"

/* Patience per attempt: emulators are slow to run a CPU for the first time. */
#define FIRST_NS	(20 * UK_TIME_NS_PER_MS)
#define LAST_NS		(460 * UK_TIME_NS_PER_MS)
#define POLL_NS		(20 * UK_TIME_NS_PER_US)

UK_EVENT(uk_lcpu_up);

/* Sleep; calls come as interrupts. */
UK_NORETURN static void sleep_forever(void)
{
	for (;;) {
		ukarch_irq_disable();
		uk_time_idle();
	}
}

/* Boot CPU only. */
static struct {
	uint64_t low;		/* memory below 1 MiB; 0: none */
	uint32_t max;
	UK_NORETURN void (*main)(void);
	bool calls_ready;
} start = { .max = UK_LCPU_MAX, .main = sleep_forever };

UK_LIBPARAM(max, u32, &start.max, "CPUs to use at most");

void uk_lcpu_set_main(UK_NORETURN void (*fn)(void))
{
	start.main = fn;
}

/* What it takes on the new CPU before others may count on it. */
static int get_ready(void)
{
	int rc = uk_intctlr_cpu_init();

	if (rc < 0)
		return rc;
	uk_time_cpu_start();
	return 0;
}

/* From STARTING to @state, once: false if it has been moved before. */
static bool settle(struct lcpu *cpu, enum uk_lcpu_state state)
{
	uint32_t was = UK_LCPU_STARTING;

	/*
	 * Release: what a CPU has set up is seen by who finds it up.
	 * Acquire: by the boot CPU, if that CPU was faster.
	 */
	return __atomic_compare_exchange_n(&cpu->state, &was, state, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

UK_NORETURN static void entered(void *arg)
{
	struct lcpu *const cpu = arg;

	if (get_ready() < 0)
		(void)settle(cpu, UK_LCPU_FAILED);
	else if (settle(cpu, UK_LCPU_UP)) {
		/* What was unmapped before it counted as one to be told. */
		ukarch_tlb_flush_all();
		(void)uk_event_raise(uk_lcpu_up, NULL);
		start.main();
	}
	ukarch_halt_forever();
}

static size_t block_len(void)
{
	return UK_ALIGN_UP((size_t)(uk_percpu_end - uk_percpu_start),
			   (size_t)UK_CACHELINE);
}

/* Lay out the memory of a CPU; NULL: there is none. */
static struct ukarch_lcpu_start *make_start(struct lcpu *cpu, uint64_t idx)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct lcpu_stacks stacks;
	struct ukarch_lcpu_start *s;
	char *const block = uk_memalign(a, UK_CACHELINE,
					block_len() + sizeof(*s));

	if (!block)
		return NULL;
	if (lcpu_stacks_make((unsigned int)idx, &stacks) < 0) {
		uk_free(a, block);
		return NULL;
	}
	s = (struct ukarch_lcpu_start *)(void *)(block + block_len());
	memset(block, 0, block_len());
	*s = (struct ukarch_lcpu_start){
		.trap_stack_top = stacks.trap_top,
		.percpu = (uintptr_t)block - (uintptr_t)uk_percpu_start,
		.stack_top = stacks.boot_top,
		.extra = stacks.extra,
		.hwid = cpu->hwid,
		.idx = idx,
		.fn = entered,
		.arg = cpu,
	};
	cpu->percpu = s->percpu;
	return s;
}

/* Wait for @ns at most until @cpu is up, or has failed; what it is then. */
static uint32_t wait_for(struct lcpu *cpu, uint64_t ns)
{
	const uint64_t end = uk_time_now() + ns;
	uint32_t state;

	do {
		/* Pairs with settle() on the other CPU. */
		state = __atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE);
		if (state != UK_LCPU_STARTING)
			break;
		uk_time_spin(POLL_NS);
	} while (uk_time_now() < end);
	return state;
}

static int send_off(struct lcpu *cpu, const struct ukarch_lcpu_start *s)
{
	const struct uk_lcpu_ops *const ops = lcpu_ops();
	const uint64_t entry = ukarch_lcpu_start_prepare(s, start.low);
	uint32_t state = UK_LCPU_STARTING;
	int rc = 0;

	for (unsigned int i = 0; i < UK_LCPU_ATTEMPTS; i++) {
		const bool last = i == UK_LCPU_ATTEMPTS - 1;

		rc = ops->start(cpu->hwid, cpu->cookie, entry, i);
		if (rc < 0)
			break;
		state = wait_for(cpu, last ? LAST_NS : FIRST_NS);
		if (state != UK_LCPU_STARTING)
			break;
	}
	if (state == UK_LCPU_FAILED)
		return -EIO;
	if (state == UK_LCPU_UP || !settle(cpu, UK_LCPU_FAILED))
		return 0;
	return rc < 0 ? rc : -ETIMEDOUT;
}

/* Have calls taken, and this machine's CPUs stopped in a crash. */
static int get_calls_ready(void)
{
	int rc;

	if (start.calls_ready)
		return 0;
	rc = lcpu_call_init();
	if (rc < 0)
		return rc;
	lcpu_stop_init();
	uk_paging_set_remote(uk_lcpu_run_where);
	start.calls_ready = true;
	return 0;
}

static int can_start(const struct lcpu *cpu)
{
	if (cpu->state == UK_LCPU_UP)
		return -EALREADY;
	if (cpu->state == UK_LCPU_FAILED || !lcpu_ops())
		return -ENODEV;
	if (ukarch_lcpu_low_size() && !start.low) {
		uk_pr_err("no page below 1 MiB is free: other CPUs cannot be "
			  "started");
		return -ENODEV;
	}
	return get_calls_ready();
}

int uk_lcpu_start(unsigned int idx)
{
	struct lcpu_map *const map = lcpu_map_get();
	const struct ukarch_lcpu_start *s;
	struct lcpu *cpu;
	int rc;

	if (idx >= map->count)
		return -EINVAL;
	cpu = &map->cpu[idx];
	rc = can_start(cpu);
	if (rc < 0)
		return rc;
	s = make_start(cpu, idx);
	if (!s)
		return -ENOMEM;

	/* Other CPUs find the clock chosen. */
	(void)uk_time_now();
	cpu->state = UK_LCPU_STARTING;
	rc = send_off(cpu, s);
	(void)ukarch_lcpu_start_prepare(NULL, start.low);
	return rc;
}

/* Is CPU @idx up now? One that fails is reported once. */
static bool start_one(unsigned int idx)
{
	int rc;

	if (uk_lcpu_state(idx) == UK_LCPU_UP)
		return true;
	if (uk_lcpu_state(idx) == UK_LCPU_FAILED)
		return false;
	rc = uk_lcpu_start(idx);
	if (rc < 0)
		uk_pr_err("CPU %u, hardware id %#lx, does not start, error "
			  "%d: it is left out", idx, uk_lcpu_id(idx), -rc);
	return rc == 0;
}

unsigned int uk_lcpu_start_all(void)
{
	const unsigned int count = UK_MIN(uk_lcpu_count(), start.max);
	unsigned int nup = 1;

	for (unsigned int i = 1; i < count; i++)
		nup += start_one(i);
	uk_pr_info("%u of %u CPUs are up", nup, uk_lcpu_count());
	return nup;
}

static int lcpu_init(const struct uk_boot_ctx *ctx)
{
	start.low = ctx->bi->start_page;
	return 0;
}

UK_INIT(CPU, lcpu_init, NULL);
