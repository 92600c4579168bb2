/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the UK_EXPECT macros call. An expectation that holds prints nothing
 * and costs a call; one that fails prints where, what, and both values.
 */
#include "uktest_priv.h"

#include <stdarg.h>

#include <uk/assert.h>
#include <uk/fmt.h>
#include <uk/string.h>

/* Of a string or memory that differs, this much is shown. */
#define SHOWN	48

void uktest_print(const char *fmt, ...)
{
	char line[320];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = uk_vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);

	if (len < 0)
		return;
	if ((size_t)len >= sizeof(line)) {
		len = (int)sizeof(line) - 1;
		line[len - 1] = '\n';
	}
	uktest_now->conf->out(line, (size_t)len);
}

static bool failed(const char *text, const char *file, unsigned int line)
{
	uktest_now->nfailed++;
	uktest_print("#   %s:%u: expected %s\n", file, line, text);
	return false;
}

void uk_test_skip(const char *reason)
{
	uktest_now->skip = reason;
}

bool uk_test_expect(bool held, const char *text, const char *file,
		    unsigned int line)
{
	return held || failed(text, file, line);
}

static bool is_negative(struct uk_test_value val)
{
	return val.is_signed && (int64_t)val.bits < 0;
}

/* -1, 0 or 1 as @a is below, equal to or above @b. */
static int order(struct uk_test_value a, struct uk_test_value b)
{
	if (is_negative(a) != is_negative(b))
		return is_negative(a) ? -1 : 1;

	/* Of equal sign: two's complement keeps the order. */
	if (a.bits == b.bits)
		return 0;
	return a.bits < b.bits ? -1 : 1;
}

static bool holds(enum uk_test_op op, int ord)
{
	switch (op) {
	case UK_TEST_EQ:
		return ord == 0;
	case UK_TEST_NE:
		return ord != 0;
	case UK_TEST_LT:
		return ord < 0;
	case UK_TEST_LE:
		return ord <= 0;
	case UK_TEST_GT:
		return ord > 0;
	case UK_TEST_GE:
		return ord >= 0;
	}
	UK_UNREACHABLE();
}

static void print_value(const char *text, struct uk_test_value val)
{
	if (is_negative(val))
		uktest_print("#     %s is %lld\n", text, (long long)val.bits);
	else
		uktest_print("#     %s is %llu (0x%llx)\n", text,
			     (unsigned long long)val.bits,
			     (unsigned long long)val.bits);
}

bool uk_test_compare(enum uk_test_op op, struct uk_test_value a,
		     struct uk_test_value b, const struct uk_test_site *site)
{
	static const char op_text[][3] = { "==", "!=", "<", "<=", ">", ">=" };

	if (holds(op, order(a, b)))
		return true;

	uktest_now->nfailed++;
	uktest_print("#   %s:%u: expected %s %s %s\n", site->file, site->line,
		     site->a, op_text[op], site->b);
	print_value(site->a, a);
	print_value(site->b, b);
	return false;
}

/* "text" with everything that is not printable as \xNN, to one line. */
static void print_string(const char *str)
{
	char text[4 * SHOWN + 1];
	char *p = text;
	unsigned int i;

	if (!str) {
		uktest_print("#     NULL\n");
		return;
	}

	for (i = 0; i < SHOWN && str[i] != '\0'; i++) {
		const unsigned char c = (unsigned char)str[i];

		if (c >= ' ' && c < 0x7f && c != '\\' && c != '"')
			*p++ = (char)c;
		else
			p += uk_snprintf(p, 5, "\\x%02x", c);
	}
	*p = '\0';
	uktest_print("#     \"%s\"%s\n", text, i == SHOWN ? "..." : "");
}

bool uk_test_expect_str(const char *a, const char *b, const char *text,
			const char *file, unsigned int line)
{
	if (a == b || (a && b && uk_streq(a, b)))
		return true;

	failed(text, file, line);
	print_string(a);
	print_string(b);
	return false;
}

/* A row of bytes that starts at @offset. */
static void print_bytes(const unsigned char *mem, size_t offset, size_t len)
{
	char text[3 * 16 + 1] = "";
	char *p = text;

	for (size_t i = offset; i < len && i < offset + 16; i++)
		p += uk_snprintf(p, 4, " %02x", mem[i]);
	uktest_print("#     byte %zu:%s\n", offset, text);
}

bool uk_test_expect_mem(const void *a, const void *b, size_t len,
			const char *text, const char *file, unsigned int line)
{
	const unsigned char *ma = a;
	const unsigned char *mb = b;
	size_t i = 0;

	while (i < len && ma[i] == mb[i])
		i++;
	if (i == len)
		return true;

	failed(text, file, line);
	print_bytes(ma, i, len);
	print_bytes(mb, i, len);
	return false;
}

bool uk_test_expect_crash(void (*fn)(void *), void *arg, const char *text,
			  const char *file, unsigned int line)
{
	uktest_crash_cause[0] = '\0';
	return uktest_guarded(fn, arg) || failed(text, file, line);
}
