/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uk/test.h>

static const struct {
	const char *str;
	int base;
	long val;
	int err;
	unsigned int rest;	/* bytes not taken */
} numbers[] = {
	{ "0", 10, 0, 0, 0 },
	{ " \t\n\v\f\r-42x", 10, -42, 0, 1 },
	{ "+7", 10, 7, 0, 0 },
	{ "0x1F", 16, 31, 0, 0 },
	{ "0x1F", 0, 31, 0, 0 },
	{ "017", 0, 15, 0, 0 },
	{ "08", 0, 0, 0, 1 },
	{ "0x", 0, 0, 0, 1 },
	{ "0xg", 16, 0, 0, 2 },
	{ "zZ", 36, 35 * 36 + 35, 0, 0 },
	{ "12", 2, 1, 0, 1 },
	{ "9223372036854775807", 10, LONG_MAX, 0, 0 },
	{ "9223372036854775808", 10, LONG_MAX, ERANGE, 0 },
	{ "-9223372036854775808", 10, LONG_MIN, 0, 0 },
	{ "-9223372036854775809", 10, LONG_MIN, ERANGE, 0 },
	{ "99999999999999999999999", 10, LONG_MAX, ERANGE, 0 },
	{ "", 10, 0, 0, 0 },
	{ "  -", 10, 0, 0, 3 },
	{ "5", 1, 0, EINVAL, 1 },
	{ "5", 37, 0, EINVAL, 1 },
	{ "5", -1, 0, EINVAL, 1 },
};

UK_TEST(nolibc_stdlib, strtol_knows_bases_limits_and_where_it_ended)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char *end;

		errno = 0;
		UK_EXPECT_EQ(strtol(numbers[i].str, &end, numbers[i].base),
			     numbers[i].val);
		UK_EXPECT_EQ(errno, numbers[i].err);
		UK_EXPECT_EQ(strlen(end), numbers[i].rest);
	}
}

UK_TEST(nolibc_stdlib, strtoul_negates_modulo_two_to_the_64)
{
	errno = 0;
	UK_EXPECT_EQ(strtoul("-1", NULL, 10), ULONG_MAX);
	UK_EXPECT_EQ(strtoumax("18446744073709551615", NULL, 10), UINTMAX_MAX);
	UK_EXPECT_EQ(errno, 0);
	UK_EXPECT_EQ(strtoull("18446744073709551616", NULL, 10), ULLONG_MAX);
	UK_EXPECT_EQ(errno, ERANGE);
	errno = 0;
	UK_EXPECT_EQ(strtoull("-18446744073709551616", NULL, 10), ULLONG_MAX);
	UK_EXPECT_EQ(errno, ERANGE);
	UK_EXPECT_EQ(atoi("-12"), -12);
	UK_EXPECT_EQ(atoll(" 5000000000 "), 5000000000);
	UK_EXPECT_EQ(strtoimax("-0x10", NULL, 0), -16);
}

UK_TEST(nolibc_stdlib, division_truncates_towards_zero)
{
	const div_t d = div(-7, 2);
	const lldiv_t ll = lldiv(7, -2);

	UK_EXPECT_EQ(d.quot, -3);
	UK_EXPECT_EQ(d.rem, -1);
	UK_EXPECT_EQ(ll.quot, -3);
	UK_EXPECT_EQ(ll.rem, 1);
	UK_EXPECT_EQ(abs(-5) + labs(-6) + llabs(7), 18);
	UK_EXPECT_EQ(imaxabs(INTMAX_MIN + 1), INTMAX_MAX);
}

static unsigned long ncompared;

static int compare_int(const void *a, const void *b)
{
	const int x = *(const int *)a, y = *(const int *)b;

	ncompared++;
	return (x > y) - (x < y);
}

#define NSORT	1024

/* Orders that make one or the other quicksort slow. */
static int in_order(unsigned int order, int i)
{
	switch (order) {
	case 0:
		return i;
	case 1:
		return -i;
	case 2:
		return 5;
	case 3:
		return i & 1;
	case 4:
		return i < NSORT / 2 ? i : NSORT - i;
	case 5:
		return i * 7 % 16;
	default:
		return (int)((unsigned int)i * 2654435761u >> 4);
	}
}

UK_TEST(nolibc_stdlib, qsort_needs_few_comparisons_in_every_order)
{
	static int val[NSORT];

	for (unsigned int order = 0; order < 7; order++) {
		int bad = 0;

		for (int i = 0; i < NSORT; i++)
			val[i] = in_order(order, i);
		ncompared = 0;
		qsort(val, NSORT, sizeof(val[0]), compare_int);
		for (int i = 1; i < NSORT; i++)
			bad += val[i - 1] > val[i];
		UK_EXPECT_EQ(bad, 0);
		/* 2 n log2 n. */
		UK_EXPECT_LE(ncompared, 2 * NSORT * 10);
	}
}

static int compare_3(const void *a, const void *b, void *arg)
{
	const int rc = memcmp(a, b, 3);

	return arg ? -rc : rc;
}

UK_TEST(nolibc_stdlib, qsort_moves_elements_of_odd_sizes_whole)
{
	char val[] = "ccXaaXddXbbXeeX";

	qsort_r(val, 5, 3, compare_3, NULL);
	UK_EXPECT_STR_EQ(val, "aaXbbXccXddXeeX");
	qsort_r(val, 5, 3, compare_3, val);
	UK_EXPECT_STR_EQ(val, "eeXddXccXbbXaaX");
	qsort_r(val, 1, 15, compare_3, NULL);
	qsort_r(NULL, 0, 3, compare_3, NULL);
	UK_EXPECT_STR_EQ(val, "eeXddXccXbbXaaX");
}

UK_TEST(nolibc_stdlib, bsearch_finds_what_is_there_and_nothing_else)
{
	int val[20];

	for (int n = 0; n <= 20; n++) {
		for (int i = 0; i < n; i++)
			val[i] = i * 2;
		for (int key = -1; key <= 2 * n; key++) {
			const int *at = bsearch(&key, val, (size_t)n,
						sizeof(val[0]), compare_int);

			if (key >= 0 && key % 2 == 0 && key < 2 * n)
				UK_EXPECT_EQ(at, val + key / 2);
			else
				UK_EXPECT_NULL(at);
		}
	}
}

UK_TEST(nolibc_stdlib, rand_repeats_for_a_seed_and_stays_in_range)
{
	unsigned int seed = 0;
	int first, bits = 0;

	srand(42);
	first = rand();
	for (int i = 0; i < 1000; i++) {
		const int val = rand();

		UK_EXPECT_GE(val, 0);
		bits |= val;
	}
	UK_EXPECT_EQ(bits, RAND_MAX);
	srand(42);
	UK_EXPECT_EQ(rand(), first);
	UK_EXPECT_NE(rand_r(&seed), rand_r(&seed));
}

static jmp_buf jump;

/* From some calls further down. */
__attribute__((noinline))
static int leap(int depth, int val)
{
	if (depth > 0)
		return leap(depth - 1, val) + 1;
	longjmp(jump, val);
}

UK_TEST(nolibc_stdlib, longjmp_returns_from_setjmp_with_its_value)
{
	volatile int round = 0;
	volatile double keep = 1.5;
	const int val = setjmp(jump);

	if (round == 0) {
		UK_EXPECT_EQ(val, 0);
		round = 1;
		leap(5, 7);
	} else if (round == 1) {
		UK_EXPECT_EQ(val, 7);
		round = 2;
		leap(0, 0);
	}
	UK_EXPECT_EQ(round, 2);
	UK_EXPECT_EQ(val, 1);
	UK_EXPECT(keep == 1.5);
}

UK_TEST(nolibc_stdlib, getenv_finds_whole_names_only)
{
	char one[] = "HOME=/root", two[] = "HO=x=y", three[] = "EMPTY=";
	char *env[] = { one, two, three, NULL };
	char **saved = environ;

	UK_EXPECT_NULL(getenv("PATH"));
	environ = env;
	UK_EXPECT_STR_EQ(getenv("HOME"), "/root");
	UK_EXPECT_STR_EQ(getenv("HO"), "x=y");
	UK_EXPECT_STR_EQ(getenv("EMPTY"), "");
	UK_EXPECT_NULL(getenv("HOM"));
	UK_EXPECT_NULL(getenv(""));
	environ = saved;
}

UK_TEST(nolibc_stdlib, memory_comes_from_the_heap_and_too_much_is_enomem)
{
	char *mem = malloc(100);
	void *aligned;

	if (!UK_EXPECT_NOT_NULL(mem))
		return;
	memset(mem, 'x', 100);
	mem = realloc(mem, 10000);
	if (!UK_EXPECT_NOT_NULL(mem))
		return;
	UK_EXPECT_EQ(mem[99], 'x');
	free(mem);
	mem = calloc(10, 30);
	UK_EXPECT_NOT_NULL(mem);
	for (int i = 0; i < 300; i++)
		UK_EXPECT_EQ(mem[i], 0);
	free(mem);
	free(NULL);

	errno = 0;
	UK_EXPECT_NULL(malloc(SIZE_MAX / 2));
	UK_EXPECT_EQ(errno, ENOMEM);
	errno = 0;
	UK_EXPECT_NULL(calloc(SIZE_MAX / 2, 3));
	UK_EXPECT_EQ(errno, ENOMEM);
	errno = 0;
	UK_EXPECT_NULL(reallocarray(NULL, SIZE_MAX / 2, 3));
	UK_EXPECT_EQ(errno, ENOMEM);

	UK_EXPECT_EQ(posix_memalign(&aligned, 3, 8), EINVAL);
	UK_EXPECT_EQ(posix_memalign(&aligned, 256, 8), 0);
	UK_EXPECT_EQ((uintptr_t)aligned % 256, 0);
	free(aligned);
	UK_EXPECT_NULL(aligned_alloc(24, 8));
}
