/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass with a reading and a writing position in the same line. Taking
 * quotes and backslashes out only shortens a word, so the writer never
 * overtakes the reader, and no other memory is needed.
 */
#include <uk/argparse.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/errno.h>

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Does the backslash at @src protect the byte after it, inside of "..."? */
static bool protects(const char *src)
{
	return *src == '\\' && (src[1] == '"' || src[1] == '\\');
}

/* The quote that closes the one at @src, or NULL. */
static char *quote_end(char *src)
{
	const char quote = *src++;

	for (; *src != quote; src++) {
		if (*src == '\0')
			return NULL;
		if (quote == '"' && protects(src))
			src++;
	}
	return src;
}

/*
 * Copy what is between the quotes *@src points at; leave *@src behind the
 * closing one. Returns false, and changes nothing, if there is none.
 */
static bool quoted(char **src, char **dst)
{
	const char *const end = quote_end(*src);
	const char quote = **src;

	if (!end)
		return false;
	for (++*src; *src < end; *(*dst)++ = *(*src)++)
		if (quote == '"' && protects(*src))
			++*src;
	++*src;
	return true;
}

/*
 * Copy the word at *@src down to *@dst. Returns NULL, or where a quote opened
 * that is not closed.
 */
static char *word(char **src, char **dst)
{
	while (**src != '\0' && !is_blank(**src)) {
		char *const here = *src;

		if (*here == '\'' || *here == '"') {
			if (!quoted(src, dst))
				return here;
			continue;
		}
		if (*here == '\\' && here[1] != '\0')
			(*src)++;
		*(*dst)++ = *(*src)++;
	}
	return NULL;
}

int uk_argparse(char *line, char **argv, unsigned int max)
{
	unsigned int argc = 0;
	char *src = line, *dst = line;

	for (;;) {
		char *begin, *open;
		bool last;

		while (is_blank(*src))
			src++;
		if (*src == '\0')
			break;
		if (argc == max) {
			argv[0] = src;
			return -E2BIG;
		}

		begin = dst;
		open = word(&src, &dst);
		if (open) {
			argv[0] = open;
			return -EINVAL;
		}
		/* The NUL may go where the blank after the word is. */
		last = *src == '\0';
		if (!last)
			src++;
		*dst++ = '\0';
		argv[argc++] = begin;
		if (last)
			break;
	}
	argv[argc] = NULL;
	return (int)argc;
}
