/* SPDX-License-Identifier: BSD-3-Clause */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <uk/test.h>

#define MAX_WORDS	12

/* One command line, and what came out as text: "a b=arg ?x". */
struct line {
	char words[MAX_WORDS][16];
	char *argv[MAX_WORDS + 1];
	int argc;
	char text[128];
};

static void start(struct line *line, const char *words)
{
	line->argc = 0;
	line->text[0] = '\0';
	for (; *words && line->argc < MAX_WORDS; line->argc++) {
		const size_t len = strcspn(words, " ");

		memcpy(line->words[line->argc], words, len);
		line->words[line->argc][len] = '\0';
		line->argv[line->argc] = line->words[line->argc];
		words += len + (words[len] == ' ');
	}
	line->argv[line->argc] = NULL;
	optind = 0;
	opterr = 0;
}

static void note(struct line *line, int found)
{
	char *end = line->text + strlen(line->text);
	const size_t room = sizeof(line->text) - strlen(line->text);

	if (found == '?' || found == ':')
		snprintf(end, room, "%c%c ", found, optopt ? optopt : '-');
	else if (optarg)
		snprintf(end, room, "%c=%s ", found, optarg);
	else
		snprintf(end, room, "%c ", found);
}

/* What is left, behind the options. */
static const char *rest(struct line *line)
{
	strcat(line->text, "|");
	for (int i = optind; i < line->argc; i++) {
		strcat(line->text, " ");
		strcat(line->text, line->argv[i]);
	}
	return line->text;
}

static const char *short_run(const char *words, const char *letters)
{
	static struct line line;
	int found;

	start(&line, words);
	while ((found = getopt(line.argc, line.argv, letters)) != -1)
		note(&line, found);
	return rest(&line);
}

UK_TEST(nolibc_getopt, letters_stand_alone_or_together_with_arguments)
{
	UK_EXPECT_STR_EQ(short_run("p -a -b x y", "ab:"), "a b=x | y");
	UK_EXPECT_STR_EQ(short_run("p -ab x", "ab:"), "a b=x |");
	UK_EXPECT_STR_EQ(short_run("p -abx", "ab:"), "a b=x |");
	UK_EXPECT_STR_EQ(short_run("p -ca -a", "abc"), "c a a |");
	UK_EXPECT_STR_EQ(short_run("p -ox -o x", "o::"), "o=x o | x");
}

UK_TEST(nolibc_getopt, options_end_at_a_double_dash_or_another_word)
{
	UK_EXPECT_STR_EQ(short_run("p -a -- -b", "ab"), "a | -b");
	UK_EXPECT_STR_EQ(short_run("p -a x -b", "ab"), "a | x -b");
	UK_EXPECT_STR_EQ(short_run("p -a - -b", "ab"), "a | - -b");
	UK_EXPECT_STR_EQ(short_run("p", "a"), "|");
	UK_EXPECT_STR_EQ(short_run("", "a"), "|");
}

UK_TEST(nolibc_getopt, errors_name_the_letter)
{
	UK_EXPECT_STR_EQ(short_run("p -x -a", "a"), "?x a |");
	UK_EXPECT_STR_EQ(short_run("p -xa", "a"), "?x a |");
	UK_EXPECT_STR_EQ(short_run("p -b", "b:"), "?b |");
	UK_EXPECT_STR_EQ(short_run("p -b", ":b:"), ":b |");
	UK_EXPECT_STR_EQ(short_run("p -:", "b:"), "?: |");
}

static int flag;

static const struct option longs[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "base", required_argument, NULL, 'b' },
	{ "color", optional_argument, NULL, 'c' },
	{ "colour", optional_argument, NULL, 'c' },
	{ "verbose", no_argument, &flag, '1' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

static const char *long_run(const char *words, const char *letters, int only)
{
	static struct line line;
	int found, index;

	start(&line, words);
	for (;;) {
		found = only ? getopt_long_only(line.argc, line.argv, letters,
						longs, &index)
			     : getopt_long(line.argc, line.argv, letters,
					   longs, &index);
		if (found == -1)
			return rest(&line);
		note(&line, found ? found : flag);
	}
}

UK_TEST(nolibc_getopt, long_names_take_arguments_in_two_ways)
{
	UK_EXPECT_STR_EQ(long_run("p --all --base=x --base y z", "", 0),
			 "a b=x b=y | z");
	UK_EXPECT_STR_EQ(long_run("p --color=red --color red", "", 0),
			 "c=red c | red");
	UK_EXPECT_STR_EQ(long_run("p --base= -a", "a", 0), "b= a |");
	flag = 0;
	UK_EXPECT_STR_EQ(long_run("p --verbose", "", 0), "1 |");
	UK_EXPECT_EQ(flag, '1');
}

UK_TEST(nolibc_getopt, names_may_be_short_as_long_as_they_are_unambiguous)
{
	UK_EXPECT_STR_EQ(long_run("p --al --b=1 --vers", "", 0), "a b=1 v |");
	UK_EXPECT_STR_EQ(long_run("p --ver", "", 0), "?- |");
	/* Two names of one option are no two options. */
	UK_EXPECT_STR_EQ(long_run("p --col", "", 0), "c |");
}

UK_TEST(nolibc_getopt, other_words_move_behind_the_options_in_their_order)
{
	UK_EXPECT_STR_EQ(long_run("p x -a y --base 1 z -b 2 w", "ab:", 0),
			 "a b=1 b=2 | x y z w");
	UK_EXPECT_STR_EQ(long_run("p x -a -- y -b", "ab", 0), "a | x y -b");
	UK_EXPECT_STR_EQ(long_run("p x -ab 1 y", "ab:", 0), "a b=1 | x y");
	UK_EXPECT_STR_EQ(long_run("p x -a", "+a", 0), "| x -a");
}

UK_TEST(nolibc_getopt, errors_in_long_names_are_told)
{
	UK_EXPECT_STR_EQ(long_run("p --nope -a", "a", 0), "?- a |");
	UK_EXPECT_STR_EQ(long_run("p --all=x", "", 0), "?a |");
	UK_EXPECT_STR_EQ(long_run("p --base", "", 0), "?b |");
	UK_EXPECT_STR_EQ(long_run("p --base", ":", 0), ":b |");
}

UK_TEST(nolibc_getopt, one_dash_is_enough_for_the_only_form)
{
	UK_EXPECT_STR_EQ(long_run("p -all -base x -a", "a", 1), "a b=x a |");
	UK_EXPECT_STR_EQ(long_run("p -ab 1", "ab:", 1), "a b=1 |");
	UK_EXPECT_STR_EQ(long_run("p -x", "a", 1), "?- |");
}
