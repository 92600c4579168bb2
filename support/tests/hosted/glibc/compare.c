// SPDX-License-Identifier: BSD-3-Clause
/*
 * lib/nolibc beside the host's libc, in one program: the same random calls to
 * both, and their results compared. nolibc's names have the prefix kiln_.
 *
 *	compare [ROUNDS [SEED]]
 *
 * Prints TAP, and the seed, which repeats a run.
 *
 * What C leaves open and the two decide differently is kept out: the hex
 * digits of denormals (nolibc normalises) and of long double (the host's
 * begin with the top four bits), errno for results that are denormal, and in
 * scanf() what C calls a matching failure and the host takes all the same:
 * "1e" and "0x" for numbers, and fewer bytes than %2c asks for. The flag # with
 * %g is tested in lib/nolibc/tests: glibc 2.36 prints 99.9 by "%#.2g" as
 * "1.e+02".
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define TEXT_MAX	12000

int kiln_snprintf(char *buf, size_t size, const char *fmt, ...);
int kiln_sscanf(const char *str, const char *fmt, ...);
float kiln_strtof(const char *str, char **end);
double kiln_strtod(const char *str, char **end);
long double kiln_strtold(const char *str, char **end);
long long kiln_strtoll(const char *str, char **end, int base);
unsigned long long kiln_strtoull(const char *str, char **end, int base);
void kiln_qsort(void *base, size_t count, size_t size,
		int (*cmp)(const void *, const void *));
void *kiln_memmem(const void *hay, size_t hay_len, const void *needle,
		  size_t needle_len);
extern int kiln_errno;

static uint64_t rng_state;
static unsigned long failures;

static uint64_t rnd(void)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return rng_state * UINT64_C(0x2545f4914f6cdd1d);
}

static unsigned int below(unsigned int n)
{
	return (unsigned int)((rnd() >> 32) % n);
}

__attribute__((format(printf, 1, 2)))
static void fail(const char *fmt, ...)
{
	va_list ap;

	if (failures++ >= 10)
		return;
	va_start(ap, fmt);
	fputs("# ", stdout);
	vprintf(fmt, ap);
	fputs("\n", stdout);
	va_end(ap);
}

/* All of the type's values, but with the interesting ones more often. */
static double any_double(void)
{
	double val;
	uint64_t bits = rnd();

	switch (below(8)) {
	case 0:
		return (double)(int64_t)rnd() / (double)(1u << below(20));
	case 1:
		return (double)below(100000) / 1000;
	case 2:		/* few digits */
		return (double)below(1000) * pow(10, (int)below(40) - 20);
	case 3:		/* denormals */
		bits &= ~(UINT64_C(0x7ff) << 52);
		bits &= ~UINT64_C(0) >> below(64);
		break;
	case 4:		/* ties: odd multiples of powers of two */
		return (double)(2 * below(100000) + 1) / (1u << below(30));
	case 5:		/* neighbours of powers of two */
		bits = (bits & (UINT64_C(0xfff) << 52)) |
		       (below(2) ? below(3) : (UINT64_C(1) << 52) - 1);
		break;
	case 6:
		bits &= ~(UINT64_C(0xfffffff) << below(30));
		break;
	}
	memcpy(&val, &bits, sizeof(val));
	return val;
}

static long double any_ldouble(void)
{
	switch (below(4)) {
	case 0:
		return any_double();
	case 1:
		return ldexpl((long double)rnd(), (int)below(16000) - 16000);
	case 2:
		return ldexpl((long double)rnd(), (int)below(16000));
	default:
		return ldexpl((long double)rnd() / 3, (int)below(80) - 60);
	}
}

/* No flag # in @spec: it becomes a blank. */
static void without_hash(char *spec)
{
	char *hash = strchr(spec, '#');

	if (hash)
		*hash = ' ';
}

/* "%+-0 #12.3" and so on, without length and conversion. */
static char *random_spec(char *to, unsigned int prec_max)
{
	*to++ = '%';
	for (const char *flag = "+- #0"; *flag; flag++) {
		if (below(5) == 0)
			*to++ = *flag;
	}
	if (below(3) == 0)
		to += sprintf(to, "%u", below(60));
	if (below(4))
		to += sprintf(to, ".%u", below(prec_max));
	return to;
}

static void compare_text(const char *fmt, int len, const char *text, int wlen,
			 const char *wanted)
{
	if (len != wlen || strcmp(text, wanted) != 0)
		fail("\"%s\": %d \"%s\", host %d \"%s\"", fmt, len, text,
		     wlen, wanted);
}

static char text[TEXT_MAX], wanted[TEXT_MAX];

static void print_doubles(unsigned long rounds)
{
	static const char convs[] = "eEfFgGaA";

	while (rounds--) {
		const double val = any_double();
		char fmt[40], *end;
		char conv = convs[below(8)];
		int len, wlen;

		if ((conv | 0x20) == 'a' && fpclassify(val) == FP_SUBNORMAL)
			conv = 'e';
		end = random_spec(fmt, below(10) ? 25 : 1200);
		if ((conv | 0x20) == 'g')
			without_hash(fmt);
		if (below(4) == 0)
			*end++ = 'l';
		*end++ = conv;
		*end = '\0';
		len = kiln_snprintf(text, sizeof(text), fmt, val);
		wlen = snprintf(wanted, sizeof(wanted), fmt, val);
		compare_text(fmt, len, text, wlen, wanted);
	}
}

static void print_ldoubles(unsigned long rounds)
{
	static const char convs[] = "eEfFgG";

	while (rounds--) {
		const long double val = any_ldouble();
		char fmt[40], *end = random_spec(fmt, below(50) ? 40 : 6000);
		int len, wlen;

		*end++ = 'L';
		*end++ = convs[below(6)];
		*end = '\0';
		without_hash(fmt);
		len = kiln_snprintf(text, sizeof(text), fmt, val);
		wlen = snprintf(wanted, sizeof(wanted), fmt, val);
		compare_text(fmt, len, text, wlen, wanted);
	}
}

static void print_ints(unsigned long rounds)
{
	static const char *const lens[] = { "hh", "h", "", "l", "ll", "j",
					    "z", "t" };
	static const char convs[] = "diouxX";

	while (rounds--) {
		const uint64_t val = rnd() >> below(64);
		const unsigned int width = below(8);
		char fmt[40], *end = random_spec(fmt, 30);
		int len, wlen;

		sprintf(end, "%s%c", lens[width], convs[below(6)]);
		if (width < 3) {
			len = kiln_snprintf(text, sizeof(text), fmt, (int)val);
			wlen = snprintf(wanted, sizeof(wanted), fmt, (int)val);
		} else {
			len = kiln_snprintf(text, sizeof(text), fmt, val);
			wlen = snprintf(wanted, sizeof(wanted), fmt, val);
		}
		compare_text(fmt, len, text, wlen, wanted);
	}
}

/* Text that is a number, nearly one, or the middle between two. */
static void random_number(char *to)
{
	char *start = to;

	switch (below(8)) {
	case 0:
		sprintf(to, "%.*e", (int)below(40), any_double());
		break;
	case 1:
		sprintf(to, "%.17g", any_double());
		break;
	case 2: {	/* exactly between two values */
		double val = fabs(any_double());

		if (!isfinite(val) || val > 1e300)
			val = 1;
		sprintf(to, "%.800Lg", ((long double)val +
			(long double)nextafter(val, INFINITY)) / 2);
		if (below(2))
			strcat(to, below(2) ? "1" : "0000000000000001");
		break;
	}
	case 3:
		sprintf(to, "%a", any_double());
		break;
	case 4:
		sprintf(to, "0x%llx.%llxp%d", (long long)rnd() >> below(60),
			(long long)rnd(), (int)below(2400) - 1200);
		break;
	case 5:
		for (unsigned int n = 1 + below(900); n--;)
			*to++ = (char)('0' + below(10));
		sprintf(to, ".%ue%d", below(1000), (int)below(1400) - 1100);
		break;
	case 6:
		sprintf(to, "%.*Le", (int)below(30), any_ldouble());
		break;
	default:
		for (unsigned int n = below(12); n--;)
			*to++ = "0123456789..eE+-pxnainf( "[below(25)];
		*to = '\0';
		break;
	}
	if (below(10) == 0)
		strcat(start, "junk");
}

static bool same_double(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0 || (isnan(a) && isnan(b));
}

static void scan_floats(unsigned long rounds)
{
	static char str[TEXT_MAX];

	while (rounds--) {
		char *end, *wend;
		double d, wd;
		float f, wf;
		long double l, wl;

		random_number(str);
		errno = kiln_errno = 0;
		d = kiln_strtod(str, &end);
		wd = strtod(str, &wend);
		if (!same_double(d, wd) || end != wend)
			fail("strtod(\"%s\"): %a, %zd bytes; host %a, %zd",
			     str, d, end - str, wd, wend - str);
		if (errno != kiln_errno &&
		    (fpclassify(wd) != FP_SUBNORMAL && fabs(wd) != DBL_MIN))
			fail("strtod(\"%s\"): errno %d, host %d", str,
			     kiln_errno, errno);
		f = kiln_strtof(str, &end);
		wf = strtof(str, &wend);
		if (!same_double(f, wf) || end != wend)
			fail("strtof(\"%s\"): %a, host %a", str, f, wf);
		l = kiln_strtold(str, &end);
		wl = strtold(str, &wend);
		if ((memcmp(&l, &wl, 10) != 0 && !(l != l && wl != wl)) ||
		    end != wend)
			fail("strtold(\"%s\"): %La, host %La", str, l, wl);
	}
}

static void scan_ints(unsigned long rounds)
{
	while (rounds--) {
		static const int bases[] = { 0, 2, 8, 10, 16, 36 };
		const int base = bases[below(6)];
		char str[40], *end, *wend;
		long long s, ws;
		unsigned long long u, wu;
		unsigned int n = below(24), i;

		for (i = 0; i < n; i++)
			str[i] = " +-0x1234567890zaf"[below(i < 3 ? 18 : 15) +
						      (i < 3 ? 0 : 3)];
		str[i] = '\0';
		errno = kiln_errno = 0;
		s = kiln_strtoll(str, &end, base);
		ws = strtoll(str, &wend, base);
		if (s != ws || end != wend || errno != kiln_errno)
			fail("strtoll(\"%s\", %d): %lld, host %lld", str, base,
			     s, ws);
		errno = kiln_errno = 0;
		u = kiln_strtoull(str, &end, base);
		wu = strtoull(str, &wend, base);
		if (u != wu || end != wend || errno != kiln_errno)
			fail("strtoull(\"%s\", %d): %llu, host %llu", str,
			     base, u, wu);
	}
}

static void scan_fields(unsigned long rounds)
{
	static const char *const fmts[] = {
		"%d%c%d%n", "%5d%3s%lf", "%i %x %o", "%[a-f0-9]%c%n",
		"%*d%lf%n", "%[^,],%s", "a=%lf b=%d", "%3lf%3lf%3lf",
		"%hhd%hd%ld", "%%%d", "%[]a-]%d", "%f%n",
	};

	while (rounds--) {
		const char *fmt = fmts[below(sizeof(fmts) / sizeof(fmts[0]))];
		char str[32], got[3][64], host[3][64];
		unsigned int n = below(20), i;
		int stored, wstored;

		for (i = 0; i < n; i++)
			str[i] = " 0123456789ab=,-.+%y]"[below(21)];
		str[i] = '\0';
		memset(got, 0, sizeof(got));
		memset(host, 0, sizeof(host));
		stored = kiln_sscanf(str, fmt, got[0], got[1], got[2], got[2]);
		wstored = sscanf(str, fmt, host[0], host[1], host[2], host[2]);
		if (stored != wstored || memcmp(got, host, sizeof(got)) != 0)
			fail("sscanf(\"%s\", \"%s\"): %d, host %d", str, fmt,
			     stored, wstored);
	}
}

static unsigned long ncompared;

static int compare_u16(const void *a, const void *b)
{
	ncompared++;
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static int compare_11(const void *a, const void *b)
{
	ncompared++;
	return memcmp(a, b, 11);
}

/* 2 n log2 n, and a little for small n. */
static bool few_enough(size_t n)
{
	return (double)ncompared <= 2 * (double)n * log2((double)n + 2) + 4;
}

static void sort(unsigned long rounds)
{
	while (rounds--) {
		const size_t n = below(200);
		const unsigned int range = 1 + below(65535) % (1 + below(300));
		uint16_t a[200], b[200];
		char c[200][11], d[200][11];

		for (size_t i = 0; i < n; i++) {
			a[i] = b[i] = (uint16_t)below(range);
			for (int j = 0; j < 11; j++)
				c[i][j] = d[i][j] = (char)below(3);
		}
		ncompared = 0;
		kiln_qsort(a, n, sizeof(a[0]), compare_u16);
		if (!few_enough(n))
			fail("qsort of %zu: %lu comparisons", n, ncompared);
		qsort(b, n, sizeof(b[0]), compare_u16);
		if (memcmp(a, b, n * sizeof(a[0])) != 0)
			fail("qsort of %zu numbers", n);
		kiln_qsort(c, n, sizeof(c[0]), compare_11);
		qsort(d, n, sizeof(d[0]), compare_11);
		if (memcmp(c, d, n * sizeof(c[0])) != 0)
			fail("qsort of %zu blocks", n);
	}
}

static void find(unsigned long rounds)
{
	while (rounds--) {
		const unsigned int letters = 1 + below(3);
		const size_t n = below(60), m = below(below(2) ? 4 : 20);
		char hay[60], needle[20];
		void *at, *wat;

		for (size_t i = 0; i < n; i++)
			hay[i] = (char)('a' + below(letters));
		for (size_t i = 0; i < m; i++)
			needle[i] = (char)('a' + below(letters));
		at = kiln_memmem(hay, n, needle, m);
		wat = memmem(hay, n, needle, m);
		if (at != wat)
			fail("memmem(\"%.*s\", \"%.*s\")", (int)n, hay, (int)m,
			     needle);
	}
}

static const struct {
	void (*fn)(unsigned long rounds);
	unsigned int share;	/* of 100 rounds */
	const char *name;
} cases[] = {
	{ print_doubles, 100, "printf of double is the host's, to the digit" },
	{ print_ldoubles, 10, "printf of long double is the host's" },
	{ print_ints, 100, "printf of integers is the host's" },
	{ scan_floats, 30, "strtod, strtof and strtold are the host's" },
	{ scan_ints, 100, "strtoll and strtoull are the host's" },
	{ scan_fields, 100, "sscanf stores what the host's stores" },
	{ sort, 5, "qsort sorts, with few comparisons" },
	{ find, 100, "memmem finds what the host's finds" },
};

int main(int argc, char **argv)
{
	const unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10)
					      : 20000;
	const unsigned int n = sizeof(cases) / sizeof(cases[0]);
	unsigned int bad = 0;

	rng_state = argc > 2 ? strtoul(argv[2], NULL, 10)
			     : (uint64_t)time(NULL);
	printf("1..%u\n# seed %llu\n", n, (unsigned long long)rng_state);
	rng_state = rng_state * UINT64_C(0x9e3779b97f4a7c15) | 1;
	for (unsigned int i = 0; i < n; i++) {
		failures = 0;
		cases[i].fn(rounds * cases[i].share / 100 + 1);
		bad += failures != 0;
		printf("%sok %u - %s\n", failures ? "not " : "", i + 1,
		       cases[i].name);
	}
	return bad != 0;
}
