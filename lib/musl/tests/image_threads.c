/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads of the core that use the C library, and what pthread_create() is
 * told where there is no clone.
 */
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define NTHREADS	4

/* Not in a header of the library. */
void *__tls_get_addr(size_t module_and_offset[2]);

static _Thread_local int var = 11;
static _Thread_local __attribute__((__aligned__(64))) char wide[4096];

static struct {
	int done;
	int nwrong;
	pthread_key_t key;
} x;

static void wrong_unless(int cond)
{
	if (!cond)
		__atomic_fetch_add(&x.nwrong, 1, __ATOMIC_RELAXED);
}

/* Between the two halves the others run. */
static void work(void *arg)
{
	const int id = (int)(intptr_t)arg;
	char *text = NULL;

	wrong_unless(var == 11 && errno == 0 && wide[4095] == 0);
	wrong_unless((uintptr_t)wide % 64 == 0);
	wrong_unless(!pthread_getspecific(x.key));
	var = id;
	wide[4095] = (char)id;
	wrong_unless(pthread_setspecific(x.key, arg) == 0);
	wrong_unless(write(-1, "", 1) == -1 && errno == EBADF);
	errno = 1000 + id;
	wrong_unless(asprintf(&text, "%d %.3f", id, id / 8.0) > 0);
	uk_sched_yield();
	wrong_unless(errno == 1000 + id && var == id && wide[4095] == id);
	wrong_unless(pthread_getspecific(x.key) == arg);
	wrong_unless(strtod(strchr(text, ' '), NULL) == id / 8.0);
	free(text);
	__atomic_fetch_add(&x.done, 1, __ATOMIC_RELEASE);
}

static struct uk_thread *make(int id)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, work, (void *)(intptr_t)id, a, 0, NULL, 0, a, false,
		"worker", NULL, NULL);

	if (t && uk_sched_thread_add(uk_sched_current(), t) < 0) {
		uk_thread_release(t);
		return NULL;
	}
	return t;
}

UK_TEST(musl_threads, each_has_its_errno_its_variables_and_its_keys)
{
	struct uk_thread *t[NTHREADS];
	static int mine;

	x.done = 0;
	x.nwrong = 0;
	if (!UK_EXPECT_EQ(pthread_key_create(&x.key, NULL), 0))
		return;
	UK_EXPECT_EQ(pthread_setspecific(x.key, &mine), 0);
	errno = 0;
	var = 99;
	for (int i = 0; i < NTHREADS; i++)
		UK_EXPECT_NOT_NULL(t[i] = make(i + 1));
	for (int i = 0; i < NTHREADS; i++)
		if (t[i])
			uk_thread_join(t[i]);
	UK_EXPECT_EQ(__atomic_load_n(&x.done, __ATOMIC_ACQUIRE), NTHREADS);
	UK_EXPECT_EQ(x.nwrong, 0);
	UK_EXPECT_EQ(var, 99);
	UK_EXPECT_EQ(errno, 0);
	UK_EXPECT_EQ(pthread_getspecific(x.key), &mine);
	UK_EXPECT_EQ(pthread_key_delete(x.key), 0);
	var = 11;
}

/* Nobody writes it, so it is what the image's template has. */
static _Thread_local volatile char pattern[] = "this is in the template";

/* The variables' address, as told, is where the thread's own ones are. */
static int see_variables(struct dl_phdr_info *info, size_t len, void *arg)
{
	const uintptr_t at = (uintptr_t)pattern -
			     (uintptr_t)info->dlpi_tls_data;
	int *const good = arg;

	(void)len;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *const phdr = &info->dlpi_phdr[i];

		if (phdr->p_type == PT_TLS && info->dlpi_tls_modid == 1 &&
		    at + sizeof(pattern) <= phdr->p_filesz)
			*good += !memcmp((char *)phdr->p_vaddr + at,
					 (char *)pattern, sizeof(pattern));
	}
	*good += __tls_get_addr((size_t[2]){ 1, at }) == pattern;
	return 0;
}

static void *look_for_variables(void *arg)
{
	dl_iterate_phdr(see_variables, arg);
	return NULL;
}

static void look_too(void *arg)
{
	(void)look_for_variables(arg);
}

static void run(void (*fn)(void *), void *arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, arg, a, 0, NULL, 0, a, false, "other", NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_thread_join(t);
}

UK_TEST(musl_threads, it_is_told_where_the_variables_of_each_are)
{
	pthread_t t;
	int good = 0;

	(void)look_for_variables(&good);
	UK_EXPECT_EQ(good, 2);
	good = 0;
	run(look_too, &good);
	UK_EXPECT_EQ(good, 2);
	good = 0;
	if (pthread_create(&t, NULL, look_for_variables, &good) != 0)
		UK_TEST_SKIP("no clone or no mmap in the image");
	UK_EXPECT_EQ(pthread_join(t, NULL), 0);
	UK_EXPECT_EQ(good, 2);
}

static void look(void *arg)
{
	*(pthread_t *)arg = pthread_self();
}

UK_TEST(musl_threads, each_is_somebody_else)
{
	pthread_t other = pthread_self();

	run(look, &other);
	UK_EXPECT(!pthread_equal(other, pthread_self()));
}

static void *nothing(void *arg)
{
	return arg;
}

UK_TEST(musl_threads, pthread_create_works_or_says_why_not)
{
	pthread_t t;
	void *back = NULL;
	const int rc = pthread_create(&t, NULL, nothing, &back);

	if (rc != 0) {
		UK_EXPECT_EQ(rc, EAGAIN);
		UK_TEST_SKIP("no clone or no mmap in the image");
	}
	UK_EXPECT_EQ(pthread_join(t, &back), 0);
	UK_EXPECT_EQ(back, &back);
}

UK_TEST(musl_threads, locks_know_their_owner)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t m;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	UK_EXPECT_EQ(pthread_mutex_init(&m, &attr), 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&m), 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&m), EDEADLK);
	UK_EXPECT_EQ(pthread_mutex_unlock(&m), 0);
	UK_EXPECT_EQ(pthread_mutex_unlock(&m), EPERM);
	pthread_mutex_destroy(&m);
}

#if UK_IS_ENABLED(CONFIG_LIBPOSIX_SIGNAL)
static pthread_t handled_by;

static void note_self(int sig)
{
	(void)sig;
	handled_by = pthread_self();
}

static void signal_itself(void *arg)
{
	*(int *)arg = pthread_kill(pthread_self(), SIGUSR1);
	wrong_unless(handled_by == pthread_self());
	handled_by = NULL;
	wrong_unless(raise(SIGUSR1) == 0);
	wrong_unless(handled_by == pthread_self());
}

UK_TEST(musl_threads, one_of_the_core_is_found_by_who_sends_signals)
{
	struct sigaction act = { .sa_handler = note_self };
	int rc = -1;

	x.nwrong = 0;
	UK_EXPECT_EQ(sigaction(SIGUSR1, &act, NULL), 0);
	run(signal_itself, &rc);
	UK_EXPECT_EQ(rc, 0);
	UK_EXPECT_EQ(x.nwrong, 0);
	act.sa_handler = SIG_DFL;
	UK_EXPECT_EQ(sigaction(SIGUSR1, &act, NULL), 0);
}
#endif

static pthread_mutex_t nested;

static void try_nested(void *arg)
{
	int *const rc = arg;

	rc[0] = pthread_mutex_trylock(&nested);
	rc[1] = pthread_mutex_unlock(&nested);
}

UK_TEST(musl_threads, a_recursive_lock_of_one_is_not_another_ones)
{
	pthread_mutexattr_t attr;
	int rc[2] = { 0 };

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	UK_EXPECT_EQ(pthread_mutex_init(&nested, &attr), 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&nested), 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&nested), 0);
	run(try_nested, rc);
	UK_EXPECT_EQ(rc[0], EBUSY);
	UK_EXPECT_EQ(rc[1], EPERM);
	UK_EXPECT_EQ(pthread_mutex_unlock(&nested), 0);
	UK_EXPECT_EQ(pthread_mutex_unlock(&nested), 0);
	run(try_nested, rc);
	UK_EXPECT_EQ(rc[0], 0);
	UK_EXPECT_EQ(rc[1], 0);
	pthread_mutex_destroy(&nested);
}
