/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls by the instruction: what the caller finds after them, whatever
 * happens meanwhile, and where there may be none.
 *
 * No call of this image is used but one that fails: what a call does while it
 * lasts is done by the function that is registered for its end.
 */
#include "probe.h"

#include <stdbool.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/arch/syscall.h>
#include <uk/arch/trap.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_jump.h>
#include <uk/thread.h>

#include "../syscall_shim_priv.h"

#define NR_NONE		100000

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
/* CF, PF, AF, ZF, SF, DF, OF, NT, AC; IF and the bit that is always 1. */
#define FLAGS		0x44ed7u
#define FLAGS_MASK	0x44ed7u
#define IRQ_OFF		(FLAGS & ~0x200u)

static uint64_t has_avx(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	if (!(c >> 27 & 1) || !(c >> 28 & 1))
		return 0;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return (a & 6) == 6;
}

#define CHANGE(regs)	((regs)->r12 = 77, (regs)->rcx = 78)
#define BREAK		"int3"
#define CRASH(text)	("system call instruction " text)

static const unsigned int arguments[] = { RDI, RSI, RDX, RCX, R8, R9 };

/* What the instruction itself leaves in a register. */
static uint64_t wanted(const struct call_probe *p, unsigned int i)
{
	if (i == RCX)
		return (uintptr_t)call_probe_after;
	return i == R11 ? p->flags_in : p->in[i];
}
#else
#define FLAGS		0xf0000000u
#define FLAGS_MASK	0xf0000000u
#define IRQ_OFF		FLAGS
#define CHANGE(regs)	((regs)->x[KEPT] = 77, (regs)->x[2] = 78)
#define BREAK		"brk #0"
/* The exception's text: there is no call to speak of. */
#define CRASH(text)	("system call instruction (SVC) with a number other " \
			 "than 0, or where no system call can be made")

static const unsigned int arguments[] = { 0, 1, 2, 3, 4, 5 };

static uint64_t has_avx(void)
{
	return 0;
}

static uint64_t wanted(const struct call_probe *p, unsigned int i)
{
	return p->in[i];
}
#endif

static void fill(struct call_probe *p, uint64_t seed, long nr)
{
	memset(p, 0, sizeof(*p));
	for (unsigned int i = 0; i < NREGS; i++)
		p->in[i] = UINT64_C(0xfeedface00000000) + seed * 256 + i;
	for (unsigned int i = 0; i < NVECS; i++)
		memset(p->vec_in[i], (int)(seed * 32 + i), VEC_LEN);
	p->in[NR] = (uint64_t)nr;
	p->flags_in = FLAGS;
	p->avx = has_avx();
	/* Without AVX the upper halves are not there. */
	for (unsigned int i = 0; !p->avx && i < NVECS; i++)
		memset(p->vec_in[i] + 16, 0, VEC_LEN - 16);
}

/* How many things are not as they must be after a call with result @ret. */
static unsigned int nlost(const struct call_probe *p, long ret)
{
	unsigned int n = p->out[RET] != (uint64_t)ret;

	for (unsigned int i = 0; i < NREGS; i++)
		n += i != RET && p->out[i] != wanted(p, i);
	for (unsigned int i = 0; i < NRED; i++)
		n += p->red[i] != 0x5a5a0000 + 8 * (i + 1);
	n += (p->flags_out & FLAGS_MASK) != (p->flags_in & FLAGS_MASK);
	for (unsigned int i = 0; i < NVECS; i++)
		n += memcmp(p->vec_in[i], p->vec_out[i], VEC_LEN) != 0;
	return n;
}

static uk_call_exit_fn kept, at_end;

/* At the end of an interrupt that comes before the call nothing is done. */
static bool at_call(long *ret, struct ukarch_regs *regs)
{
	return ret && at_end(ret, regs);
}

static void begin(uk_call_exit_fn fn)
{
	kept = syscall_shim_exit;
	at_end = fn;
	syscall_shim_exit = at_call;
}

static void end(void)
{
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
	UK_EXPECT_EQ(ukarch_current()->pending, 0);
	syscall_shim_exit = kept;
}

static void ask(void)
{
	uk_call_ask(ukarch_current(), UK_CALL_SIGNAL);
}

static void done(void)
{
	uk_call_done(ukarch_current(), UK_CALL_SIGNAL);
}

UK_TEST(trap, a_call_keeps_all_registers_but_its_result)
{
	struct call_probe p;

	fill(&p, 1, NR_NONE);
	call_probe(&p);
	UK_EXPECT_EQ(nlost(&p, -ENOSYS), 0);
	fill(&p, 2, -1);
	call_probe(&p);
	UK_EXPECT_EQ(nlost(&p, -ENOSYS), 0);
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
}

UK_TEST(trap, it_ends_in_the_same_function_as_a_direct_call)
{
	struct call_probe p;

	if (!uk_syscall_provided(SYS_write))
		UK_TEST_SKIP("nobody provides write in this image");
	fill(&p, 3, SYS_write);
	p.in[ARG0] = (uint64_t)-1;
	call_probe(&p);
	UK_EXPECT_EQ(nlost(&p, -EBADF), 0);
}

static struct {
	uint32_t calls;
	bool trapped;
	bool irq_on;
	uintptr_t sp;
	struct ukarch_regs regs;
	unsigned int n;
} saw;

static bool look(long *ret, struct ukarch_regs *regs)
{
	struct uk_current *const cur = ukarch_current();

	saw.calls = cur->calls;
	saw.trapped = uk_call_is_trapped(cur);
	saw.irq_on = ukarch_irq_enabled();
	saw.sp = ukarch_sp();
	saw.regs = *regs;
	saw.n++;
	UK_EXPECT_EQ(*ret, -ENOSYS);
	done();
	return false;
}

UK_TEST(trap, its_end_sees_the_caller_s_registers)
{
	const struct uk_thread *const me = uk_thread_current();
	struct call_probe p;

	begin(look);
	fill(&p, 4, NR_NONE);
	ask();
	call_probe(&p);
	UK_EXPECT_EQ(nlost(&p, -ENOSYS), 0);
	UK_EXPECT_EQ(ukarch_regs_call(&saw.regs), NR_NONE);
	UK_EXPECT_EQ(ukarch_regs_call_arg(&saw.regs, 0), (long)p.in[ARG0]);
	UK_EXPECT_EQ(ukarch_regs_ip(&saw.regs), call_probe_after);
	UK_EXPECT(ukarch_regs_irq_on(&saw.regs));
	UK_EXPECT(saw.trapped);
	UK_EXPECT_LT(me->auxsp - saw.sp, 4096);
	end();
}

UK_TEST(trap, interrupts_are_as_the_caller_has_them)
{
	struct call_probe p;
	unsigned long irq;

	begin(look);
	fill(&p, 5, NR_NONE);
	ask();
	call_probe(&p);
	UK_EXPECT(saw.irq_on);
	UK_EXPECT(ukarch_irq_enabled());

	p.flags_in = IRQ_OFF;
	ask();
	irq = ukarch_irq_save();
	call_probe(&p);
	UK_EXPECT(!ukarch_irq_enabled());
	ukarch_irq_restore(irq);
	UK_EXPECT(!saw.irq_on);
	UK_EXPECT(!ukarch_regs_irq_on(&saw.regs));
	UK_EXPECT_EQ(nlost(&p, -ENOSYS), 0);
	end();
}

static bool change(long *ret, struct ukarch_regs *regs)
{
	CHANGE(regs);
	*ret = -EINTR;
	done();
	return false;
}

UK_TEST(trap, its_end_may_change_them_and_the_result)
{
	struct call_probe p;

	begin(change);
	fill(&p, 6, NR_NONE);
	ask();
	call_probe(&p);
	UK_EXPECT_EQ(p.out[KEPT], 77);
	UK_EXPECT_EQ(p.out[2], 78);
	UK_EXPECT_EQ((long)p.out[RET], -EINTR);
	UK_EXPECT_EQ(nlost(&p, -EINTR), 2);
	end();
}

static unsigned int left;

static bool again(long *ret UK_UNUSED, struct ukarch_regs *regs UK_UNUSED)
{
	if (--left == 0)
		done();
	return left;
}

UK_TEST(trap, it_is_made_again_when_its_end_says_so)
{
	struct call_probe p;

	begin(again);
	left = 3;
	fill(&p, 7, NR_NONE);
	ask();
	call_probe(&p);
	UK_EXPECT_EQ(left, 0);
	UK_EXPECT_EQ(nlost(&p, -ENOSYS), 0);
	end();
}

static unsigned int ninner;

/* As if a handler of a signal were called, which makes a call. */
static bool run_handler(long *ret UK_UNUSED, struct ukarch_regs *regs UK_UNUSED)
{
	struct call_probe p;
	uint32_t calls;

	done();
	fill(&p, 8, NR_NONE);
	calls = uk_call_out();
	call_probe(&p);
	uk_call_in(calls);
	ninner += nlost(&p, -ENOSYS) == 0;
	return false;
}

UK_TEST(trap, a_handler_makes_calls_inside_the_call_of_a_function)
{
	struct uk_current *const cur = uk_call_enter();

	begin(run_handler);
	ninner = 0;
	ask();
	uk_call_leave(cur);
	UK_EXPECT_EQ(ninner, 1);
	end();
}

/* As if one were to be run, and did not come back. */
static uintptr_t elsewhere;
static struct ukarch_regs here;

static bool leave(long *ret UK_UNUSED, struct ukarch_regs *regs)
{
	done();
	ukarch_regs_set_ip(regs, elsewhere);
	return false;
}

static void jump(void)
{
	uk_test_jump(&here);
}

/* Called, and left, a thousand times. Nothing else is here that comes back. */
static unsigned int leave_often(void)
{
	static struct call_probe p;
	static unsigned int n;

	fill(&p, 12, NR_NONE);
	n = 0;
	uk_test_mark(&here);
	if (n++ < 1000) {
		ask();
		call_probe(&p);
	}
	return n;
}

UK_TEST(trap, who_is_led_elsewhere_need_not_come_back)
{
	begin(leave);
	elsewhere = (uintptr_t)jump;
	UK_EXPECT_EQ(leave_often(), 1001);
	end();
}

static struct uk_thread *start(uk_thread_fn1_t fn, void *arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, arg, a, 0, NULL, 0, NULL, false, "caller", NULL, NULL);

	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

static bool give_way(long *ret UK_UNUSED, struct ukarch_regs *regs UK_UNUSED)
{
	done();
	uk_sched_yield();
	return false;
}

#define NTHREADS	4u
#define NCALLS		200u

static unsigned int bad[NTHREADS];

static void call_often(void *arg)
{
	const uintptr_t i = (uintptr_t)arg;
	struct call_probe p;

	for (unsigned int n = 0; n < NCALLS; n++) {
		fill(&p, i * 64 + n % 64, NR_NONE);
		if (n & 1)
			ask();
		call_probe(&p);
		bad[i] += nlost(&p, -ENOSYS);
	}
}

static void call_in_threads(uk_call_exit_fn fn)
{
	struct uk_thread *t[NTHREADS];

	begin(fn);
	for (uintptr_t i = 0; i < NTHREADS; i++) {
		bad[i] = 0;
		t[i] = start(call_often, (void *)i);
	}
	for (unsigned int i = 0; i < NTHREADS; i++) {
		uk_thread_join(t[i]);
		UK_EXPECT_EQ(bad[i], 0);
	}
	end();
}

UK_TEST(trap, a_call_that_blocks_keeps_vector_registers_too)
{
	call_in_threads(give_way);
}

static bool compute(long *ret UK_UNUSED, struct ukarch_regs *regs UK_UNUSED)
{
	for (volatile unsigned int i = 0; i < 20000; i = i + 1)
		;
	done();
	return false;
}

UK_TEST(trap, so_does_one_that_is_preempted)
{
	call_in_threads(compute);
}

static struct call_probe wrong;

static void call_wrong(void *unused UK_UNUSED)
{
	call_probe(&wrong);
}

UK_TEST(trap, one_inside_a_call_is_a_crash_that_says_so)
{
	struct uk_current *const cur = ukarch_current();

	fill(&wrong, 20, NR_NONE);
	cur->calls = 1;
	UK_EXPECT_CRASH(call_wrong, NULL);
	cur->calls = 0;
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "system call instruction inside a system call");
}

UK_TEST(trap, one_in_a_thread_without_a_stack_for_it_is_one)
{
	struct uk_current *const cur = ukarch_current();
	const uintptr_t top = cur->call_stack_top;

	fill(&wrong, 21, NR_NONE);
	cur->call_stack_top = 0;
	UK_EXPECT_CRASH(call_wrong, NULL);
	cur->call_stack_top = top;
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 CRASH("in a thread without a stack for calls"));
}

UK_TEST(trap, one_outside_of_threads_is_one)
{
	struct uk_current *const cur = ukarch_current();
	const uintptr_t top = cur->call_stack_top;

	fill(&wrong, 22, NR_NONE);
	cur->is_thread = 0;
	cur->call_stack_top = 0;
	UK_EXPECT_CRASH(call_wrong, NULL);
	cur->is_thread = 1;
	cur->call_stack_top = top;
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 CRASH("outside of any thread"));
}

/* A handler of breakpoints that makes a call, while a test wants it. */
static bool in_handler;

static enum uk_event_result on_break(void *arg UK_UNUSED)
{
	if (!in_handler)
		return UK_EVENT_NOT_HANDLED;
	in_handler = false;
	call_probe(&wrong);
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER(ukarch_trap_debug, on_break);

static void break_here(void *unused UK_UNUSED)
{
	__asm__ volatile(BREAK);
}

UK_TEST(trap, one_in_a_trap_handler_is_one)
{
	fill(&wrong, 23, NR_NONE);
	in_handler = true;
	UK_EXPECT_CRASH(break_here, NULL);
	UK_EXPECT(!in_handler);
	ukarch_current()->calls = 0;
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 CRASH("in a trap handler"));
}

UK_TEST(trap, one_in_an_interrupt_handler_is_one)
{
	struct uk_current *const cur = ukarch_current();

	fill(&wrong, 24, NR_NONE);
	in_handler = true;
	cur->irq_depth = 1;
	UK_EXPECT_CRASH(break_here, NULL);
	cur->irq_depth = 0;
	cur->calls = 0;
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 CRASH("in an interrupt handler"));
}

/* A call that sees its caller's registers, as a function. */
#define HAVE_uk_syscall_probe_env	1
#define UK_SYSCALL_ID_probe_env		UK_SYSCALL_NIDS
long uk_syscall_r_probe_env(long a, long b, long c, long d, long e, long f);
long uk_syscall_r_e_probe_env(long env, long a, long b, long c, long d, long e,
			      long f);

static uint64_t args[6];
static bool change_regs;

UK_SYSCALL_R_E_DEFINE(long, probe_env, long, a, long, b, long, c, long, d,
		      long, e, long, f)
{
	const long got[6] = { a, b, c, d, e, f };

	memcpy(args, got, sizeof(args));
	saw.regs = execenv->regs;
	saw.calls = ukarch_current()->calls;
	if (change_regs) {
		long ret = 0;

		(void)change(&ret, &execenv->regs);
	}
	return 1234;
}

UK_TEST(env, a_function_sees_what_its_caller_will_go_on_with)
{
	struct call_probe p;

	change_regs = false;
	fill(&p, 30, NR_NONE);
	call_env(&p);
	UK_EXPECT_EQ(p.out[RET], 1234);
	UK_EXPECT_EQ(p.out[KEPT], p.in[KEPT]);
	UK_EXPECT_EQ(saw.calls, 1);
	UK_EXPECT_EQ(ukarch_regs_ip(&saw.regs), call_env_after);
	UK_EXPECT(ukarch_regs_irq_on(&saw.regs));
	UK_EXPECT(ukarch_irq_enabled());
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
	for (unsigned int i = 0; i < 6; i++)
		UK_EXPECT_EQ(args[i], p.in[arguments[i]]);
}

UK_TEST(env, it_may_change_them)
{
	struct call_probe p;

	change_regs = true;
	fill(&p, 31, NR_NONE);
	call_env(&p);
	UK_EXPECT_EQ(p.out[RET], 1234);
	UK_EXPECT_EQ(p.out[KEPT], 77);
	UK_EXPECT_EQ(p.out[2], 78);
	UK_EXPECT_EQ(ukarch_current()->pending, 0);
}
