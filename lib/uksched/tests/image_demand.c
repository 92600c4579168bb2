/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads on stacks whose memory comes when it is touched: deep calls, at every
 * place relative to a page's edge, of code that takes the locks that the page
 * fault takes too, while interrupts come and others get the CPU.
 */
#include <uk/alloc.h>
#include <uk/allocstack.h>
#include <uk/arch/paging.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/pagetable.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/stack.h>
#include <uk/test.h>
#include <uk/thread.h>
#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_TIME)
#include <uk/time.h>
#include <uk/timer.h>
#endif

#define PAGE	((size_t)UKARCH_PAGE_SIZE)
#define STACK	(2u << 20)
/* A level is a page and a little, so all places in a page come by. */
#define NLEVELS	256u
/* Out of the way of whoever maps there for good. */
#define VADDR	((uintptr_t)UKARCH_KMAP_END - 128 * PAGE)

static struct {
	void (*fn)(unsigned int depth);
	unsigned int wrong;
	unsigned int deepest;
} x;

static void wrong_if(bool it_is)
{
	if (it_is)
		x.wrong++;
}

static void take_frames(unsigned int depth)
{
	struct uk_falloc *const fa = uk_falloc_get_default();
	uint64_t one, some;

	wrong_if(uk_falloc(fa, &one, 1, 0) < 0);
	wrong_if(uk_falloc(fa, &some, 2 + depth % 7, 0) < 0);
	uk_ffree(fa, some, 2 + depth % 7);
	uk_ffree(fa, one, 1);
}

static void map_page(unsigned int depth UK_UNUSED)
{
	struct uk_pagetable *const pt = uk_paging_kernel();
	uint64_t paddr;

	wrong_if(uk_falloc(uk_falloc_get_default(), &paddr, 1, 0) < 0);
	wrong_if(uk_paging_map(pt, VADDR, paddr, PAGE,
			       UK_PAGE_READ | UK_PAGE_WRITE, 0) < 0);
	wrong_if(uk_paging_protect(pt, VADDR, PAGE, UK_PAGE_READ, 0,
				   NULL) < 0);
	wrong_if(uk_paging_unmap(pt, VADDR, PAGE, UK_PAGING_FREE, NULL) < 0);
}

static void yield(unsigned int depth UK_UNUSED)
{
	uk_sched_yield();
}

static void nothing(void *arg UK_UNUSED)
{
}

static void make_thread(unsigned int depth UK_UNUSED)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_fn1(
		s->a, nothing, NULL, s->a_stack, 4 * PAGE, NULL, 0, NULL,
		false, "inner", NULL, NULL);

	wrong_if(!t || uk_sched_thread_add(s, t) < 0);
	if (t)
		uk_thread_join(t);
}

/* Nobody knows what is in @room, so it is there, and where it is stays. */
static void keep(unsigned char *room)
{
	__asm__ volatile("" : "+r"(room) : : "memory");
}

/* The levels below are a page and 16 bytes deeper each, about. */
static UK_NOINLINE unsigned int descend(unsigned int depth)
{
	unsigned char room[PAGE - 64];
	unsigned int below = 0;

	/* The array is only a distance: its lowest byte may be a hole's. */
	room[sizeof(room) - 1] = (unsigned char)depth;
	keep(room);
	x.fn(depth);
	if (depth < NLEVELS)
		below = descend(depth + 1);
	keep(room);
	wrong_if(room[sizeof(room) - 1] != (unsigned char)depth);
	x.deepest = UK_MAX(x.deepest, depth);
	return below + 1;
}

static void descend_all(void *arg UK_UNUSED)
{
	wrong_if(descend(0) != NLEVELS + 1);
}

/* Others that want the CPU meanwhile. */
static bool enough;	/* atomic, relaxed */

static void be_busy(void *arg UK_UNUSED)
{
	while (!__atomic_load_n(&enough, __ATOMIC_RELAXED))
		uk_sched_yield();
}

static struct uk_thread *start(uk_thread_fn1_t fn, size_t len)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_fn1(
		s->a, fn, NULL, s->a_stack, len, NULL, 0, NULL, false,
		"deep", NULL, NULL);

	if (UK_EXPECT_NOT_NULL(t))
		UK_EXPECT_EQ(uk_sched_thread_add(s, t), 0);
	return t;
}

#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_TIME)
static struct {
	struct uk_timer timer;
	struct uk_thread *urgent;
	uint64_t due_ns;
	unsigned int nfired;	/* by the handler, on one CPU */
} tick;

static void set_tick(uint64_t ns)
{
	tick.due_ns = uk_time_now() + ns;
	uk_timer_start(&tick.timer, tick.due_ns);
}

/*
 * Whoever runs is interrupted, and loses the CPU to one more urgent. Where that
 * takes longer than the time between two, as under a hypervisor that is busy
 * itself, the next is later, or who is interrupted would never get on.
 */
static void on_tick(struct uk_timer *timer UK_UNUSED)
{
	tick.nfired++;
	if (__atomic_load_n(&enough, __ATOMIC_RELAXED))
		return;
	uk_thread_wake(tick.urgent);
	set_tick(20000 + 2 * (uk_time_now() - tick.due_ns));
}

static void be_urgent(void *arg UK_UNUSED)
{
	struct uk_thread *const me = uk_thread_current();

	while (!__atomic_load_n(&enough, __ATOMIC_RELAXED)) {
		uk_thread_block(me);
		uk_sched_yield();
	}
}

static void begin_ticks(void)
{
	tick.urgent = start(be_urgent, 4 * PAGE);
	tick.nfired = 0;
	if (!tick.urgent)
		return;
	if (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		UK_EXPECT_EQ(uk_thread_set_prio(tick.urgent,
						UK_THREAD_PRIO_DEFAULT + 1),
			     0);
	uk_timer_init(&tick.timer, on_tick);
	set_tick(20000);
}

static void end_ticks(void)
{
	if (!tick.urgent)
		return;
	uk_timer_stop(&tick.timer);
	uk_thread_wake(tick.urgent);
	uk_thread_join(tick.urgent);
}

static bool ticked(unsigned int n)
{
	return UK_READ_ONCE(tick.nfired) >= n;
}
#else
static void begin_ticks(void)
{
}

static void end_ticks(void)
{
}

static bool ticked(unsigned int n UK_UNUSED)
{
	return true;
}
#endif

static uint64_t nfaults(void)
{
	struct uk_allocstack_stats stats;

	uk_allocstack_stats_get(&stats);
	return stats.nfaults;
}

/* x.fn at each level of a stack that has no memory there yet. */
static void descend_once(void)
{
	struct uk_thread *t;
	uint64_t before;

	(void)uk_allocstack_trim(0);
	before = nfaults();
	x.deepest = 0;
	t = start(descend_all, STACK);
	if (!t)
		return;
	uk_thread_join(t);
	UK_EXPECT_EQ(x.wrong, 0);
	UK_EXPECT_EQ(x.deepest, NLEVELS);
	/* A fault for a page, and where one jumps, for two or three. */
	UK_EXPECT_GT(nfaults() - before, NLEVELS / 3);
}

/* The same with @fn, while others want the CPU, some times. */
static void descend_with(void (*fn)(unsigned int depth))
{
	struct uk_thread *busy;

	x = (__typeof__(x)){ .fn = fn };
	__atomic_store_n(&enough, false, __ATOMIC_RELAXED);
	begin_ticks();
	busy = start(be_busy, 4 * PAGE);
	for (unsigned int i = 0; i == 0 || (i < 1000 && !ticked(5)); i++)
		descend_once();
	__atomic_store_n(&enough, true, __ATOMIC_RELAXED);
	if (busy)
		uk_thread_join(busy);
	end_ticks();
	UK_EXPECT(ticked(5));
}

UK_TEST(thread_demand, frames_are_taken_at_every_place_of_a_page)
{
	descend_with(take_frames);
}

UK_TEST(thread_demand, pages_are_mapped_at_every_place_of_a_page)
{
	descend_with(map_page);
}

UK_TEST(thread_demand, the_cpu_is_left_at_every_place_of_a_page)
{
	descend_with(yield);
}

UK_TEST(thread_demand, threads_are_made_and_end_at_every_place_of_a_page)
{
	descend_with(make_thread);
}

static void look_at_reserve(void *arg UK_UNUSED)
{
	const uintptr_t low = (uintptr_t)uk_thread_current()->_mem.stack;
	struct uk_paging_leaf leaf;

	/* Far down, where nothing is, as if by a large array. */
	*(volatile char *)(low + 40 * PAGE) = 1;
	wrong_if(uk_paging_find(uk_paging_kernel(), low + 38 * PAGE,
				&leaf) == 0);
	uk_stack_reserve(UK_STACK_RESERVE);
	for (uintptr_t at = (uintptr_t)__builtin_frame_address(0);
	     at > (uintptr_t)__builtin_frame_address(0) - UK_STACK_RESERVE;
	     at -= 64)
		wrong_if(uk_paging_find(uk_paging_kernel(), at, &leaf) < 0);
}

UK_TEST(thread_demand, what_is_reserved_is_there)
{
	struct uk_thread *t;

	x = (__typeof__(x)){ .wrong = 0 };
	(void)uk_allocstack_trim(0);
	t = start(look_at_reserve, STACK);
	if (!t)
		return;
	/* The uppermost page that has no memory is in reach of the reserve. */
	UK_EXPECT_GT(uk_allocstack_lazy_len(t->_mem.stack),
		     STACK - 2 * UK_STACK_RESERVE - 16 * PAGE);
	uk_thread_join(t);
	UK_EXPECT_EQ(x.wrong, 0);
}

UK_TEST(thread_demand, an_auxiliary_stack_has_all_its_memory)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_fn1(
		s->a, nothing, NULL, s->a_stack, STACK, s->a_stack, STACK,
		NULL, false, "two", NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT_EQ(uk_allocstack_lazy_len(t->_mem.auxstack), 0);
	UK_EXPECT_GT(uk_allocstack_lazy_len(t->_mem.stack), 0);
	uk_thread_release(t);
}

UK_TEST(thread_demand, a_thread_is_born_with_what_is_above_its_stack)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_fn1(
		s->a, nothing, NULL, s->a_stack, STACK, NULL, 0, NULL, false,
		"born", NULL, NULL);
	struct uk_paging_leaf leaf;
	uintptr_t begin, end;
	size_t lazy;

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	lazy = uk_allocstack_lazy_len(t->_mem.stack);
	UK_EXPECT_GT(lazy, 0);
	UK_EXPECT_LE(lazy, t->_mem.stack_len - UK_STACK_RESERVE);
	if (UK_EXPECT(uk_allocstack_find((uintptr_t)t, &begin, &end)))
		for (uintptr_t at = begin + lazy; at < end; at += PAGE)
			UK_EXPECT_EQ(uk_paging_find(uk_paging_kernel(), at,
						    &leaf), 0);
	/* Not even a canary is down there. */
	UK_EXPECT_EQ(uk_paging_find(uk_paging_kernel(), begin, &leaf), -ENOENT);
	uk_thread_check_stack(t);
	uk_thread_release(t);
}
