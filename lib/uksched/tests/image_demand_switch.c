/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The switch itself, on a stack that has no memory where it comes to: a page
 * fault after the current thread is another would arrive on that one's trap
 * stack. So here it is one that was left inside of a trap: its frames lie where
 * the fault would put its own.
 *
 * Both threads are in no scheduler, and switch to each other as one would do.
 */
#include <uk/allocstack.h>
#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/paging.h>
#include <uk/arch/trap.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/test.h>
#include <uk/thread.h>

#define PAGE	((size_t)UKARCH_PAGE_SIZE)
#define STACK	((size_t)2 << 20)
#define NLEVELS	256u
/* Nobody maps there. */
#define NOWHERE	((uintptr_t)UKARCH_KMAP_END - 192 * PAGE)

static struct {
	struct uk_thread *main, *deep, *trapped;
	unsigned int nvisits;
	unsigned int nlevels;
} x;

static void go(struct uk_thread *from, struct uk_thread *to)
{
	const unsigned long irq = ukarch_irq_save();

	uk_sched_switch(from, to);
	ukarch_irq_restore(irq);
}

/* It never returns from there; each time it gets the CPU it counts. */
static enum uk_event_result on_fault(void *data)
{
	const struct uk_trap *const trap = data;

	if (trap->addr != NOWHERE || uk_thread_current() != x.trapped)
		return UK_EVENT_NOT_HANDLED;
	for (;;) {
		x.nvisits++;
		uk_sched_switch(x.trapped, x.deep);
	}
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, on_fault, 1);

static void be_trapped(void *unused UK_UNUSED, void *too UK_UNUSED)
{
	(void)*(const volatile char *)NOWHERE;
}

/* Nobody knows what is in @room, so it is there. */
static void keep(unsigned char *room)
{
	__asm__ volatile("" : "+r"(room) : : "memory");
}

/* A page and a little deeper each, so all places in a page come by. */
static UK_NOINLINE unsigned int descend(unsigned int depth)
{
	unsigned char room[PAGE - 64];
	unsigned int below = 0;

	keep(room);
	go(x.deep, x.trapped);
	if (depth < NLEVELS)
		below = descend(depth + 1);
	keep(room);
	return below + 1;
}

static void be_deep(void *unused UK_UNUSED, void *too UK_UNUSED)
{
	x.nlevels = descend(1);
	for (;;)
		go(x.deep, x.main);
}

/* No scheduler begins it, so it begins with @fn. */
static struct uk_thread *make(void (*fn)(void *, void *), size_t len,
			      const char *name)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_container(
		s->a, s->a_stack, len, NULL, 0, NULL, false, name, NULL, NULL);

	if (t)
		ukarch_ctx_init(&t->ctx,
				UK_ALIGN_DOWN(t->ctx.sp,
					      (uintptr_t)UKARCH_SP_ALIGN),
				fn, NULL, NULL);
	return t;
}

UK_TEST(thread_demand, a_switch_faults_on_no_trap_stack_but_its_own)
{
	x.main = uk_thread_current();
	x.nvisits = x.nlevels = 0;
	(void)uk_allocstack_trim(0);
	x.deep = make(be_deep, STACK, "deep");
	x.trapped = make(be_trapped, 4 * PAGE, "trapped");
	if (UK_EXPECT(x.deep && x.trapped)) {
		UK_EXPECT_GT(uk_allocstack_lazy_len(x.deep->_mem.stack),
			     STACK / 2);
		go(x.main, x.deep);
		UK_EXPECT_EQ(x.nlevels, NLEVELS);
		UK_EXPECT_EQ(x.nvisits, NLEVELS);
	}
	if (x.deep)
		uk_thread_release(x.deep);
	if (x.trapped)
		uk_thread_release(x.trapped);
}
