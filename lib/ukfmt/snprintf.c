/* SPDX-License-Identifier: BSD-3-Clause */
/* The engine with a buffer behind it. */
#include <uk/fmt.h>

#include <uk/essentials.h>
#include <uk/string.h>

struct buf_out {
	struct uk_fmt_out out;
	char *pos;
	size_t room;		/* bytes left at pos, without the NUL's */
};

static int put(struct uk_fmt_out *out, const char *buf, size_t len)
{
	struct buf_out *b = UK_CONTAINER_OF(out, struct buf_out, out);
	const size_t n = len < b->room ? len : b->room;

	if (n) {
		memcpy(b->pos, buf, n);
		b->pos += n;
		b->room -= n;
	}
	return 0;
}

int uk_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct buf_out b = {
		.out = { .put = put },
		.pos = buf,
		.room = size ? size - 1 : 0,
	};
	va_list args;
	int len;

	va_copy(args, ap);
	len = uk_vfmt(&b.out, fmt, &args, NULL);
	va_end(args);
	if (size)
		*b.pos = '\0';
	return len;
}

int uk_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = uk_vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return len;
}
