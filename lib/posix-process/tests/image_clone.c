/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>

#include <uk/abi/resource.h>
#include <uk/abi/sched.h>
#include <uk/arch/tls.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/test.h>
#include <uk/thread.h>

#include "clone_arch.h"

#define BAD	16

/* What a C library's threads are made with. */
#define THREAD	(UK_ABI_CLONE_VM | UK_ABI_CLONE_FS | UK_ABI_CLONE_FILES | \
		 UK_ABI_CLONE_SIGHAND | UK_ABI_CLONE_THREAD |		   \
		 UK_ABI_CLONE_SYSVSEM | UK_ABI_CLONE_DETACHED)
#define JOINED	(THREAD | UK_ABI_CLONE_PARENT_SETTID |			   \
		 UK_ABI_CLONE_CHILD_CLEARTID)

/* arch/<arch>/clone_call.S */
long test_clone(unsigned long flags, void *stack, uint32_t *parent_tid,
		uint32_t *child_tid, unsigned long tls);

struct child {
	char stack[16384] UK_ALIGNED(16);
	uint32_t parent_tid, child_tid;	/* told by clone() */
	uint32_t word;			/* 0 when it has gone; atomic */
	int tid;
	uintptr_t a, b, sp, tp;
	uint32_t fp_control;
	char name[16];
	long nice;			/* as getpriority(2) tells it */
};

static struct child one;


static void look(struct child *c, uintptr_t a, uintptr_t b)
{
	c->a = a;
	c->b = b;
	c->sp = (uintptr_t)__builtin_frame_address(0);
	c->tid = (int)uk_syscall_r_gettid();
	c->tp = uk_thread_current()->tlsp;
	c->fp_control = fp_control();
	(void)uk_syscall_r_prctl(16, (long)c->name, 0, 0, 0);
}

/* What clone() returns for a @c that calls @fn. */
static long make(struct child *c, void (*fn)(struct child *, uintptr_t,
					     uintptr_t), unsigned long flags)
{
	uintptr_t *const sp = (uintptr_t *)(void *)(c->stack +
						    sizeof(c->stack)) - 2;

	c->word = 1;
	sp[0] = (uintptr_t)fn;
	sp[1] = (uintptr_t)c;
	return test_clone(flags, sp, &c->parent_tid,
			  flags & UK_ABI_CLONE_CHILD_SETTID ? &c->child_tid
							    : &c->word, 0);
}

/* It has gone, and its stack is free. */
static void join(struct child *c)
{
	while (__atomic_load_n(&c->word, __ATOMIC_ACQUIRE))
		uk_sched_yield();
}

static void until_one_is_left(void)
{
	while (uk_task_count() > 1)
		uk_sched_yield();
}

UK_TEST(clone, a_thread_goes_on_where_its_maker_was_on_its_stack)
{
	const uint32_t control = fp_control();
	long tid;

	set_fp_control(control | ROUNDING);
	tid = make(&one, look, JOINED);
	set_fp_control(control);
	UK_EXPECT(tid > 1);
	join(&one);
	UK_EXPECT_EQ(one.tid, tid);
	UK_EXPECT_EQ(one.parent_tid, tid);
	UK_EXPECT_EQ(one.a, 0x1234);
	UK_EXPECT_EQ(one.b, 0x5678);
	UK_EXPECT(one.sp - (uintptr_t)one.stack < sizeof(one.stack));
	UK_EXPECT_EQ(one.fp_control, control | ROUNDING);
	until_one_is_left();
}

UK_TEST(clone, it_has_its_makers_name_and_is_the_programs)
{
	char name[16];

	UK_EXPECT_EQ(uk_syscall_r_prctl(16, (long)name, 0, 0, 0), 0);
	UK_EXPECT(make(&one, look, JOINED) > 0);
	join(&one);
	UK_EXPECT_STR_EQ(one.name, name);
	until_one_is_left();
}

UK_TEST(clone, its_number_is_told_where_it_was_asked_for)
{
	long tid;

	one.child_tid = 0;
	tid = make(&one, look, THREAD | UK_ABI_CLONE_CHILD_SETTID);
	UK_EXPECT(tid > 1);
	until_one_is_left();
	UK_EXPECT_EQ(one.child_tid, tid);
}

static void note_tp(struct child *c, uintptr_t a UK_UNUSED,
		    uintptr_t b UK_UNUSED)
{
	uk_sched_yield();
	c->tp = ukarch_tp_get();
}

UK_TEST(clone, it_has_the_thread_pointer_that_it_is_given)
{
	uintptr_t *const sp = (uintptr_t *)(void *)(one.stack +
						    sizeof(one.stack)) - 2;

	one.word = 1;
	sp[0] = (uintptr_t)note_tp;
	sp[1] = (uintptr_t)&one;
	UK_EXPECT(test_clone(JOINED | UK_ABI_CLONE_SETTLS, sp, &one.parent_tid,
			     &one.word, 0x12345000) > 0);
	join(&one);
	UK_EXPECT_EQ(one.tp, 0x12345000);
	until_one_is_left();
}

static void nothing(struct child *c UK_UNUSED, uintptr_t a UK_UNUSED,
		    uintptr_t b UK_UNUSED)
{
}

UK_TEST(clone, a_stack_is_free_as_soon_as_the_word_is_0)
{
	for (int i = 0; i < 1000; i++) {
		if (make(&one, nothing, JOINED) <= 0) {
			UK_EXPECT(!"made");
			break;
		}
		join(&one);
		memset(one.stack, 0xff, sizeof(one.stack));
	}
	until_one_is_left();
}

UK_TEST(clone, many_run_at_once)
{
	static struct child many[16];

	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 16; i++)
			UK_EXPECT(make(&many[i], look, JOINED) > 0);
		for (int i = 0; i < 16; i++)
			join(&many[i]);
	}
	for (int i = 1; i < 16; i++)
		UK_EXPECT(many[i].tid != many[i - 1].tid);
	until_one_is_left();
}

UK_TEST(clone, no_more_threads_than_the_limit_says)
{
	struct uk_abi_rlimit was, low;

	UK_EXPECT_EQ(uk_syscall_r_getrlimit(UK_ABI_RLIMIT_NPROC, (long)&was),
		     0);
	low = (struct uk_abi_rlimit){ 1, was.max };
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_NPROC, (long)&low),
		     0);
	UK_EXPECT_EQ(make(&one, look, JOINED), -EAGAIN);
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_NPROC, (long)&was),
		     0);
	UK_EXPECT_EQ(uk_task_count(), 1);
}

UK_TEST(clone, what_would_be_no_thread_of_this_program_is_refused)
{
	static const struct {
		unsigned long flags;
		long rc;
	} row[] = {
		{ 17, -ENOSYS },	/* fork() */
		{ UK_ABI_CLONE_VM | UK_ABI_CLONE_VFORK | 17, -ENOSYS },
		{ THREAD & ~UK_ABI_CLONE_SIGHAND, -EINVAL },
		{ THREAD & ~UK_ABI_CLONE_VM, -EINVAL },
		{ THREAD & ~UK_ABI_CLONE_FILES, -ENOSYS },
		{ THREAD & ~UK_ABI_CLONE_FS, -ENOSYS },
		{ THREAD | UK_ABI_CLONE_NEWPID, -EINVAL },
		{ THREAD | UK_ABI_CLONE_NEWUSER, -EINVAL },
		{ THREAD | UK_ABI_CLONE_PIDFD, -EINVAL },
		{ THREAD | UK_ABI_CLONE_VFORK, -ENOSYS },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(row); i++)
		UK_EXPECT_EQ(make(&one, look, row[i].flags), row[i].rc);
	UK_EXPECT_EQ(test_clone(THREAD, NULL, NULL, NULL, 0), -EINVAL);
	UK_EXPECT_EQ(uk_task_count(), 1);
}

UK_TEST(clone, the_structure_of_clone3_is_checked)
{
	struct {
		struct uk_abi_clone_args args;
		uint64_t more;
	} a = { .args = { .flags = THREAD & ~UK_ABI_CLONE_DETACHED } };
	const long at = (long)&a, size = sizeof(a.args);

	UK_EXPECT_EQ(uk_syscall_r_clone3(at, 63), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, 5000), -E2BIG);
	UK_EXPECT_EQ(uk_syscall_r_clone3(BAD, 64), -EFAULT);
	/* No stack. */
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, size), -EINVAL);
	a.more = 1;
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, sizeof(a)), -E2BIG);
	a.args.stack = 4096;
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, size), -EINVAL);
	a.args.stack_size = 4096;
	a.args.exit_signal = 17;
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, size), -EINVAL);
	a.args.exit_signal = 0;
	a.args.set_tid_size = 1;
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, size), -EINVAL);
	a.args.set_tid_size = 0;
	a.args.flags |= UK_ABI_CLONE_DETACHED;
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, size), -EINVAL);
	a.args.flags = 17;
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, size), -EINVAL);
	a.args.flags = UK_ABI_CLONE_VM;
	UK_EXPECT_EQ(uk_syscall_r_clone3(at, size), -ENOSYS);
	UK_EXPECT_EQ(uk_task_count(), 1);
}

static uint32_t other_word;

static void name_other_word(struct child *c, uintptr_t a UK_UNUSED,
			    uintptr_t b UK_UNUSED)
{
	c->tid = (int)uk_syscall_r_set_tid_address((long)&other_word);
}

static void name_no_word(struct child *c, uintptr_t a UK_UNUSED,
			 uintptr_t b UK_UNUSED)
{
	c->tid = (int)uk_syscall_r_set_tid_address(BAD);
}

UK_TEST(clone, the_word_that_it_names_last_is_0_when_it_has_gone)
{
	long tid;

	other_word = 7;
	tid = make(&one, name_other_word, JOINED);
	UK_EXPECT_GT(tid, 1);
	while (__atomic_load_n(&other_word, __ATOMIC_ACQUIRE))
		uk_sched_yield();
	UK_EXPECT_EQ(one.tid, tid);
	UK_EXPECT_EQ(one.word, 1);
	until_one_is_left();
	/* And a bad one is nobody's. */
	tid = make(&one, name_no_word, JOINED);
	UK_EXPECT_GT(tid, 1);
	until_one_is_left();
	UK_EXPECT_EQ(one.tid, tid);
	UK_EXPECT_EQ(one.word, 1);
}

static long schedule(int policy, int prio)
{
	return uk_syscall_r_sched_setscheduler(0, policy, (long)&prio);
}

static void tell_schedule(struct child *c, uintptr_t a UK_UNUSED,
			  uintptr_t b UK_UNUSED)
{
	int prio = -1;

	c->a = (uintptr_t)uk_syscall_r_sched_getscheduler(0);
	UK_EXPECT_EQ(uk_syscall_r_sched_getparam(0, (long)&prio), 0);
	c->b = (uintptr_t)prio;
	c->nice = uk_syscall_r_getpriority(0, 0);
}

/*
 * Made by one of @policy, a flag of it, and @prio, which is as any other when
 * they run.
 */
static void expect_schedule(int policy, int flag, int prio, int policy_then,
			    int prio_then)
{
	UK_EXPECT_EQ(schedule(policy | flag, prio), 0);
	UK_EXPECT_EQ(uk_syscall_r_sched_getscheduler(0), policy | flag);
	UK_EXPECT_GT(make(&one, tell_schedule, JOINED), 1);
	UK_EXPECT_EQ(schedule(UK_ABI_SCHED_OTHER, 0), 0);
	until_one_is_left();
	UK_EXPECT_EQ(one.a, policy_then);
	UK_EXPECT_EQ(one.b, prio_then);
}

UK_TEST(clone, it_is_scheduled_as_its_maker_unless_it_shall_not)
{
	if (schedule(UK_ABI_SCHED_RR, 7) == -EPERM)
		UK_TEST_SKIP("a scheduler without priorities");
	expect_schedule(UK_ABI_SCHED_RR, 0, 7, UK_ABI_SCHED_RR, 7);
	expect_schedule(UK_ABI_SCHED_RR, UK_ABI_SCHED_RESET_ON_FORK, 7,
			UK_ABI_SCHED_OTHER, 0);
}

UK_TEST(clone, only_what_is_more_urgent_than_most_is_not_inherited)
{
	UK_EXPECT_EQ(uk_syscall_r_setpriority(0, 0, -5), 0);
	expect_schedule(UK_ABI_SCHED_BATCH, 0, 0, UK_ABI_SCHED_BATCH, 0);
	UK_EXPECT_EQ(one.nice, 25);
	expect_schedule(UK_ABI_SCHED_BATCH, UK_ABI_SCHED_RESET_ON_FORK, 0,
			UK_ABI_SCHED_BATCH, 0);
	UK_EXPECT_EQ(one.nice, 20);
	UK_EXPECT_EQ(uk_syscall_r_setpriority(0, 0, 0), 0);
}
