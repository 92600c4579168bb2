/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Takes parameters out of a command line that is split into words.
 *
 * One walk over the words before "--": a word is either consumed (with the
 * words of its list) or kept, and kept words move up in argv. What a table
 * says is trusted, what a word says is not. Nothing is allocated, and strings
 * are not copied: they stay where the command line is.
 *
 * The table is searched from its beginning for each word. An image has a few
 * dozen parameters and a command line a few words; a hash would cost more in
 * the image than it saves at boot.
 */
#include <uk/libparam_parse.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>
#include <uk/string.h>

#include "libparam_priv.h"

/* In an array's count, while parsing: it was given, old values are gone. */
#define GIVEN	0x80000000u

struct words {
	char **argv;
	int at;			/* the word to look at */
	int end;		/* where "--" is, or the number of words */
};

const char *libparam_prefix(const struct uk_libparam *p)
{
	return uk_strprefix(p->prefix, "lib") ? p->prefix + 3 : p->prefix;
}

static bool has_prefix(const struct uk_libparam_table *t, const char *word,
		       size_t len)
{
	for (size_t i = 0; i < t->count; i++)
		if (uk_streq_n(word, len, libparam_prefix(&t->first[i])))
			return true;
	return false;
}

/* The entry for the @len bytes "prefix.name" at @word, or NULL. */
static const struct uk_libparam *find(const struct uk_libparam_table *t,
				      const char *word, size_t len,
				      size_t dot)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct uk_libparam *p = &t->first[i];

		if (uk_streq_n(word, dot, libparam_prefix(p)) &&
		    uk_streq_n(word + dot + 1, len - dot - 1, p->name))
			return p;
	}
	return NULL;
}

static int refuse(const struct uk_libparam *p, const char *text)
{
	uk_pr_err("parameter %s.%s: \"%s\" is not allowed; allowed: %s",
		  libparam_prefix(p), p->name, text,
		  uk_libparam_allowed(p->type));
	return -EINVAL;
}

static int set_element(const struct uk_libparam *p, const char *text)
{
	uint32_t n = *p->count;

	if (!(n & GIVEN))
		n = GIVEN;
	if ((n & ~GIVEN) == p->max) {
		uk_pr_err("parameter %s.%s: \"%s\" is too much; allowed: %u "
			  "values", libparam_prefix(p), p->name, text, p->max);
		return -EINVAL;
	}
	if (libparam_set(p, n & ~GIVEN, text) < 0)
		return refuse(p, text);
	*p->count = n + 1;
	return 0;
}

/* The words after name=[ up to the one that is ]. */
static int set_list(const struct uk_libparam *p, struct words *w)
{
	if (!(*p->count & GIVEN))
		*p->count = GIVEN;

	for (; w->at < w->end; w->at++) {
		if (uk_streq(w->argv[w->at], "]")) {
			w->at++;
			return 0;
		}
		if (set_element(p, w->argv[w->at]) < 0)
			return -EINVAL;
	}
	uk_pr_err("parameter %s.%s: \"[\" has no \"]\"; allowed: %s.%s=[ a b ]",
		  libparam_prefix(p), p->name, libparam_prefix(p), p->name);
	return -EINVAL;
}

static int set(const struct uk_libparam *p, const char *value,
	       struct words *w)
{
	if (!value) {
		uk_pr_err("parameter %s.%s: no value is given; allowed: %s",
			  libparam_prefix(p), p->name,
			  uk_libparam_allowed(p->type));
		return -EINVAL;
	}
	if (!p->count)
		return libparam_set(p, 0, value) < 0 ? refuse(p, value) : 0;
	if (uk_streq(value, "["))
		return set_list(p, w);
	if (value[0] == '[') {
		uk_pr_err("parameter %s.%s: \"%s\" is not allowed; allowed: "
			  "%s.%s=[ a b ], with blanks", libparam_prefix(p),
			  p->name, value, libparam_prefix(p), p->name);
		return -EINVAL;
	}
	return set_element(p, value);
}

/*
 * Set the parameter that the word at w->at gives, and go on behind it.
 * Returns 0, -EINVAL (logged), or -ENOENT: it is none of this image.
 */
static int take(const struct uk_libparam_table *t, struct words *w)
{
	const char *const word = w->argv[w->at];
	const char *const eq = uk_strchr(word, '=');
	const size_t len = eq ? (size_t)(eq - word) : uk_strlen(word);
	const char *const dot = uk_memchr(word, '.', len);
	const struct uk_libparam *p;

	if (!dot || !has_prefix(t, word, (size_t)(dot - word)))
		return -ENOENT;

	p = find(t, word, len, (size_t)(dot - word));
	if (!p) {
		uk_pr_err("parameter %.*s: there is none of this name; "
			  "allowed: what help lists", (int)len, word);
		return -EINVAL;
	}
	w->at++;
	return set(p, eq ? eq + 1 : NULL, w);
}

/* Skip the word at w->at, with its list if it begins one. */
static void ignore(struct words *w)
{
	const char *const word = w->argv[w->at++];
	const size_t len = uk_strlen(word);

	uk_pr_warn("%s: no library in this image takes it, ignored", word);
	if (len < 2 || !uk_streq(word + len - 2, "=["))
		return;
	while (w->at < w->end && !uk_streq(w->argv[w->at], "]"))
		w->at++;
	if (w->at < w->end)
		w->at++;
}

static bool help_wanted(int argc, char **argv, int end)
{
	if (end == argc)
		return argc == 2 && uk_streq(argv[1], "help");
	for (int i = 1; i < end; i++)
		if (uk_streq(argv[i], "help"))
			return true;
	return false;
}

static void settle_counts(const struct uk_libparam_table *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->first[i].count)
			*t->first[i].count &= ~GIVEN;
}

enum uk_libparam_result uk_libparam_parse(const struct uk_libparam_table *table,
					  int *argc, char **argv)
{
	struct words w = { .argv = argv, .at = 1, .end = 1 };
	int out = 1, rc = 0;

	if (*argc < 2)
		return UK_LIBPARAM_OK;
	while (w.end < *argc && !uk_streq(argv[w.end], "--"))
		w.end++;
	if (help_wanted(*argc, argv, w.end))
		return UK_LIBPARAM_HELP;

	while (w.at < w.end && rc != -EINVAL) {
		rc = take(table, &w);
		if (rc != -ENOENT)
			continue;
		if (w.end < *argc)
			ignore(&w);
		else
			argv[out++] = argv[w.at++];
	}
	settle_counts(table);
	if (rc == -EINVAL)
		return UK_LIBPARAM_BAD;

	for (int i = w.end + 1; i < *argc; i++)
		argv[out++] = argv[i];
	argv[out] = NULL;
	*argc = out;
	return UK_LIBPARAM_OK;
}
