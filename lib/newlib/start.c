/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The start of the program: its environment, constructors, main(), and exit(),
 * which runs handlers and destructors, flushes streams and ends the image by
 * a system call.
 */
#include <uk/program.h>

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <uk/end.h>
#include <uk/libparam.h>
#include <uk/plat/terminate.h>
#include <uk/print.h>

#include "newlib_priv.h"

#define VARS_MAX	32

/* System V gABI, "Initialization and Termination Functions". */
typedef void (*ctor_fn)(int argc, char **argv, char **envp);
typedef void (*dtor_fn)(void);

/* By the platform's linker script. */
extern const ctor_fn __preinit_array_start[], __preinit_array_end[];
extern const ctor_fn __init_array_start[], __init_array_end[];
extern const dtor_fn __fini_array_start[], __fini_array_end[];

int main(int argc, char **argv, char **envp);

/* Only the boot context uses these. */
static const char *vars[VARS_MAX + 1];
static uint32_t nvars;

UK_LIBPARAM_ARRAY(vars, str, vars, &nvars,
		  "The program's environment, words NAME=VALUE");

static void run_ctors(const ctor_fn *fn, const ctor_fn *end, int argc,
		      char **argv, char **envp)
{
	for (; fn < end; fn++)
		(*fn)(argc, argv, envp);
}

static void run_dtors(void)
{
	for (const dtor_fn *fn = __fini_array_end; fn > __fini_array_start;)
		(*--fn)();
}

int uk_program(int argc, char **argv)
{
	if (newlib_begin() < 0) {
		uk_pr_err("no memory for thread-local storage");
		uk_exit(UK_STATUS_BOOT);
	}
	vars[nvars] = NULL;
	environ = (char **)vars;
	/* The first one, so the last to be called; there is room for it. */
	(void)atexit(run_dtors);
	run_ctors(__preinit_array_start, __preinit_array_end, argc, argv,
		  environ);
	run_ctors(__init_array_start, __init_array_end, argc, argv, environ);
	exit(main(argc, argv, environ));
}
