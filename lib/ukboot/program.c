/* SPDX-License-Identifier: BSD-3-Clause */
/* The program of an image whose libc needs nothing set up before it. */
#include <uk/program.h>

#include <stddef.h>

/* System V gABI, "Initialization and Termination Functions". */
typedef void (*ctor_fn)(int argc, char **argv, char **envp);

/* By the platform's linker script. */
extern const ctor_fn __preinit_array_start[], __preinit_array_end[];
extern const ctor_fn __init_array_start[], __init_array_end[];

/* The application. Not weak: an image without one does not link. */
int main(int argc, char **argv, char **envp);

static void run_ctors(const ctor_fn *fn, const ctor_fn *end, int argc,
		      char **argv, char **envp)
{
	for (; fn < end; fn++)
		(*fn)(argc, argv, envp);
}

int uk_program(int argc, char **argv)
{
	static char *envp[] = { NULL };

	run_ctors(__preinit_array_start, __preinit_array_end, argc, argv,
		  envp);
	run_ctors(__init_array_start, __init_array_end, argc, argv, envp);
	return main(argc, argv, envp);
}
