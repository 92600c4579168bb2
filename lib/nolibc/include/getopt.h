/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <sys/cdefs.h>

/*
 * Options of a command line. getopt() is POSIX's: it stops at the first
 * argument that is no option. A '+' at the start of @optstring is ignored by
 * it. The long forms move arguments that are no options behind the others,
 * unless @optstring begins with '+'. A ':' at its start (after '+') keeps
 * errors quiet and tells a missing argument by ':'. "x::" takes an optional
 * argument, in the same word only.
 *
 * Setting optind to 0 or 1 begins anew.
 */

__BEGIN_DECLS

extern char *optarg;
extern int optind;
extern int opterr;
extern int optopt;

#define no_argument		0
#define required_argument	1
#define optional_argument	2

struct option {
	const char *name;
	int has_arg;	/* one of the three above */
	int *flag;	/* NULL: return @val; else store it there, return 0 */
	int val;
};

int getopt(int argc, char *const argv[], const char *optstring);

/*
 * @longopts ends with an all-zero entry. A name may be cut short where that
 * is unambiguous. @longindex may be NULL. The _only form takes "-name" for
 * "--name" too, unless it is a short option.
 */
int getopt_long(int argc, char *const argv[], const char *optstring,
		const struct option *longopts, int *longindex);
int getopt_long_only(int argc, char *const argv[], const char *optstring,
		     const struct option *longopts, int *longindex);

__END_DECLS
