/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * As much of lib/uktest as cases need that run on Linux. A case is registered
 * before main(), which is in main.c.
 */
#include <stdbool.h>

struct native_case {
	const char *suite, *name;
	void (*fn)(void);
	struct native_case *next;
};

void native_register(struct native_case *c);
bool native_expect(bool held, const char *what, const char *file, int line,
		   long a, long b);

#define UK_TEST(suite_, name_)						\
	static void test_##name_(void);					\
	__attribute__((constructor)) static void register_##name_(void)	\
	{								\
		static struct native_case c = {				\
			#suite_, #name_, test_##name_, 0,		\
		};							\
		native_register(&c);					\
	}								\
	static void test_##name_(void)

#define NATIVE_COMPARE(a, op, b)					\
	__extension__ ({						\
		const long a_ = (long)(a), b_ = (long)(b);		\
		native_expect(a_ op b_, #a " " #op " " #b, __FILE__,	\
			      __LINE__, a_, b_);			\
	})

#define UK_EXPECT(c)		NATIVE_COMPARE(!!(c), ==, 1)
#define UK_EXPECT_EQ(a, b)	NATIVE_COMPARE(a, ==, b)
#define UK_EXPECT_NE(a, b)	NATIVE_COMPARE(a, !=, b)
#define UK_EXPECT_LT(a, b)	NATIVE_COMPARE(a, <, b)
#define UK_EXPECT_GT(a, b)	NATIVE_COMPARE(a, >, b)
#define UK_EXPECT_GE(a, b)	NATIVE_COMPARE(a, >=, b)
