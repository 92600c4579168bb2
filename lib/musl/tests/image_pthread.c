/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that programs make, in numbers, and what each has and leaves. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <threads.h>
#include <time.h>

#include <uk/config.h>
#include <uk/falloc.h>
#include <uk/test.h>
#include <uk/test_spread.h>

#define PAGE	4096
#define MIB	(1ul << 20)

static void *nothing(void *arg)
{
	return arg;
}

/* Returns how many of @n threads have come back with what they were given. */
static long create_and_join(long n)
{
	long good = 0;

	for (intptr_t i = 0; i < n; i++) {
		pthread_t t;
		void *back = NULL;

		if (pthread_create(&t, NULL, nothing, (void *)i) == 0 &&
		    pthread_join(t, &back) == 0 && back == (void *)i)
			good++;
	}
	return good;
}

static void *make_some(void *n)
{
	return (void *)create_and_join((intptr_t)n);
}

UK_TEST(musl_pthread, ten_thousand_are_made_and_joined)
{
	UK_EXPECT_EQ(create_and_join(10000), 10000);
}

UK_TEST(on_demand, a_hundred_thousand_threads_are_made_and_joined)
{
	UK_EXPECT_EQ(create_and_join(100000), 100000);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *arg)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return arg;
}

/* Make threads until there can be no more; then all of them end. */
static int until_eagain(void)
{
	static pthread_t t[256];
	int n = 0, rc = 0;

	pthread_mutex_lock(&gate);
	while (n < 256) {
		rc = pthread_create(&t[n], NULL, wait_at_gate, NULL);
		if (rc != 0)
			break;
		n++;
	}
	UK_EXPECT_EQ(rc, EAGAIN);
	pthread_mutex_unlock(&gate);
	for (int i = 0; i < n; i++)
		UK_EXPECT_EQ(pthread_join(t[i], NULL), 0);
	return n;
}

static void limit(int what, rlim_t cur)
{
	struct rlimit r;

	UK_EXPECT_EQ(getrlimit(what, &r), 0);
	r.rlim_cur = cur;
	UK_EXPECT_EQ(setrlimit(what, &r), 0);
}

/* Mapped bytes: the least limit that a page more needs, but for some pages. */
static rlim_t mapped(void)
{
	rlim_t low = 0, high = (rlim_t)1 << 46;

	while (high - low > PAGE) {
		const rlim_t mid = low + (high - low) / 2;
		void *at;

		limit(RLIMIT_AS, mid);
		at = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
		if (at == MAP_FAILED) {
			low = mid;
		} else {
			munmap(at, PAGE);
			high = mid;
		}
	}
	return high;
}

UK_TEST(musl_pthread, are_made_until_there_is_room_for_no_more_and_then_again)
{
	struct rlimit as, nproc;
	int n;

	UK_EXPECT_EQ(getrlimit(RLIMIT_AS, &as), 0);
	UK_EXPECT_EQ(getrlimit(RLIMIT_NPROC, &nproc), 0);
	limit(RLIMIT_AS, mapped() + 8 * MIB);
	n = until_eagain();
	/* Each has 128 KiB of stack, a guard, and its variables. */
	UK_EXPECT_GT(n, 32);
	UK_EXPECT_LE(n, 64);
	UK_EXPECT_EQ(until_eagain(), n);
	limit(RLIMIT_AS, as.rlim_cur);
	limit(RLIMIT_NPROC, 40);
	n = until_eagain();
	UK_EXPECT_GT(n, 20);
	UK_EXPECT_LT(n, 40);
	limit(RLIMIT_NPROC, nproc.rlim_cur);
	UK_EXPECT_EQ(create_and_join(10), 10);
}

UK_TEST(musl_pthread, all_cpus_make_and_end_them_at_once)
{
	pthread_t t[4];
	void *good = NULL;

	uk_test_spread_begin();
	for (int i = 0; i < 4; i++)
		UK_EXPECT_EQ(pthread_create(&t[i], NULL, make_some,
					    (void *)25), 0);
	for (int i = 0; i < 4; i++) {
		UK_EXPECT_EQ(pthread_join(t[i], &good), 0);
		UK_EXPECT_EQ(good, 25);
	}
	uk_test_spread_end();
}

static long ndetached;

static void *count_itself(void *arg)
{
	__atomic_fetch_add(&ndetached, 1, __ATOMIC_RELAXED);
	return arg;
}

/* Four at a time. */
static void make_detached(long n)
{
	const long begin = ndetached;
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	for (long i = 1; i <= n; i++) {
		pthread_t t;

		UK_EXPECT_EQ(pthread_create(&t, &attr, count_itself, NULL), 0);
		while (i % 4 == 0 && __atomic_load_n(&ndetached,
						     __ATOMIC_RELAXED) <
				     begin + i)
			thrd_yield();
	}
	pthread_attr_destroy(&attr);
}

static unsigned long free_bytes(void)
{
	struct sysinfo info = { 0 };

	/* Those that have ended are freed by whoever is idle. */
	thrd_sleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	UK_EXPECT_EQ(sysinfo(&info), 0);
	return info.freeram * info.mem_unit;
}

UK_TEST(musl_pthread, those_that_nobody_joins_leave_no_memory_behind)
{
	unsigned long before;

	make_detached(100);
	before = free_bytes();
	/* Each has 128 KiB of stack. */
	make_detached(2000);
	UK_EXPECT_GE(free_bytes() + MIB, before);
}

/*
 * Make calls that change mappings, @depth bytes down the thread's stack, of
 * which only what was used has memory. They stop where a page fault for the
 * stack comes in the middle of one.
 */
static void *change_mappings(void *depth)
{
	volatile char *const down = __builtin_alloca((uintptr_t)depth);
	char *const at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	down[(uintptr_t)depth - 1] = 0;
	if (at == MAP_FAILED)
		return NULL;
	at[PAGE] = 1;
	if (mprotect(at, PAGE, PROT_READ) != 0 || munmap(at, 4 * PAGE) != 0)
		return NULL;
	return depth;
}

UK_TEST(musl_pthread, mappings_are_changed_from_any_place_of_a_stack)
{
	for (uintptr_t depth = 16; depth <= 3 * PAGE; depth += 48) {
		pthread_t t;
		void *back = NULL;

		UK_EXPECT_EQ(pthread_create(&t, NULL, change_mappings,
					    (void *)depth), 0);
		UK_EXPECT_EQ(pthread_join(t, &back), 0);
		UK_EXPECT_EQ((uintptr_t)back, depth);
	}
}

/* So many that they come from no CPU's own. */
#define MANY	100

/* The same of calls that take frames, and of a switch to another thread. */
static void *take_frames(void *depth)
{
	volatile char *const down = __builtin_alloca((uintptr_t)depth);
	uint64_t paddr;

	down[(uintptr_t)depth - 1] = 0;
	if (uk_falloc(uk_falloc_get_default(), &paddr, MANY, 0) != 0 ||
	    uk_ffree(uk_falloc_get_default(), paddr, MANY) != 0)
		return NULL;
	sched_yield();
	return depth;
}

UK_TEST(musl_pthread, frames_are_taken_from_any_place_of_a_stack)
{
	for (uintptr_t depth = 16; depth <= 3 * PAGE; depth += 48) {
		pthread_t t;
		void *back = NULL;

		UK_EXPECT_EQ(pthread_create(&t, NULL, take_frames,
					    (void *)depth), 0);
		UK_EXPECT_EQ(pthread_join(t, &back), 0);
		UK_EXPECT_EQ((uintptr_t)back, depth);
	}
}

static _Thread_local int small = 7;
static _Thread_local __attribute__((__aligned__(64))) char wide[PAGE] = "wide";

static void *use_variables(void *arg)
{
	long wrong = (uintptr_t)wide % 64 != 0;

	wrong += small != 7 || strcmp(wide, "wide") != 0;
	for (size_t i = sizeof("wide"); i < PAGE; i++)
		wrong += wide[i] != 0;
	small = (int)(intptr_t)arg;
	memset(wide, small, PAGE);
	sched_yield();
	for (size_t i = 0; i < PAGE; i++)
		wrong += wide[i] != (char)(intptr_t)arg;
	return (void *)(wrong + (small != (int)(intptr_t)arg));
}

UK_TEST(musl_pthread, each_has_4_kib_of_variables_aligned_to_64)
{
	pthread_t t[8];
	void *wrong = NULL;

	for (intptr_t i = 0; i < 8; i++)
		UK_EXPECT_EQ(pthread_create(&t[i], NULL, use_variables,
					    (void *)(i + 1)), 0);
	for (int i = 0; i < 8; i++) {
		UK_EXPECT_EQ(pthread_join(t[i], &wrong), 0);
		UK_EXPECT_EQ(wrong, 0);
	}
	UK_EXPECT_EQ(small, 7);
	UK_EXPECT_STR_EQ(wide, "wide");
}

/* What destructors were given, in their order. */
static struct {
	intptr_t given[16];
	int n;
	pthread_key_t key, other;
	tss_t tss;
} d;

static void note(void *value)
{
	if (d.n < 16)
		d.given[d.n] = (intptr_t)value;
	d.n++;
}

/* One more value, until the last one is 1. */
static void note_and_set_again(void *value)
{
	note(value);
	if ((intptr_t)value > 1)
		pthread_setspecific(d.key, (char *)value - 1);
}

static void *set_values(void *arg)
{
	pthread_setspecific(d.key, arg);
	pthread_setspecific(d.other, NULL);
	return NULL;
}

UK_TEST(musl_pthread, destructors_of_keys_run_while_there_are_values)
{
	pthread_t t;

	d.n = 0;
	UK_EXPECT_EQ(pthread_key_create(&d.key, note_and_set_again), 0);
	UK_EXPECT_EQ(pthread_key_create(&d.other, note), 0);
	UK_EXPECT_EQ(pthread_create(&t, NULL, set_values, (void *)3), 0);
	UK_EXPECT_EQ(pthread_join(t, NULL), 0);
	UK_EXPECT_EQ(d.n, 3);
	UK_EXPECT_EQ(d.given[0], 3);
	UK_EXPECT_EQ(d.given[2], 1);
	/* But not for ever. */
	d.n = 0;
	UK_EXPECT_EQ(pthread_create(&t, NULL, set_values, (void *)1000), 0);
	UK_EXPECT_EQ(pthread_join(t, NULL), 0);
	UK_EXPECT_EQ(d.n, PTHREAD_DESTRUCTOR_ITERATIONS);
	UK_EXPECT_EQ(pthread_key_delete(d.key), 0);
	UK_EXPECT_EQ(pthread_key_delete(d.other), 0);
}

static int set_tss(void *arg)
{
	if (tss_get(d.tss) || tss_set(d.tss, arg) != thrd_success)
		return -1;
	thrd_exit(12);
}

UK_TEST(musl_pthread, destructors_of_tss_run_in_threads_of_c11)
{
	int result = 0;
	thrd_t t;

	d.n = 0;
	UK_EXPECT_EQ(tss_create(&d.tss, note), thrd_success);
	UK_EXPECT_EQ(thrd_create(&t, set_tss, (void *)77), thrd_success);
	UK_EXPECT_EQ(thrd_join(t, &result), thrd_success);
	UK_EXPECT_EQ(result, 12);
	UK_EXPECT_EQ(d.n, 1);
	UK_EXPECT_EQ(d.given[0], 77);
	UK_EXPECT_NULL(tss_get(d.tss));
	tss_delete(d.tss);
}

#if UK_IS_ENABLED(CONFIG_LIBMUSL_CXX)
int __cxa_thread_atexit(void (*dtor)(void *), void *object, void *dso);

static void note_and_add(void *object)
{
	note(object);
	if ((intptr_t)object == 2)
		__cxa_thread_atexit(note, (void *)9, NULL);
}

static void *add_destructors(void *arg)
{
	intptr_t failed = 0;

	for (intptr_t i = 1; i <= 3; i++)
		failed += __cxa_thread_atexit(note_and_add, (void *)i, NULL);
	if (arg)
		pthread_exit((void *)failed);
	return (void *)failed;
}

static void expect_destructors(void *by_exit)
{
	static const intptr_t order[] = { 3, 2, 9, 1 };
	void *failed = NULL;
	pthread_t t;

	d.n = 0;
	UK_EXPECT_EQ(pthread_create(&t, NULL, add_destructors, by_exit), 0);
	UK_EXPECT_EQ(pthread_join(t, &failed), 0);
	UK_EXPECT_EQ(failed, 0);
	UK_EXPECT_EQ(d.n, 4);
	UK_EXPECT_MEM_EQ(d.given, order, sizeof(order));
}

UK_TEST(musl_pthread, destructors_of_objects_of_cxx_run_last_first)
{
	expect_destructors(NULL);
	expect_destructors(&d);
}
#endif
