/* SPDX-License-Identifier: BSD-3-Clause */
/* What each thread has for itself: FP registers, thread-local variables. */
#include <uk/alloc.h>
#include <uk/arch/tls.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/tls_ops.h>

#include "fp_probe.h"

#define STACK	8192
#define NTHREADS	3u
#define NTURNS	4u

static struct uk_thread *start(uk_thread_fn2_t fn, void *a, void *b,
			       bool no_tls, bool no_ectx)
{
	struct uk_alloc *const heap = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn2(
		heap, fn, a, b, heap, STACK, NULL, 0, no_tls ? NULL : heap,
		no_ectx, "own", NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

static void join_all(struct uk_thread **t, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (t[i])
			uk_thread_join(t[i]);
}

/* Results of a thread, in order. */
struct found {
	bool fresh;
	unsigned int nkept;
};

static void use_fp(void *found_, void *seed_)
{
	struct found *const found = found_;
	const uint64_t seed = (uintptr_t)seed_;

	found->fresh = fp_probe_is_fresh();
	fp_probe_set(seed);
	for (unsigned int i = 0; i < NTURNS; i++) {
		uk_sched_yield();
		found->nkept += fp_probe_is(seed);
	}
}

UK_TEST(thread_own, fp_registers_of_one_thread_are_not_those_of_another)
{
	struct uk_thread *t[NTHREADS];
	struct found found[NTHREADS] = { { 0 } };

	fp_probe_set(3);
	for (uintptr_t i = 0; i < NTHREADS; i++)
		t[i] = start(use_fp, &found[i], (void *)i, false, false);
	for (unsigned int i = 0; i < NTURNS + 2; i++) {
		uk_sched_yield();
		UK_EXPECT(fp_probe_is(3));
	}
	join_all(t, NTHREADS);
	fp_probe_set(0);
	for (unsigned int i = 0; i < NTHREADS; i++) {
		UK_EXPECT(found[i].fresh);
		UK_EXPECT_EQ(found[i].nkept, NTURNS);
	}
}

static __thread int plain = 17;
static __thread int zero;
static __thread int on_line UK_ALIGNED(64) = 64;
static __thread int on_page UK_ALIGNED(4096) = 4096;

/* The compiler must not keep their addresses from one thread to another. */
UK_NOINLINE static bool is_fresh(void)
{
	return UK_READ_ONCE(plain) == 17 && UK_READ_ONCE(zero) == 0 &&
	       UK_READ_ONCE(on_line) == 64 && UK_READ_ONCE(on_page) == 4096 &&
	       UK_IS_ALIGNED((uintptr_t)&on_line, (uintptr_t)64) &&
	       UK_IS_ALIGNED((uintptr_t)&on_page, (uintptr_t)4096);
}

UK_NOINLINE static void set_all(int val)
{
	plain = zero = on_line = on_page = val;
}

UK_NOINLINE static bool are_all(int val)
{
	return UK_READ_ONCE(plain) == val && UK_READ_ONCE(zero) == val &&
	       UK_READ_ONCE(on_line) == val && UK_READ_ONCE(on_page) == val;
}

static void use_tls(void *found_, void *val_)
{
	struct found *const found = found_;
	const int val = (int)(uintptr_t)val_;

	found->fresh = is_fresh();
	set_all(val);
	for (unsigned int i = 0; i < NTURNS; i++) {
		uk_sched_yield();
		found->nkept += are_all(val);
	}
}

UK_TEST(thread_own, thread_local_variables_are_fresh_aligned_and_its_own)
{
	struct uk_thread *t[NTHREADS];
	struct found found[NTHREADS] = { { 0 } };

	UK_EXPECT(is_fresh());
	for (uintptr_t i = 0; i < NTHREADS; i++)
		t[i] = start(use_tls, &found[i], (void *)(i + 1), false, true);
	for (unsigned int i = 0; i < NTURNS + 1; i++) {
		uk_sched_yield();
		UK_EXPECT(is_fresh());
	}
	for (unsigned int i = 0; i < NTHREADS; i++)
		if (t[i] && !uk_thread_is_exited(t[i]))
			UK_EXPECT_EQ(uk_thread_uktls_var(t[i], plain), i + 1);
	join_all(t, NTHREADS);
	for (unsigned int i = 0; i < NTHREADS; i++) {
		UK_EXPECT(found[i].fresh);
		UK_EXPECT_EQ(found[i].nkept, NTURNS);
	}
}

static void read_main_tls(void *seen, void *main_thread)
{
	*(int *)seen = uk_thread_uktls_var((struct uk_thread *)main_thread,
					   plain);
}

UK_TEST(thread_own, variables_of_another_thread_can_be_looked_at)
{
	struct uk_thread *const me = uk_thread_current();
	struct uk_thread *t;
	int seen = 0;

	UK_EXPECT_EQ(uk_thread_uktls_var(me, plain), 17);
	plain = 18;
	t = start(read_main_tls, &seen, me, false, true);
	if (t)
		uk_thread_join(t);
	plain = 17;
	UK_EXPECT_EQ(seen, 18);
}

/* The thread pointer is what it was when the thread before left it. */
static void see_pointer(void *seen, void *unused UK_UNUSED)
{
	*(uintptr_t *)seen = ukarch_tp_get();
	uk_sched_yield();
}

UK_TEST(thread_own, a_thread_without_local_storage_leaves_others_theirs)
{
	const uintptr_t mine = ukarch_tp_get();
	uintptr_t seen = 0;
	struct uk_thread *const t = start(see_pointer, &seen, NULL, true, true);

	if (!t)
		return;
	UK_EXPECT(!(t->flags & UK_THREADF_UKTLS));
	uk_sched_yield();
	UK_EXPECT_EQ(ukarch_tp_get(), mine);
	UK_EXPECT(is_fresh());
	uk_thread_join(t);
	UK_EXPECT_EQ(ukarch_tp_get(), mine);
}

/* A program's own thread pointer, which the image's code knows nothing of. */
static uintptr_t program[4];
static uintptr_t pointers[NTURNS];

UK_NORETURN static void run_program(void)
{
	for (unsigned int i = 0; i < NTURNS; i++) {
		pointers[i] = ukarch_tp_get();
		uk_sched_yield();
	}
	uk_thread_exit();
}

UK_TEST(thread_own, a_thread_pointer_that_somebody_brings_is_the_threads)
{
	static char stack[STACK] UK_ALIGNED(16);
	const uintptr_t mine = ukarch_tp_get();
	const uintptr_t its = (uintptr_t)&program[2];
	struct uk_thread *const t = uk_thread_create_bare(
		uk_alloc_get_default(), (uintptr_t)run_program,
		(uintptr_t)stack + STACK, 0, its, false, true, "program",
		NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT(!(t->flags & UK_THREADF_UKTLS));
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	for (unsigned int i = 0; i < NTURNS; i++) {
		uk_sched_yield();
		UK_EXPECT_EQ(ukarch_tp_get(), mine);
		UK_EXPECT(is_fresh());
	}
	uk_thread_join(t);
	UK_EXPECT_EQ(ukarch_tp_get(), mine);
	for (unsigned int i = 0; i < NTURNS; i++)
		UK_EXPECT_EQ(pointers[i], its);
}

UK_TEST(thread_own, a_control_block_of_odd_alignment_is_refused)
{
	static const struct uk_tls_ops ops = { .size = 64, .align = 32 };

	UK_EXPECT_EQ(uk_tls_ops_register(&ops), -EINVAL);
}
