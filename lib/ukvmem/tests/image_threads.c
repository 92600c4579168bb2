/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads in address spaces: each finds its own after every switch. */
#include "world.h"

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define AT	((uintptr_t)0x40000000)
#define STACK	16384u
#define NTURNS	20u

static struct uk_vas other;
static unsigned int wrong;	/* atomic, relaxed */

static struct uk_thread *create(uk_thread_fn1_t fn, void *arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t =
		uk_thread_create_fn1(a, fn, arg, a, STACK, NULL, 0, NULL,
				     false, "dweller", NULL, NULL);

	(void)UK_EXPECT_NOT_NULL(t);
	return t;
}

static struct uk_thread *start_in(struct uk_vas *vas, uk_thread_fn1_t fn,
				  void *arg)
{
	struct uk_thread *const t = create(fn, arg);

	if (t) {
		uk_vas_set_thread(vas, t);
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	}
	return t;
}

static void join(struct uk_thread *t)
{
	if (t)
		uk_thread_join(t);
}

static bool begin(void)
{
	struct uk_vma_request rq = {
		.vaddr = AT, .len = 4 * PAGE, .prot = RW, .ops = &uk_vma_anon,
		.flags = UK_VMA_EXACT,
	};

	if (!world_begin())
		return false;
	wrong = 0;
	(void)world_map(AT, 4 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	return UK_EXPECT_EQ(uk_vas_create(&other, world.a, &world.fa), 0) &&
	       UK_EXPECT_EQ(uk_vma_map(&other, &rq), 0);
}

static void end(void)
{
	UK_EXPECT_EQ(uk_vas_destroy(&other), 0);
	world_end();
}

static void count_wrong(bool it_is)
{
	if (it_is)
		(void)__atomic_fetch_add(&wrong, 1, __ATOMIC_RELAXED);
}

/* One number in a page of its own, whatever others do with the address. */
static void keep(void *arg)
{
	const uintptr_t me = (uintptr_t)arg;
	volatile uintptr_t *const p =
		(volatile uintptr_t *)(AT + me / 2 * PAGE);

	for (unsigned int i = 0; i < NTURNS; i++) {
		*p = me + 1;
		uk_sched_yield();
		count_wrong(*p != me + 1);
	}
}

UK_TEST(vmem_thread, a_thread_finds_its_address_space_after_each_switch)
{
	struct uk_thread *t[8];

	if (!begin())
		return;
	/* Two share an address, one in each address space. */
	for (uintptr_t i = 0; i < 8; i++)
		t[i] = start_in(i % 2 ? &other : &world.vas, keep, (void *)i);
	for (unsigned int i = 0; i < 8; i++)
		join(t[i]);
	UK_EXPECT_EQ(wrong, 0);
	UK_EXPECT_NE(uk_vas_get_active(), &world.vas);
	end();
}

static void look(void *arg)
{
	count_wrong(uk_vas_get_active() != arg);
}

static void found_a_family(void *arg)
{
	struct uk_thread *child;

	count_wrong(uk_vas_get_active() != &world.vas);
	child = create(look, &world.vas);
	/* One that never runs is in it, too, as long as there is one. */
	if (child)
		count_wrong(uk_sched_thread_add(uk_sched_current(), child) < 0);
	uk_vas_activate(arg);
	count_wrong(uk_vas_get_active() != &other);
	*(volatile char *)AT = 1;
	join(child);
}

UK_TEST(vmem_thread, a_thread_begins_where_its_creator_is_and_may_move)
{
	struct uk_thread *t;

	if (!begin())
		return;
	t = start_in(&world.vas, found_a_family, &other);
	join(t);
	UK_EXPECT_EQ(wrong, 0);
	UK_EXPECT(!world_is_mapped(AT));
	UK_EXPECT(world_at_of(&other, AT, UK_TRAP_READ) &&
		  *world_at_of(&other, AT, UK_TRAP_READ) == 1);
	end();
}

UK_TEST(vmem_thread, an_address_space_with_a_thread_in_it_is_not_ended)
{
	struct uk_thread *t;

	if (!begin())
		return;
	uk_vas_activate(&world.vas);
	UK_EXPECT_EQ(uk_vas_destroy(&world.vas), -EBUSY);
	*(volatile char *)AT = 1;
	uk_vas_activate(NULL);

	/* It has not run. */
	t = create(look, &other);
	if (!t)
		return;
	uk_vas_set_thread(&other, t);
	UK_EXPECT_EQ(uk_vas_destroy(&other), -EBUSY);
	uk_thread_terminate(t);
	uk_thread_release(t);
	end();
}

static void copy_and_compare(void *arg)
{
	volatile unsigned char *const byte = (volatile unsigned char *)AT;
	struct uk_vas *const copy = arg;
	bool made;

	*byte = 1;
	byte[PAGE] = 10;
	made = uk_vas_copy(copy, &world.vas) == 0;
	count_wrong(!made);
	*byte = 2;
	if (!made)
		return;
	uk_vas_activate(copy);
	count_wrong(*byte != 1 || byte[PAGE] != 10);
	byte[PAGE] = 20;
	uk_vas_activate(&world.vas);
	count_wrong(*byte != 2 || byte[PAGE] != 10);
}

UK_TEST(vmem_thread, a_copy_of_where_one_is_is_apart_from_the_next_write_on)
{
	static struct uk_vas copy;

	if (!begin())
		return;
	join(start_in(&world.vas, copy_and_compare, &copy));
	UK_EXPECT_EQ(wrong, 0);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	end();
}
