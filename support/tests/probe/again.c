/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A machine handed over, without a reset, to the image that the initrd is.
 *
 * "again N" first sees that time, interrupts, threads and the other CPUs work,
 * as what came before may have spoilt them. Then it enters the image with its
 * own command line, in which N is one less, or, at 0, ends with status 42. So
 * an image that is its own initrd goes round N times.
 *
 * Whatever a protocol leaves open is left in disorder: see again_x86.c and
 * again_arm64.c. The invariant is that nothing is handed over by a name: the
 * next image finds all it needs by the protocol.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/lcpu.h>
#include <uk/sched.h>
#include <uk/time.h>
#include <uk/timer.h>

#include "again.h"
#include "probe.h"

#define STATUS		42
#define NSLEEPS		20
#define SLEEP_NS	(5 * UK_TIME_NS_PER_MS)
#define PATIENCE_NS	(5 * UK_TIME_NS_PER_SEC)

/* Interrupts that are no number's: more of them are a storm. */
#define MOST_UNKNOWN	100

static const struct uk_bootinfo *bootinfo;

static int keep(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(LATE, keep, NULL);

void *again_alloc(uint64_t align, uint64_t len)
{
	void *const mem = uk_memalign(uk_alloc_get_default(), align, len);

	if (mem)
		memset(mem, 0, len);
	else
		printf("again: no memory\n");
	return mem;
}

static unsigned int nfired;
static struct uk_timer timers[UK_LCPU_MAX];

static void fired(struct uk_timer *timer)
{
	(void)timer;
	__atomic_fetch_add(&nfired, 1, __ATOMIC_RELEASE);
}

static void start_timer(void *unused)
{
	struct uk_timer *const timer = &timers[uk_lcpu_idx()];

	(void)unused;
	uk_timer_init(timer, fired);
	uk_timer_start(timer, uk_time_now() + SLEEP_NS);
}

/* A timer of each CPU interrupts it. */
static int cpus_work(void)
{
	const uint64_t end = uk_time_now() + PATIENCE_NS;
	const unsigned int n = uk_lcpu_nup();

	for (unsigned int i = 0; i < n; i++)
		uk_lcpu_run(i, start_timer, NULL);
	while (__atomic_load_n(&nfired, __ATOMIC_ACQUIRE) < n)
		if (uk_time_now() > end)
			break;
	printf("again: timers of %u of %u CPUs\n", nfired, n);
	return nfired == n;
}

static int sleeps_work(void)
{
	const uint64_t begin = uk_time_now();
	uint64_t took;

	for (int i = 0; i < NSLEEPS; i++)
		uk_sched_thread_sleep(SLEEP_NS);
	took = uk_time_now() - begin;
	if (took >= NSLEEPS * SLEEP_NS && took < PATIENCE_NS) {
		printf("again: %d sleeps\n", NSLEEPS);
		return 1;
	}
	printf("again: %d sleeps took %llu ns\n", NSLEEPS,
	       (unsigned long long)took);
	return 0;
}

/* Nothing comes on and on, and no line was stopped for that. */
static int is_quiet(void)
{
	const unsigned long long unknown = uk_intctlr_spurious();
	struct uk_intctlr_stat stat;
	int quiet = unknown <= MOST_UNKNOWN;

	if (again_serves()) {
		printf("again: interrupts are in service\n");
		quiet = 0;
	}
	if (unknown > MOST_UNKNOWN)
		printf("again: %llu interrupts for nobody\n", unknown);
	for (unsigned int irq = 0; uk_intctlr_stat(irq, &stat) == 0; irq++)
		if (stat.unclaimed > MOST_UNKNOWN || stat.stopped) {
			printf("again: %llu interrupts %u\n",
			       (unsigned long long)stat.count, irq);
			quiet = 0;
		}
	if (quiet)
		printf("again: quiet\n");
	return quiet;
}

/* The digit behind "again" becomes @left. */
static char *next_cmdline(int left)
{
	static const char word[] = "again ";
	char *const line = again_alloc(1, bootinfo->cmdline_len + 1);
	char *at;

	if (!line)
		return NULL;
	memcpy(line, bootinfo->cmdline, bootinfo->cmdline_len + 1);
	at = strstr(line, word);
	if (!at)
		return NULL;
	at[sizeof(word) - 1] = (char)('0' + left);
	return line;
}

static struct uk_lcpu_call leave[UK_LCPU_MAX];

static void go(void *left)
{
	for (unsigned int i = 1; i < uk_lcpu_count(); i++)
		if (uk_lcpu_state(i) == UK_LCPU_UP) {
			leave[i].fn = again_leave;
			uk_lcpu_post(i, &leave[i]);
			again_park(uk_lcpu_id(i));
		}
	again_enter(*(const int *)left);
}

int probe_again(int left)
{
	char *cmdline;
	int right;

	printf("again: %d left, initrd %zu bytes\n", left,
	       (size_t)bootinfo->initrd_len);
	if (again_map() < 0)
		return 1;
	right = sleeps_work();
	right &= cpus_work();
	right &= is_quiet();
	if (!right)
		return 1;
	if (left <= 0)
		return STATUS;
	cmdline = next_cmdline(left - 1);
	if (!cmdline || again_prepare(bootinfo, cmdline) < 0)
		return 1;
	uk_lcpu_run(0, go, &left);
	return 1;
}
