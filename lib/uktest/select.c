/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which cases a filter picks. The pattern language is the smallest that is
 * useful on a kernel command line, where brackets and blanks need quotes.
 */
#include "uktest_priv.h"

#include <uk/string.h>

/* Where this pattern ends: at a comma or at the end of the filter. */
static bool pattern_end(const char *pat)
{
	return *pat == '\0' || *pat == ',';
}

/*
 * Does the pattern match all of @text? The last "*" seen is the only place
 * worth going back to, so the work is at most the product of the lengths.
 */
static bool matches(const char *pat, const char *text)
{
	const char *star = NULL;
	const char *resume = text;

	while (*text != '\0' || !pattern_end(pat)) {
		if (!pattern_end(pat) && *pat == '*') {
			star = pat++;
			resume = text;
			continue;
		}
		if (*text != '\0' && !pattern_end(pat) &&
		    (*pat == '?' || *pat == *text)) {
			pat++;
			text++;
			continue;
		}
		if (!star || *resume == '\0')
			return false;
		pat = star + 1;
		text = ++resume;
	}
	return true;
}

/* Does the pattern have a dot, so that it speaks of the name too? */
static const char *find_dot(const char *pat)
{
	for (; !pattern_end(pat); pat++) {
		if (*pat == '.')
			return pat;
	}
	return NULL;
}

/* As matches(), for a pattern that ends at @end instead. */
static bool suite_matches(const char *pat, const char *end, const char *suite)
{
	char head[64];
	size_t len = (size_t)(end - pat);

	if (len >= sizeof(head))
		return false;

	memcpy(head, pat, len);
	head[len] = '\0';
	return matches(head, suite);
}

static bool pattern_selects(const char *pat, const struct uk_test_case *test)
{
	const char *dot = find_dot(pat);

	if (!dot)
		return matches(pat, test->suite);

	return suite_matches(pat, dot, test->suite) &&
	       matches(dot + 1, test->name);
}

bool uktest_selected(const char *filter, const struct uk_test_case *test)
{
	const char *pat = filter;

	if (*filter == '\0')
		return !uk_streq(test->suite, UKTEST_ON_DEMAND);

	for (;;) {
		if (pattern_selects(pat, test))
			return true;
		while (!pattern_end(pat))
			pat++;
		if (*pat == '\0')
			return false;
		pat++;
	}
}
