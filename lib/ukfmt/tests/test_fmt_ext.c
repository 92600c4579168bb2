/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fmt.h>

#include <limits.h>

#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>

/* An extension with %k, which writes <value>, and %n, with the count. */
struct recorder {
	struct uk_fmt_ext ext;
	struct uk_fmt_spec last;
};

struct text_out {
	struct uk_fmt_out out;
	char text[64];
	size_t len;
};

static int put(struct uk_fmt_out *out, const char *buf, size_t len)
{
	struct text_out *t = (struct text_out *)(void *)out;

	if (len >= sizeof(t->text) - t->len)
		return -ENOSPC;
	memcpy(t->text + t->len, buf, len);
	t->len += len;
	t->text[t->len] = '\0';
	return 0;
}

static int conv(const struct uk_fmt_ext *ext, struct uk_fmt_out *out,
		const struct uk_fmt_spec *spec, va_list *ap)
{
	struct recorder *r = (struct recorder *)(uintptr_t)ext;
	char body[2] = "?";
	int before, after;

	r->last = *spec;
	if (spec->conv == 'n') {
		*va_arg(*ap, int *) = spec->total;
		return 0;
	}
	if (spec->conv != 'k')
		return -EINVAL;

	body[0] = (char)va_arg(*ap, int);
	before = uk_fmt_before(out, spec, "<", 1, 2);
	if (before < 0)
		return before;
	if (out->put(out, body, 1) < 0 || out->put(out, ">", 1) < 0)
		return -ENOSPC;
	after = uk_fmt_after(out, spec, 1, 2);
	return after < 0 ? after : before + 2 + after;
}

static int run(struct recorder *r, struct text_out *t, const char *fmt, ...)
{
	va_list ap;
	int rc;

	*r = (struct recorder){ .ext = { .conv = conv } };
	*t = (struct text_out){ .out = { .put = put } };
	va_start(ap, fmt);
	rc = uk_vfmt(&t->out, fmt, &ap, &r->ext);
	va_end(ap);
	return rc;
}

UK_TEST(ukfmt, an_extension_gets_the_spec_and_takes_its_argument)
{
	struct text_out t;
	struct recorder r;

	UK_EXPECT_EQ(run(&r, &t, "%d%-+*.3Lk%d", 1, 7, 'v', 2), 9);
	UK_EXPECT_STR_EQ(t.text, "1<v>    2");
	UK_EXPECT_EQ(r.last.width, 7);
	UK_EXPECT_EQ(r.last.prec, 3);
	UK_EXPECT_EQ(r.last.len, UK_FMT_LEN_CAPL);
	UK_EXPECT_EQ(r.last.flags, UK_FMT_MINUS | UK_FMT_PLUS);
	UK_EXPECT_EQ(r.last.total, 1);
}

UK_TEST(ukfmt, an_extension_places_its_body_like_the_engine)
{
	struct text_out t;
	struct recorder r;

	UK_EXPECT_EQ(run(&r, &t, "[%6k|%-6k|%06k|%k]", 'a', 'b', 'c', 'd'),
		     26);
	UK_EXPECT_STR_EQ(t.text, "[   <a>|<b>   |<000c>|<d>]");
}

UK_TEST(ukfmt, an_extension_may_count_but_cannot_know_everything)
{
	struct text_out t;
	struct recorder r;
	int n = -1;

	UK_EXPECT_EQ(run(&r, &t, "abc%n%d", &n, 5), 4);
	UK_EXPECT_EQ(n, 3);
	UK_EXPECT_EQ(run(&r, &t, "abc%!", 0), -EINVAL);
	UK_EXPECT_EQ(run(&r, &t, "%ls", (void *)0), -EINVAL);
	UK_EXPECT_EQ(r.last.conv, 's');
}

UK_TEST(ukfmt, an_extension_cannot_pass_the_limit_of_the_result)
{
	struct text_out t;
	struct recorder r;

	UK_EXPECT_EQ(run(&r, &t, "xyz%2147483645k", 'a'), -EOVERFLOW);
	UK_EXPECT_STR_EQ(t.text, "xyz");
	UK_EXPECT_EQ(run(&r, &t, "%99s", "x"), -ENOSPC);
}
