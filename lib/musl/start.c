/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The start of the program, as musl does it: with the words that Linux puts
 * above the first stack frame (arguments, environment, auxiliary vector; see
 * System V ABI, AMD64 supplement, 3.4.1) it sets itself up, then come
 * constructors, main() and exit(), which ends the image by a system call.
 *
 * The words lie in one static array: nothing to free, nothing that fails.
 */
#include <uk/program.h>

#include <elf.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/libparam.h>
#include <uk/sections.h>

#include "libc.h"
#include "musl_priv.h"

#if UK_IS_ENABLED(CONFIG_LIBUKBOOT)
#define ARGS_MAX	CONFIG_LIBUKBOOT_MAXNBARGS
#else
#define ARGS_MAX	1	/* nobody starts a program */
#endif
#define VARS_MAX	32
#define AUX_MAX		10	/* pairs, the last one AT_NULL */

/* System V gABI, "Initialization and Termination Functions". */
typedef void (*ctor_fn)(int argc, char **argv, char **envp);

/* By the platform's linker script. */
extern const ctor_fn __preinit_array_start[], __preinit_array_end[];
extern const ctor_fn __init_array_start[], __init_array_end[];

int main(int argc, char **argv, char **envp);

/* Only the boot context uses these. */
static const char *vars[VARS_MAX];
static uint32_t nvars;
static uintptr_t words[ARGS_MAX + 1 + VARS_MAX + 1 + 2 * AUX_MAX];
static Elf64_Phdr segments[4];

UK_LIBPARAM_ARRAY(vars, str, vars, &nvars,
		  "The program's environment, words NAME=VALUE");

static Elf64_Phdr segment(uint32_t type, uint32_t flags, const char *begin,
			  const char *file_end, const char *end)
{
	return (Elf64_Phdr){
		.p_type = type,
		.p_flags = flags,
		.p_vaddr = (uintptr_t)begin,
		.p_paddr = (uintptr_t)begin,
		.p_filesz = (size_t)(file_end - begin),
		.p_memsz = (size_t)(end - begin),
		.p_align = UKARCH_PAGE_SIZE,
	};
}

/* Not every image is loaded with a program header, so it is made here. */
static void make_segments(void)
{
	segments[0] = segment(PT_LOAD, PF_R | PF_X, _text, _etext, _etext);
	segments[1] = segment(PT_LOAD, PF_R, _rodata, _erodata, _erodata);
	segments[2] = segment(PT_LOAD, PF_R | PF_W, _data, _edata, _end);
	segments[3] = segment(PT_TLS, PF_R, _tls_start, _etdata, _tls_end);
	segments[3].p_align = uk_tls_align;
}

static uintptr_t *put(uintptr_t *word, uintptr_t type, uintptr_t value)
{
	*word++ = type;
	*word++ = value;
	return word;
}

static void put_auxv(uintptr_t *word)
{
	const void *const random = musl_random();

	make_segments();
	word = put(word, AT_PHDR, (uintptr_t)segments);
	word = put(word, AT_PHENT, sizeof(segments[0]));
	word = put(word, AT_PHNUM, UK_ARRAY_SIZE(segments));
	word = put(word, AT_PAGESZ, UKARCH_PAGE_SIZE);
	word = put(word, AT_HWCAP, musl_hwcap());
	word = put(word, AT_CLKTCK, 100);
	word = put(word, AT_SECURE, 0);
	word = put(word, AT_EXECFN, words[0]);
	if (random)
		word = put(word, AT_RANDOM, (uintptr_t)random);
	put(word, AT_NULL, 0);
}

/* Each list ends with a word 0, which is there. */
static void lay_out(int argc, char **argv)
{
	uintptr_t *word = words;

	for (int i = 0; i < argc; i++)
		*word++ = (uintptr_t)argv[i];
	word++;
	for (uint32_t i = 0; i < nvars; i++)
		*word++ = (uintptr_t)vars[i];
	put_auxv(word + 1);
}

/* musl would run them without arguments. */
static void run_ctors(const ctor_fn *fn, const ctor_fn *end, int argc,
		      char **argv, char **envp)
{
	for (; fn < end; fn++)
		(*fn)(argc, argv, envp);
}

int uk_program(int argc, char **argv)
{
	char **const args = (char **)words;
	char **const envp = args + argc + 1;

	lay_out(argc, argv);
	__init_libc(envp, args[0]);
	run_ctors(__preinit_array_start, __preinit_array_end, argc, args,
		  envp);
	run_ctors(__init_array_start, __init_array_end, argc, args, envp);
	exit(main(argc, args, envp));
}
