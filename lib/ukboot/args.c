/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the command line to parameters and the program's arguments.
 *
 * The line is copied once, because splitting writes to it and struct
 * uk_bootinfo stays as it is; words and parameters of type str lie in the
 * copy for good.
 */
#include "boot_priv.h"

#include <stddef.h>

#include <uk/argparse.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/print.h>
#include <uk/string.h>

#define MAX_WORDS	CONFIG_LIBUKBOOT_MAXNBARGS

/* Written once, before the first init entry. */
static struct {
	char line[CONFIG_LIBUKBOOTINFO_CMDLINE_MAX];
	char *argv[MAX_WORDS + 1];
} args;

/* argv[0] where the loader gives none. */
static char image_name[] = CONFIG_UK_NAME;

/* Split the line; returns the number of words or, with the reason logged, 0. */
static int split(const struct uk_bootinfo *bi)
{
	int argc;

	(void)uk_strlcpy(args.line, bi->cmdline, sizeof(args.line));
	argc = uk_argparse(args.line, args.argv, MAX_WORDS);
	if (argc == -EINVAL)
		uk_pr_err("command line: a quote is not closed: %s",
			  args.argv[0]);
	else if (argc < 0)
		uk_pr_err("command line: more than %u words, see "
			  "CONFIG_LIBUKBOOT_MAXNBARGS; left is: %s",
			  (unsigned int)MAX_WORDS, args.argv[0]);
	return argc;
}

enum boot_args boot_args_read(const struct uk_bootinfo *bi,
			      struct uk_boot_ctx *ctx)
{
	int argc = split(bi);
	enum boot_args result = argc < 0 ? BOOT_ARGS_BAD : BOOT_ARGS_OK;

	if (argc > 0)
		result = boot_params_set(&argc, args.argv);
	if (argc <= 0 || result != BOOT_ARGS_OK) {
		argc = 1;
		args.argv[0] = image_name;
		args.argv[1] = NULL;
	}
	ctx->argc = argc;
	ctx->argv = args.argv;
	return result;
}
