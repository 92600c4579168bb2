/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <uk/compiler.h>
#include <uk/libparam.h>

/*
 * Reads parameters (see <uk/libparam.h>) off a command line, for lib/ukboot.
 *
 *	argv0 [lib.param=value ...] [-- argument ...]
 *
 * A word is a parameter if it has the form prefix.name=value, or prefix.name
 * alone, and @prefix is one that the table has. Such a word must match: an
 * unknown name or a bad value stops the boot. Any other word before "--"
 * belongs to a library that is not in this image: it is logged and ignored.
 * Where there is no "--", any other word is an argument of the program.
 *
 * A parameter given twice has the last value. Arrays are given as
 * name=[ a b c ], with the brackets as words of their own, or as name=a
 * name=b; together they are one list.
 *
 * The word help before "--", or as the only one after argv0, asks for the
 * list of parameters; then no parameter is set.
 */

enum uk_libparam_result {
	UK_LIBPARAM_OK,
	UK_LIBPARAM_HELP,	/* help is asked for; nothing was changed */
	UK_LIBPARAM_BAD,	/* refused; the reason was logged */
};

struct uk_libparam_table {
	const struct uk_libparam *first;
	size_t count;
};

/*
 * Set the parameters of @table from the *@argc words at @argv, and take them
 * out: what is left are argv[0] and the program's arguments, *@argc of them,
 * and a NULL. On UK_LIBPARAM_BAD some variables may be set, and @argv is
 * undefined.
 *
 * Context: early.
 */
UK_MUST_USE
enum uk_libparam_result uk_libparam_parse(const struct uk_libparam_table *table,
					  int *argc, char **argv);

/* What values @type takes, in words: "0 to 255". */
const char *uk_libparam_allowed(enum uk_libparam_type type);

/*
 * Write the line of `help` about @param: name, type, default (its value now)
 * and help text, cut to @size bytes with the NUL. Returns the length the whole
 * line has.
 */
int uk_libparam_describe(const struct uk_libparam *param, char *buf,
			 size_t size);

/* UK_LIBPARAM_* of the image, in the order of the link. */
static inline struct uk_libparam_table uk_libparam_image_table(void)
{
	return (struct uk_libparam_table){
		.first = uk_libparam_start,
		.count = (size_t)(uk_libparam_end - uk_libparam_start),
	};
}
