/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/init.h>
#include <uk/plat/terminate.h>

/* A table of init entries, sorted by stage, and how far it has run. */
struct boot_stages {
	const struct uk_init_entry *first;
	const struct uk_init_entry *end;
	const struct uk_init_entry *next;	/* all before it are begun */
	bool trace;				/* log each entry */
};

/*
 * Run the entries from st->next on whose stage is at most @stage.
 *
 * Returns 0, or the negative errno of an entry that failed; it is logged with
 * its name, and st->next points to it.
 */
UK_MUST_USE
int boot_up(struct boot_stages *st, unsigned int stage,
	    const struct uk_boot_ctx *ctx);

/*
 * Undo what was begun, in reverse. An entry is taken back before its term
 * function runs, so a call from inside goes on with the one before it.
 */
void boot_down(struct boot_stages *st, int status);

/*
 * How uk_exit() ends the machine: off, unless the host has asked for another
 * end. Relaxed.
 */
extern enum uk_end boot_how;

/*
 * Every init entry has been run: from here on others may undo them. If the host
 * has asked for the end meanwhile this is it.
 */
void boot_all_begun(void);

/* uk_exit(), and the machine ends as @how says. */
UK_NORETURN void boot_end(enum uk_end how, int status);

/* Another thread ends the program: this one waits for that. */
UK_NORETURN void boot_park(void);

enum boot_args {
	BOOT_ARGS_OK,
	BOOT_ARGS_HELP,		/* show the parameters and end */
	BOOT_ARGS_BAD,		/* the reason was logged */
};

/*
 * Split the command line of @bi, set the parameters of libraries from it, and
 * put the rest into @ctx; whatever the result, there is an argv[0].
 */
UK_MUST_USE
enum boot_args boot_args_read(const struct uk_bootinfo *bi,
			      struct uk_boot_ctx *ctx);

/*
 * Set the parameters that are among the *@argc words at @argv, and take them
 * out; *@argc is the number of words that are left, before a NULL.
 */
UK_MUST_USE
enum boot_args boot_params_set(int *argc, char **argv);

/* The list of parameters, on the console. */
void boot_params_help(void);
