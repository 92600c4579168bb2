/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory fails by functions that stand in for the default heap's, for as long
 * as the case wants: the heap's own option (ukalloc.fail_nth) counts from boot.
 */
#include <uk/test_file.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/alloc.h>
#include <uk/call.h>
#include <uk/fdtab.h>
#include <uk/sched.h>
#include <uk/test.h>

struct uk_thread *uk_test_spawn(uk_thread_fn1_t fn, void *arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, arg, a, 0, NULL, 0, NULL, false, "test", NULL, NULL);

	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

void uk_test_until_it_waits(const struct uk_thread *t)
{
	/* One that has exited is woken no more, and stays as it was. */
	while (uk_thread_is_runnable(t) && !uk_thread_is_exited(t))
		uk_sched_yield();
}

uint32_t uk_test_events(int fd)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	uint32_t events;

	if (!UK_EXPECT_NOT_NULL(file))
		return 0;
	events = uk_file_events(file);
	uk_fd_return(fd, file);
	return events;
}

void uk_test_interrupt(struct uk_thread *t)
{
	uk_call_ask(&t->cur, UK_CALL_SIGNAL);
	uk_thread_wake(t);
}

/* What the heap's functions were, and what is left until one fails. */
static struct {
	uk_alloc_malloc_func_t malloc;
	uk_alloc_calloc_func_t calloc;
	unsigned int left;
} fail;

static bool fails(void)
{
	return fail.left && --fail.left == 0;
}

static void *fail_malloc(struct uk_alloc *a, size_t size)
{
	return fails() ? NULL : fail.malloc(a, size);
}

static void *fail_calloc(struct uk_alloc *a, size_t nmemb, size_t size)
{
	unsigned int left;
	void *got;

	if (fails())
		return NULL;
	/* A heap may make it of the other one: that is one request. */
	left = fail.left;
	fail.left = 0;
	got = fail.calloc(a, nmemb, size);
	fail.left = left;
	return got;
}

void uk_test_fail_nth(unsigned int nth)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	if (!fail.malloc) {
		fail.malloc = a->malloc;
		fail.calloc = a->calloc;
	}
	fail.left = nth;
	a->malloc = nth ? fail_malloc : fail.malloc;
	a->calloc = nth ? fail_calloc : fail.calloc;
}

static struct uk_test_file *of(struct uk_file *file)
{
	return UK_CONTAINER_OF(file, struct uk_test_file, file);
}

static uint32_t on_events(struct uk_file *file)
{
	return __atomic_load_n(&of(file)->events, __ATOMIC_RELAXED);
}

static void on_release(struct uk_file *file)
{
	__atomic_fetch_add(&of(file)->nreleases, 1, __ATOMIC_RELAXED);
}

static int open_as(struct uk_test_file *f, const struct uk_file_ops *ops)
{
	int fd;

	f->events = 0;
	f->nreleases = 0;
	uk_file_init(&f->file, ops, true, true);
	fd = uk_fd_open(&f->file, 3, false);
	UK_EXPECT_GE(fd, 0);
	return fd;
}

int uk_test_file_open(struct uk_test_file *f)
{
	static const struct uk_file_ops ops = {
		.kind = "test", .events = on_events, .release = on_release,
	};

	return open_as(f, &ops);
}

int uk_test_file_open_always(struct uk_test_file *f)
{
	static const struct uk_file_ops ops = {
		.kind = "always", .release = on_release,
	};

	return open_as(f, &ops);
}

void uk_test_file_wake(struct uk_test_file *f, uint32_t events)
{
	__atomic_store_n(&f->events, events, __ATOMIC_RELAXED);
	uk_file_wake(&f->file, events);
}
