/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One run: pick the cases, announce each one, call it under guard, report.
 *
 * The "# run" line comes before the case because whoever watches the console
 * has nothing else to name the case by when it hangs. A case is measured
 * after the fact; one that never ends is the watcher's to stop.
 */
#include "uktest_priv.h"

#include <uk/arch/cpu.h>

struct uktest_state *uktest_now;

/* "suite: the sentence" */
static void print_title(const struct uk_test_case *test)
{
	char title[160];
	size_t len = 0;

	for (const char *p = test->name; *p && len < sizeof(title) - 1; p++)
		title[len++] = *p == '_' ? ' ' : *p;
	title[len] = '\0';
	uktest_print("%s: %s", test->suite, title);
}

static void call(void *arg)
{
	const struct uk_test_case *test = arg;

	test->fn();
}

/* Milliseconds since tick @since; 0 where the CPU does not tell its rate. */
static uint64_t elapsed_ms(uint64_t since)
{
	static uint64_t hz;
	const uint64_t ticks = ukarch_ticks() - since;

	if (hz == 0)
		hz = ukarch_ticks_hz();
	return hz < 1000 ? 0 : ticks / (hz / 1000);
}

/* Run one case; true if it passed or was skipped. */
static bool run_case(unsigned int index, struct uktest_state *st)
{
	const unsigned int limit_ms = st->conf->limit_ms;
	uint64_t since, ms;

	uktest_print("# run %s.%s\n", st->test->suite, st->test->name);
	since = ukarch_ticks();
	if (uktest_guarded(call, (void *)(uintptr_t)st->test)) {
		uktest_alone_over();
		uktest_print("#   crashed: %s\n", uktest_crash_cause);
		st->nfailed++;
	}
	uktest_now = st;	/* a crash may have left a nested run */
	ms = elapsed_ms(since);
	if (limit_ms && ms > limit_ms) {
		uktest_print("#   took %llu ms, allowed are %u\n",
			     (unsigned long long)ms, limit_ms);
		st->nfailed++;
	}

	uktest_print("%s %u - ", st->nfailed ? "not ok" : "ok", index);
	print_title(st->test);
	if (st->skip && !st->nfailed)
		uktest_print(" # SKIP %s", st->skip);
	uktest_print("\n");
	return !st->nfailed;
}

static unsigned int count(const struct uk_test_case *tests,
			  const struct uk_test_case *end,
			  const struct uktest_conf *conf)
{
	unsigned int n = 0;

	for (const struct uk_test_case *t = tests; t < end; t++)
		n += uktest_selected(conf->filter, t);
	return n;
}

unsigned int uktest_run(const struct uk_test_case *tests,
			const struct uk_test_case *end,
			const struct uktest_conf *conf)
{
	struct uktest_state st = { .conf = conf, .outer = uktest_now };
	const unsigned int total = count(tests, end, conf);
	unsigned int index = 0;
	unsigned int nfailures = 0;

	uktest_now = &st;
	if (total == 0) {
		uktest_print("1..0\nBail out! no case matches \"%s\"\n",
			     conf->filter);
		nfailures = 1;
	} else if (!conf->list) {
		uktest_print("1..%u\n", total);
	}

	for (const struct uk_test_case *t = tests; t < end; t++) {
		if (!uktest_selected(conf->filter, t))
			continue;
		if (conf->list) {
			uktest_print("%s.%s\n", t->suite, t->name);
			continue;
		}
		st.test = t;
		st.nfailed = 0;
		st.skip = NULL;
		nfailures += !run_case(++index, &st);
	}

	uktest_now = st.outer;
	return nfailures;
}
