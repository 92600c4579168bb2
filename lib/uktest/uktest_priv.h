/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/test.h>

/* How a run goes: what is picked, and where the report goes. */
struct uktest_conf {
	const char *filter;	/* "" for all; see uktest_selected() */
	bool list;		/* name the cases, run none */
	unsigned int limit_ms;	/* per case; 0: no limit */
	void (*out)(const char *text, size_t len);
};

/* The case that runs now. Runs nest: uktest tests itself. */
struct uktest_state {
	const struct uktest_conf *conf;
	const struct uk_test_case *test;
	unsigned int nfailed;	/* expectations of this case */
	const char *skip;	/* reason, or NULL */
	struct uktest_state *outer;
};

extern struct uktest_state *uktest_now;

/* Failures among the cases from @tests up to @end; at least 1 if none ran. */
unsigned int uktest_run(const struct uk_test_case *tests,
			const struct uk_test_case *end,
			const struct uktest_conf *conf);

/* The suite whose cases only run when a filter picks them. */
#define UKTEST_ON_DEMAND	"on_demand"

/*
 * Does @filter pick the case? "" picks all but those on demand, "suite" and
 * "suite.name" do what they say, and "*" and "?" stand for any text and any
 * one character. Several are separated by commas.
 */
bool uktest_selected(const char *filter, const struct uk_test_case *test);

/* Formatted text to the current run's report. */
UK_PRINTF(1, 2) void uktest_print(const char *fmt, ...);

/*
 * Call @fn(@arg), and come back from a crash inside. Returns false if it
 * returned by itself; true if it crashed, for the reason in
 * uktest_crash_cause. Guards nest; a crash ends the innermost.
 */
bool uktest_guarded(void (*fn)(void *), void *arg);

#define UKTEST_CAUSE	160

extern char uktest_crash_cause[UKTEST_CAUSE];

/* A case that was alone has crashed: the other CPUs go on. */
void uktest_alone_over(void);

/*
 * What uktest_guarded() stands on, one per architecture. call: saves what a
 * function must preserve, notes in @ctx how to come back, calls @fn(@arg),
 * returns 0. unwind: makes the call that filled @ctx return 1, from any depth
 * and from a trap handler too; that call must not have returned yet.
 */
struct uktest_context {
	uintptr_t sp;
	uintptr_t sp_select;	/* arm64: SPSel */
	uintptr_t sp_el1;	/* arm64: the stack of traps, if SPSel is 0 */
};

int uktest_context_call(void (*fn)(void *), void *arg,
			struct uktest_context *ctx);
UK_NORETURN void uktest_context_unwind(const struct uktest_context *ctx);
