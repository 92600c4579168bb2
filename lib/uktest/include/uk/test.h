/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/event.h>

/*
 * Tests that run where the code runs.
 *
 *	UK_TEST(idpool, lowest_free_id_goes_out_first)
 *	{
 *		UK_EXPECT_EQ(uk_idpool_get(&p, 0), 0);
 *	}
 *
 * A case's name is the sentence it proves. Cases lie in tests/ of the library
 * they test and find their way into the image by a link-time table; nobody
 * calls them by name. The same sources run in an image under QEMU and as a
 * program on the host, there with sanitizers.
 *
 * The output is TAP: a plan "1..N", and "ok I - suite: the sentence" or
 * "not ok ..." for each case, after a line "# run suite.the_sentence" that
 * tells which case it was if the image never comes back. A case that crashes
 * has failed and the next one runs.
 *
 * A case must not leave anything behind that changes the next one.
 *
 * Context: thread.
 */

struct uk_test_case {
	const char *suite;
	const char *name;	/* underscores stand for blanks */
	void (*fn)(void);
	uint64_t reserved;
};

_Static_assert(sizeof(struct uk_test_case) == 32, "array in the image");

/* Define and register a case. */
#define UK_TEST(suite_, name_)						\
	static void uk_test_##suite_##_##name_(void);			\
	static const struct uk_test_case				\
	uk_test_case_##suite_##_##name_					\
	UK_USED UK_ALIGNED(8) UK_SECTION(".uk_test") = {		\
		.suite = #suite_,					\
		.name = #name_,						\
		.fn = uk_test_##suite_##_##name_,			\
	};								\
	static void uk_test_##suite_##_##name_(void)

/* Leave the case: it cannot be tried here, and @reason says why. */
#define UK_TEST_SKIP(reason)						\
	do {								\
		uk_test_skip(reason);					\
		return;							\
	} while (0)

/*
 * What a case expects. A failed one is reported with its place and values,
 * and the case goes on. Each is an expression that is true if it held, and
 * evaluates its arguments once:
 *
 *	if (!UK_EXPECT_NOT_NULL(p))
 *		return;
 */
#define UK_EXPECT(cond)							\
	uk_test_expect(!!(cond), #cond, __FILE_NAME__, __LINE__)

/*
 * Integers of any width, and pointers. They are compared by value: -1 is not
 * UINT64_MAX, whatever C's conversions say.
 */
#define UK_EXPECT_EQ(a, b)	UK_TEST_COMPARE_(UK_TEST_EQ, a, b, #a, #b)
#define UK_EXPECT_NE(a, b)	UK_TEST_COMPARE_(UK_TEST_NE, a, b, #a, #b)
#define UK_EXPECT_LT(a, b)	UK_TEST_COMPARE_(UK_TEST_LT, a, b, #a, #b)
#define UK_EXPECT_LE(a, b)	UK_TEST_COMPARE_(UK_TEST_LE, a, b, #a, #b)
#define UK_EXPECT_GT(a, b)	UK_TEST_COMPARE_(UK_TEST_GT, a, b, #a, #b)
#define UK_EXPECT_GE(a, b)	UK_TEST_COMPARE_(UK_TEST_GE, a, b, #a, #b)

#define UK_EXPECT_NULL(ptr)						\
	UK_TEST_COMPARE_(UK_TEST_EQ, (const volatile void *)(ptr),	\
			 (void *)0, #ptr, "NULL")
#define UK_EXPECT_NOT_NULL(ptr)						\
	UK_TEST_COMPARE_(UK_TEST_NE, (const volatile void *)(ptr),	\
			 (void *)0, #ptr, "NULL")

/* NUL-terminated strings, or NULL, which is equal to NULL only. */
#define UK_EXPECT_STR_EQ(a, b)						\
	uk_test_expect_str(a, b, #a " == " #b, __FILE_NAME__, __LINE__)

/* @len bytes at @a and at @b. */
#define UK_EXPECT_MEM_EQ(a, b, len)					\
	uk_test_expect_mem(a, b, len, #a " == " #b, __FILE_NAME__, __LINE__)

/*
 * @fn(@arg), with void *arg, ends in a crash: a failed assertion, uk_crash(),
 * or a CPU exception. What it had begun stays as it is; no crash screen.
 */
#define UK_EXPECT_CRASH(fn, arg)					\
	uk_test_expect_crash(fn, arg, #fn "(" #arg ") crashes",	\
			     __FILE_NAME__, __LINE__)

/*
 * For interrupts whose handler counts in *@count. With interrupts on, see
 * whether it comes to @n: one that is to come gets some seconds, one that is
 * to stay away the time of some million loads. Afterwards interrupts are as
 * before.
 */
UK_MUST_USE
bool uk_test_irq_comes(const volatile unsigned int *count, unsigned int n);
UK_MUST_USE
bool uk_test_irq_stays_away(const volatile unsigned int *count,
			    unsigned int n);

/*
 * Between the two no other CPU runs: for a case that puts something else in
 * the place of what they use. Interrupts are off; what another CPU may hold
 * with interrupts on, as the heap, is not used. A crash ends it, too. Who knows
 * of other CPUs takes the event, with a bool: begin, or end.
 */
void uk_test_alone_begin(void);
void uk_test_alone_end(void);

UK_EVENT_DECLARE(uk_test_alone);

/*
 * The cause that the last UK_EXPECT_CRASH() saw, at most its first 159 bytes,
 * "" if there was none.
 */
const char *uk_test_crash_cause(void);

/*
 * Run every case that the parameters pick (see README.md), and report on the
 * console. Returns the number of failures, at most 125, for main() to return;
 * no case at all counts as one failure.
 */
int uk_test_run_all(void);

/* Behind the macros. */

enum uk_test_op {
	UK_TEST_EQ,
	UK_TEST_NE,
	UK_TEST_LT,
	UK_TEST_LE,
	UK_TEST_GT,
	UK_TEST_GE,
};

struct uk_test_value {
	uint64_t bits;		/* sign-extended */
	bool is_signed;
};

struct uk_test_site {
	const char *a;		/* the source text of both sides */
	const char *b;
	const char *file;
	unsigned int line;
};

/* A floating-point operand does not compile: say UK_EXPECT(a == b). */
#define UK_TEST_SIGNED_(x)						\
	_Generic((x), signed char: true, short: true, int: true,	\
		 long: true, long long: true, char: (char)-1 < (char)1,	\
		 float: (void)0, double: (void)0, default: false)

#define UK_TEST_VALUE_(x)						\
	((struct uk_test_value){ .bits = (uint64_t)(x),			\
				 .is_signed = UK_TEST_SIGNED_(x) })

#define UK_TEST_COMPARE_(op, a_, b_, atext, btext)			\
	uk_test_compare(op, UK_TEST_VALUE_(a_), UK_TEST_VALUE_(b_),	\
			&(const struct uk_test_site){			\
				.a = atext, .b = btext,			\
				.file = __FILE_NAME__,			\
				.line = __LINE__ })

void uk_test_skip(const char *reason);
bool uk_test_expect(bool held, const char *text, const char *file,
		    unsigned int line);
bool uk_test_compare(enum uk_test_op op, struct uk_test_value a,
		     struct uk_test_value b, const struct uk_test_site *site);
bool uk_test_expect_str(const char *a, const char *b, const char *text,
			const char *file, unsigned int line);
bool uk_test_expect_mem(const void *a, const void *b, size_t len,
			const char *text, const char *file,
			unsigned int line);
bool uk_test_expect_crash(void (*fn)(void *), void *arg, const char *text,
			  const char *file, unsigned int line);
