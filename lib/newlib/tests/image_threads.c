/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads of the core that use the C library, and its locks. */
#include <errno.h>
#include <reent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <time.h>
#include <unistd.h>

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/test_spread.h>
#include <uk/thread.h>

#define NTHREADS	4
#define NLINES		100
#define NMANY		50

static _Thread_local int var = 11;
static _Thread_local __attribute__((__aligned__(64))) char wide[4096];

static struct {
	int done;
	int nwrong;
} x;

static void wrong_unless(int cond)
{
	if (!cond)
		__atomic_fetch_add(&x.nwrong, 1, __ATOMIC_RELAXED);
}

static struct uk_thread *make(void (*fn)(void *), void *arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, arg, a, 0, NULL, 0, a, false, "worker", NULL, NULL);

	if (t && uk_sched_thread_add(uk_sched_current(), t) < 0) {
		uk_thread_release(t);
		return NULL;
	}
	return t;
}

/* @fn(1) to @fn(NTHREADS), at once, wherever they run. */
static void run_all(void (*fn)(void *))
{
	struct uk_thread *t[NTHREADS];

	x.done = 0;
	x.nwrong = 0;
	uk_test_spread_begin();
	for (intptr_t i = 0; i < NTHREADS; i++)
		UK_EXPECT_NOT_NULL(t[i] = make(fn, (void *)(i + 1)));
	for (int i = 0; i < NTHREADS; i++)
		if (t[i])
			uk_thread_join(t[i]);
	uk_test_spread_end();
	UK_EXPECT_EQ(__atomic_load_n(&x.done, __ATOMIC_ACQUIRE), NTHREADS);
	UK_EXPECT_EQ(x.nwrong, 0);
}

/* Between the two halves the others run. */
static void work(void *arg)
{
	const int id = (int)(intptr_t)arg;
	const time_t then = id * 86400;
	char *text = NULL, list[] = "a b c", *tm;

	wrong_unless(var == 11 && errno == 0 && wide[4095] == 0);
	wrong_unless((uintptr_t)wide % 64 == 0);
	var = id;
	wide[4095] = (char)id;
	wrong_unless(write(-1, "", 1) == -1 && errno == EBADF);
	errno = 1000 + id;
	wrong_unless(strtok(list, " ") == list);
	tm = asctime(gmtime(&then));
	wrong_unless(asprintf(&text, "%d %.3f", id, id / 8.0) > 0);
	uk_sched_yield();
	wrong_unless(errno == 1000 + id && var == id && wide[4095] == id);
	wrong_unless(strtok(NULL, " ") == list + 2);
	wrong_unless(atoi(tm + 8) == id + 1);
	wrong_unless(strtod(strchr(text, ' '), NULL) == id / 8.0);
	free(text);
	__atomic_fetch_add(&x.done, 1, __ATOMIC_RELEASE);
}

UK_TEST(newlib_threads, each_has_its_errno_its_variables_and_what_is_kept)
{
	errno = 0;
	var = 99;
	run_all(work);
	UK_EXPECT_EQ(var, 99);
	UK_EXPECT_EQ(errno, 0);
	var = 11;
}

static void look(void *arg)
{
	*(struct _reent **)arg = _REENT;
}

UK_TEST(newlib_threads, each_has_a_reent_and_all_have_the_streams)
{
	struct _reent *other = NULL;
	struct uk_thread *const t = make(look, &other);

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	uk_thread_join(t);
	UK_EXPECT_NOT_NULL(other);
	UK_EXPECT_NE(other, _REENT);
	UK_EXPECT_NE(_REENT, _GLOBAL_REENT);
	UK_EXPECT_EQ(stdout, &__sf[1]);
}

static struct {
	FILE *stream;
	char text[NTHREADS * NLINES * 16];
	size_t len;
} log;

static ssize_t log_write(void *cookie, const char *buf, size_t len)
{
	(void)cookie;
	if (len > sizeof(log.text) - log.len) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(log.text + log.len, buf, len);
	log.len += len;
	return (ssize_t)len;
}

static void write_lines(void *arg)
{
	const int id = (int)(intptr_t)arg;

	for (int i = 0; i < NLINES; i++) {
		wrong_unless(fprintf(log.stream, "%d:%d|%s\n", id, i,
				     "xy") > 0);
		if (i % 10 == 0)
			uk_sched_yield();
	}
	__atomic_fetch_add(&x.done, 1, __ATOMIC_RELEASE);
}

UK_TEST(newlib_threads, a_line_in_a_stream_is_not_torn)
{
	int next[NTHREADS + 1] = { 0 }, id, i, good = 0;
	char *line;

	log.len = 0;
	log.stream = fopencookie(NULL, "w", (cookie_io_functions_t){
		.write = log_write,
	});
	if (!UK_EXPECT_NOT_NULL(log.stream))
		return;
	run_all(write_lines);
	UK_EXPECT_EQ(fclose(log.stream), 0);
	for (line = log.text; line < log.text + log.len;
	     line = strchr(line, '\n') + 1) {
		char end[4] = "";

		if (sscanf(line, "%d:%d|%3[^\n]\n", &id, &i, end) != 3 ||
		    strcmp(end, "xy") || id < 1 || id > NTHREADS ||
		    i != next[id]++)
			break;
		good++;
	}
	UK_EXPECT_EQ(good, NTHREADS * NLINES);
}

static void open_and_close(void *arg)
{
	char in[8];

	(void)arg;
	for (int i = 0; i < NLINES; i++) {
		FILE *const f = fmemopen(in, sizeof(in), "w");

		wrong_unless(f && fputs("abc", f) >= 0 && fclose(f) == 0 &&
			     !strcmp(in, "abc"));
	}
	__atomic_fetch_add(&x.done, 1, __ATOMIC_RELEASE);
}

UK_TEST(newlib_threads, streams_are_opened_and_closed_by_all)
{
	run_all(open_and_close);
}

static FILE *mine;

/* As its own standard output, too: what is not the first one's is closed. */
static void print_and_end(void *arg)
{
	(void)arg;
	stdout = mine;
	wrong_unless(printf("of another") > 0);
}

/* newlib would close all streams with the first thread that used one. */
UK_TEST(newlib_threads, the_end_of_one_closes_no_stream)
{
	char out[32] = "";
	struct uk_thread *t;

	x.nwrong = 0;
	mine = fmemopen(out, sizeof(out), "w");
	if (!UK_EXPECT_NOT_NULL(mine))
		return;
	t = make(print_and_end, NULL);
	if (UK_EXPECT_NOT_NULL(t))
		uk_thread_join(t);
	UK_EXPECT_EQ(x.nwrong, 0);
	/* One that is closed has none, and its lock may be anything. */
	if (!UK_EXPECT_NE(mine->_flags, 0))
		return;
	UK_EXPECT_GE(fputs(" and mine", mine), 0);
	UK_EXPECT_EQ(fclose(mine), 0);
	UK_EXPECT_STR_EQ(out, "of another and mine");
	UK_EXPECT_GE(printf("# %s\n", "stdout is open"), 0);
	UK_EXPECT_EQ(fflush(stdout), 0);
}

static void take_much(void *arg)
{
	char buf[64];

	(void)arg;
	snprintf(buf, sizeof(buf), "%.30g %Lg", 1e300 / 3, 1e-300L);
	wrong_unless(strtod("1234567890123456789012345e-30", NULL) > 0);
	wrong_unless(signal(SIGUSR1, SIG_IGN) == SIG_DFL);
}

static long nblocks(void)
{
	struct uk_alloc_stats s;

	if (uk_alloc_stats_get(uk_alloc_get_default(), &s) < 0)
		return -1;
	return (long)s.cur_nb_allocs;
}

/* The first one may leave what all have. */
UK_TEST(newlib_threads, what_one_has_allocated_ends_with_it)
{
	long before = 0;

	if (nblocks() < 0)
		UK_TEST_SKIP("blocks are not counted in the image");
	x.nwrong = 0;
	for (int i = 0; i <= NMANY; i++) {
		struct uk_thread *const t = make(take_much, NULL);

		if (UK_EXPECT_NOT_NULL(t))
			uk_thread_join(t);
		if (i == 0)
			before = nblocks();
	}
	UK_EXPECT_EQ(nblocks(), before);
	UK_EXPECT_EQ(x.nwrong, 0);
}

#if UK_IS_ENABLED(CONFIG_LIBNEWLIB_CXX)
int __cxa_thread_atexit(void (*dtor)(void *), void *object, void *dso);
int __cxa_guard_acquire(uint64_t *guard);
void __cxa_guard_release(uint64_t *guard);

static int gone[3];
static int ngone;

static void destroy(void *object)
{
	wrong_unless(var == 7);
	gone[ngone++] = *(int *)object;
	if (*(int *)object == 2)
		wrong_unless(!__cxa_thread_atexit(destroy, &gone[2], NULL));
}

static void have_objects(void *arg)
{
	int *const objects = arg;

	var = 7;
	wrong_unless(__cxa_thread_atexit(destroy, &objects[0], NULL) == 0);
	wrong_unless(__cxa_thread_atexit(destroy, &objects[1], NULL) == 0);
	wrong_unless(ngone == 0);
}

/* A destructor's own object goes before those that were there earlier. */
UK_TEST(newlib_threads, the_end_of_one_destroys_its_objects_the_last_one_first)
{
	int objects[] = { 1, 2 };
	struct uk_thread *t;

	x.nwrong = 0;
	ngone = 0;
	gone[2] = 3;
	t = make(have_objects, objects);
	if (!UK_EXPECT_NOT_NULL(t))
		return;
	uk_thread_join(t);
	UK_EXPECT_EQ(x.nwrong, 0);
	UK_EXPECT_EQ(ngone, 3);
	UK_EXPECT_EQ(gone[0], 2);
	UK_EXPECT_EQ(gone[1], 3);
	UK_EXPECT_EQ(gone[2], 1);
}

static uint64_t guard;
static int ninitialised;

static void initialise_once(void *arg)
{
	(void)arg;
	if (__cxa_guard_acquire(&guard)) {
		uk_sched_yield();
		ninitialised++;
		uk_sched_yield();
		__cxa_guard_release(&guard);
	}
	wrong_unless(ninitialised == 1);
	__atomic_fetch_add(&x.done, 1, __ATOMIC_RELEASE);
}

UK_TEST(newlib_threads, a_guard_has_the_others_wait_for_the_first)
{
	guard = 0;
	ninitialised = 0;
	run_all(initialise_once);
	UK_EXPECT_EQ(ninitialised, 1);
}
#endif

/* Locks of newlib, as its streams use them. */
static _LOCK_T lock;

static void try_lock(void *arg)
{
	int *const got = arg;

	*got = __lock_try_acquire_recursive(lock);
	if (*got)
		__lock_release_recursive(lock);
}

static int other_gets_it(void)
{
	int got = -1;
	struct uk_thread *const t = make(try_lock, &got);

	if (t)
		uk_thread_join(t);
	return got;
}

UK_TEST(newlib_threads, a_recursive_lock_is_its_owners_until_the_last_release)
{
	__lock_init_recursive(lock);
	__lock_acquire_recursive(lock);
	UK_EXPECT_EQ(__lock_try_acquire_recursive(lock), 1);
	UK_EXPECT_EQ(other_gets_it(), 0);
	__lock_release_recursive(lock);
	UK_EXPECT_EQ(other_gets_it(), 0);
	__lock_release_recursive(lock);
	UK_EXPECT_EQ(other_gets_it(), 1);
	__lock_close_recursive(lock);
}

static volatile int count;

static void count_up(void *arg)
{
	(void)arg;
	for (int i = 0; i < NLINES; i++) {
		const int was = count;

		__lock_acquire(lock);
		count++;
		if (was % 16 == 0)
			uk_sched_yield();
		__lock_release(lock);
	}
	__atomic_fetch_add(&x.done, 1, __ATOMIC_RELEASE);
}

UK_TEST(newlib_threads, a_lock_lets_one_in_at_a_time)
{
	__lock_init(lock);
	count = 0;
	run_all(count_up);
	UK_EXPECT_EQ(count, NTHREADS * NLINES);
	UK_EXPECT_EQ(__lock_try_acquire(lock), 1);
	UK_EXPECT_EQ(__lock_try_acquire(lock), 0);
	__lock_release(lock);
	__lock_close(lock);
}

/* By brk() there is more than there are frames. */
#if UK_IS_ENABLED(CONFIG_LIBNEWLIB_UKALLOC)
/* All memory, as blocks that begin with the one before. */
static void **take_all_memory(void)
{
	void **last = NULL, **block;

	for (size_t size = 1 << 20; size >= sizeof(void *); size /= 2)
		while ((block = malloc(size)) != NULL) {
			*block = last;
			last = block;
		}
	return last;
}

UK_TEST(newlib_threads, locks_without_memory_are_one_and_still_lock)
{
	void **all = take_all_memory();
	_LOCK_T a = NULL, b = NULL;

	__lock_init_recursive(a);
	__lock_init_recursive(b);
	while (all) {
		void **const before = *all;

		free(all);
		all = before;
	}
	UK_EXPECT_NOT_NULL(a);
	UK_EXPECT_EQ(a, b);
	__lock_acquire_recursive(a);
	__lock_acquire_recursive(b);
	lock = a;
	UK_EXPECT_EQ(other_gets_it(), 0);
	__lock_release_recursive(b);
	__lock_release_recursive(a);
	UK_EXPECT_EQ(other_gets_it(), 1);
	__lock_close_recursive(a);
	__lock_close_recursive(b);
	__lock_init_recursive(a);
	UK_EXPECT_NE(a, b);
	__lock_close_recursive(a);
}
#endif
