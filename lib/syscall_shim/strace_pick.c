/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which calls are logged: names with commas between them, * at the end of one
 * for what begins so, ! before all of them for all others. A name that no call
 * has ends the boot: who misspells one would wait for its lines.
 */
#include <stddef.h>

#include <uk/errno.h>
#include <uk/init.h>
#include <uk/libparam.h>
#include <uk/print.h>
#include <uk/syscall.h>

#include "syscall_shim_priv.h"

static const char *picked = "*";

UK_LIBPARAM(strace, str, &picked, "System calls to log: a,b*  !a,b*");

#define NAME(nr, name)	#name,

static const char *const names[] = { UK_SYSCALL_NAMES(NAME) };

/* Does @name fit the word at @word, which ends at a comma or NUL? */
static bool fits(const char *word, const char *name)
{
	while (*word && *word != ',') {
		if (*word == '*')
			return true;
		if (*word++ != *name++)
			return false;
	}
	return *name == '\0';
}

static const char *next(const char *word)
{
	while (*word && *word != ',')
		word++;
	return *word ? word + 1 : NULL;
}

bool syscall_shim_picks(const char *name)
{
	const bool others = *picked == '!';

	for (const char *w = picked + others; w; w = next(w)) {
		if (fits(w, name))
			return !others;
	}
	return others;
}

static bool is_known(const char *word)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(names); i++) {
		if (fits(word, names[i]))
			return true;
	}
	return false;
}

static int check_names(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	for (const char *w = picked + (*picked == '!'); w; w = next(w)) {
		if (!is_known(w)) {
			uk_pr_err("strace: there is no system call \"%s\" (of "
				  "\"%s\")", w, picked);
			return -EINVAL;
		}
	}
	return 0;
}

UK_INIT(EARLY, check_names, NULL);
