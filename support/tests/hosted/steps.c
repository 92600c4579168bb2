/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The cases with threads once more, in an order that a seed decides. The
 * threads are coroutines of one thread of the host, and what is compiled for
 * ThreadSanitizer tells this file, in that one's place, of each access to
 * memory: before any of them another thread may get its turn. So races that
 * need a switch between two certain instructions are met, and met again with
 * the same seed: STEPS_SEED in the environment. (With STEPS_COUNT there, each
 * run says how many steps it took.)
 *
 * How long turns are changes from run to run of hosted_threads(), as some
 * mistakes need a thread to stand still for long and others many short turns.
 * Each run begins with the seed anew, so a case alone is as it was among all.
 *
 * All see each access at once, in this order; what weaker memory makes of it
 * is for ThreadSanitizer itself. Time passes with the steps.
 *
 * It sees libc and no Kiln header, and is not compiled for ThreadSanitizer.
 */
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define MOST		16u
#define STACK		(256u * 1024)

/* Steps of a run that ends: at most some 10 millions. */
#define STEPS_MAX	UINT64_C(400000000)

#define NS_PER_STEP	5u

/* Powers of 2: the longest turns, in the runs that have the shortest ones. */
#define SHORT		3u
#define LONG		14u

void hosted_threads(unsigned int n, void (*fn)(void *arg, unsigned int i),
		    void *arg);
void hosted_yield(void);
uint64_t hosted_ticks(void);

/* What each CPU has of its own. */
extern __thread void *hosted_current;
extern __thread uintptr_t hosted_percpu;

struct coroutine {
	ucontext_t begin;
	jmp_buf here;		/* where it goes on, once it has begun */
	void *stack;
	void *current;		/* these two, meanwhile */
	uintptr_t percpu;
	uint64_t boot[8];	/* room for the first one */
	bool begun, done;
};

static struct {
	void (*fn)(void *arg, unsigned int i);
	void *arg;
	struct coroutine c[MOST];
	jmp_buf back;
	unsigned int n;
	unsigned int now;		/* whose turn it is */
	bool running;
	uint64_t random;
	uint64_t turn;			/* steps until another gets one */
	unsigned int longest;		/* turn, as a power of 2 */
	uint64_t steps, ns;
	bool told;
} run;

static uint64_t seed(void)
{
	const char *const text = getenv("STEPS_SEED");

	return text ? strtoull(text, NULL, 0) : 1;
}

/* Marsaglia's xorshift64*, "Some very good xorshift generators", 2014. */
static uint64_t draw(uint64_t below)
{
	run.random ^= run.random >> 12;
	run.random ^= run.random << 25;
	run.random ^= run.random >> 27;
	return (run.random * UINT64_C(0x2545f4914f6cdd1d) >> 33) % below;
}

/* Contexts begin by ucontext, which calls the kernel, and go on by longjmp. */
_Noreturn static void resume(unsigned int next)
{
	struct coroutine *const to = &run.c[next];

	run.now = next;
	run.turn = 1 + draw(UINT64_C(1) << draw(run.longest + 1));
	hosted_current = to->current;
	hosted_percpu = to->percpu;
	if (to->begun)
		_longjmp(to->here, 1);
	to->begun = true;
	setcontext(&to->begin);
	abort();
}

static void go_to(unsigned int next)
{
	struct coroutine *const from = &run.c[run.now];

	from->current = hosted_current;
	from->percpu = hosted_percpu;
	if (!_setjmp(from->here))
		resume(next);
}

/* Any that is left but, if there is a choice, the one whose turn it is. */
static unsigned int another(void)
{
	unsigned int others = 0, which;

	for (unsigned int i = 0; i < run.n; i++)
		others += i != run.now && !run.c[i].done;
	if (!others)
		return run.now;
	which = (unsigned int)draw(others);
	for (unsigned int i = 0;; i++)
		if (i != run.now && !run.c[i].done && which-- == 0)
			return i;
}

static void step(void)
{
	if (!run.running)
		return;
	run.ns += NS_PER_STEP;
	if (++run.steps > STEPS_MAX) {
		printf("# steps: no end after %ju steps with STEPS_SEED=%ju\n",
		       (uintmax_t)run.steps, (uintmax_t)seed());
		fflush(stdout);
		abort();
	}
	if (--run.turn == 0)
		go_to(another());
}

void hosted_yield(void)
{
	step();
	if (run.running)
		go_to(another());
}

uint64_t hosted_ticks(void)
{
	/* Who waits for a time makes it pass. */
	run.ns += 20 * NS_PER_STEP;
	return run.ns;
}

static void work(void)
{
	unsigned int next;

	run.fn(run.arg, run.now);
	run.c[run.now].done = true;
	next = another();
	if (next != run.now)
		resume(next);
	run.running = false;
	_longjmp(run.back, 1);
}

static void prepare(struct coroutine *c)
{
	memset(c, 0, sizeof(*c));
	c->current = c->boot;
	c->stack = malloc(STACK);
	if (!c->stack || getcontext(&c->begin))
		abort();
	c->begin.uc_stack.ss_sp = c->stack;
	c->begin.uc_stack.ss_size = STACK;
	makecontext(&c->begin, work, 0);
}

static void begin_run(unsigned int n)
{
	if (n < 1 || n > MOST || run.running)
		abort();
	if (!run.told)
		printf("# steps: STEPS_SEED=%ju\n", (uintmax_t)seed());
	fflush(stdout);
	run.told = true;
	run.n = n;
	run.steps = 0;
	run.random = (seed() + 1) * UINT64_C(0x9e3779b97f4a7c15);
	run.longest = SHORT + (unsigned int)draw(LONG - SHORT + 1);
	for (unsigned int i = 0; i < n; i++)
		prepare(&run.c[i]);
	run.running = true;
}

void hosted_threads(unsigned int n, void (*fn)(void *arg, unsigned int i),
		    void *arg)
{
	void *const before = hosted_current;

	run.fn = fn;
	run.arg = arg;
	begin_run(n);
	if (!_setjmp(run.back))
		resume((unsigned int)draw(n));
	hosted_current = before;
	hosted_percpu = 0;
	for (unsigned int i = 0; i < run.n; i++)
		free(run.c[i].stack);
	if (getenv("STEPS_COUNT"))
		printf("# steps: a run of %ju\n", (uintmax_t)run.steps);
	fflush(stdout);
}

/*
 * What the compiler calls with -fsanitize=thread. Of two accesses the call for
 * the first, too, comes before the first.
 */

#define UNUSED	__attribute__((unused))

#define ACCESS(name, ...)						\
	void __tsan_##name(__VA_ARGS__);				\
	void __tsan_##name(__VA_ARGS__)					\
	{								\
		step();							\
	}

#define NOTHING(name, ...)						\
	void __tsan_##name(__VA_ARGS__);				\
	void __tsan_##name(__VA_ARGS__)					\
	{								\
	}

#define ACCESSES(bytes)							\
	ACCESS(read##bytes, void *at UNUSED)		\
	ACCESS(write##bytes, void *at UNUSED)		\
	ACCESS(unaligned_read##bytes, void *at UNUSED)	\
	ACCESS(unaligned_write##bytes, void *at UNUSED)

ACCESSES(1)
ACCESSES(2)
ACCESSES(4)
ACCESSES(8)
ACCESSES(16)
ACCESS(read_range, void *at UNUSED, unsigned long size UNUSED)
ACCESS(write_range, void *at UNUSED, unsigned long size UNUSED)
ACCESS(atomic_thread_fence, int order UNUSED)
ACCESS(atomic_signal_fence, int order UNUSED)
NOTHING(init, void)
NOTHING(func_entry, void *from UNUSED)
NOTHING(func_exit, void)

#define UPDATE(bits, type, name)					\
	type __tsan_atomic##bits##_fetch_##name(			\
		volatile type *at, type val, int order);		\
	type __tsan_atomic##bits##_fetch_##name(			\
		volatile type *at, type val,				\
		int order UNUSED)			\
	{								\
		step();							\
		return __atomic_fetch_##name(at, val, __ATOMIC_SEQ_CST);\
	}

/* A weak exchange may fail for no reason, and now and then does. */
#define EXCHANGE(bits, type, kind, fails)				\
	int __tsan_atomic##bits##_compare_exchange_##kind(		\
		volatile type *at, type *is, type val, int order,	\
		int order_else);					\
	int __tsan_atomic##bits##_compare_exchange_##kind(		\
		volatile type *at, type *is, type val,			\
		int order UNUSED,			\
		int order_else UNUSED)			\
	{								\
		step();							\
		if (fails)						\
			return 0;					\
		return __atomic_compare_exchange_n(			\
			at, is, val, 0, __ATOMIC_SEQ_CST,		\
			__ATOMIC_SEQ_CST);				\
	}

#define ATOMICS(bits, type)						\
	type __tsan_atomic##bits##_load(const volatile type *at,	\
					int order);			\
	type __tsan_atomic##bits##_load(				\
		const volatile type *at,				\
		int order UNUSED)			\
	{								\
		step();							\
		return __atomic_load_n(at, __ATOMIC_SEQ_CST);		\
	}								\
	void __tsan_atomic##bits##_store(volatile type *at, type val,	\
					 int order);			\
	void __tsan_atomic##bits##_store(				\
		volatile type *at, type val,				\
		int order UNUSED)			\
	{								\
		step();							\
		__atomic_store_n(at, val, __ATOMIC_SEQ_CST);		\
	}								\
	type __tsan_atomic##bits##_exchange(volatile type *at, type val,\
					    int order);			\
	type __tsan_atomic##bits##_exchange(				\
		volatile type *at, type val,				\
		int order UNUSED)			\
	{								\
		step();							\
		return __atomic_exchange_n(at, val, __ATOMIC_SEQ_CST);	\
	}								\
	UPDATE(bits, type, add)						\
	UPDATE(bits, type, sub)						\
	UPDATE(bits, type, and)						\
	UPDATE(bits, type, or)						\
	UPDATE(bits, type, xor)						\
	EXCHANGE(bits, type, strong, 0)					\
	EXCHANGE(bits, type, weak, run.running && draw(16) == 0)

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)
