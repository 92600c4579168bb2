/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>

/*
 * What a library does at boot, and how it is undone at the end.
 *
 *	UK_INIT(EARLY, uart_init, uart_fini);
 *
 * Stages run in the order below. Inside a stage a library comes after every
 * library in its DEPS (the link order), and two entries of one library come
 * in the order of their sources. At the end of the program the stages are
 * undone in exactly the reverse order, only what was begun. The boot order
 * of an image is what `make print-init` prints.
 *
 *   EARLY    parameters are parsed; one CPU, interrupts off, no heap, boot
 *            page tables. Log sinks register here.
 *   MEM      memory regions become the page tables and the heap; a later
 *            entry of this stage may allocate if it depends on an allocator.
 *   CPU      interrupt controller, clock, timer.
 *   SCHED    this context becomes a thread, interrupts are on afterwards.
 *   DEV      buses are walked, drivers attach.
 *   SERVICE  file systems, network, descriptors.
 *   LATE     last things before main().
 */

struct uk_bootinfo;

/* What an entry may look at; lives until the end of the program. */
struct uk_boot_ctx {
	const struct uk_bootinfo *bi;
	int argc;		/* the program's arguments, argv[0] first */
	char **argv;		/* argv[argc] is NULL */
};

/* The numbers are part of section names: see plat's linker script. */
#define UK_INIT_STAGE_EARLY	1
#define UK_INIT_STAGE_MEM	2
#define UK_INIT_STAGE_CPU	3
#define UK_INIT_STAGE_SCHED	4
#define UK_INIT_STAGE_DEV	5
#define UK_INIT_STAGE_SERVICE	6
#define UK_INIT_STAGE_LATE	7

/*
 * Returns 0, or a negative errno: the boot ends there, the entry is named on
 * the console, everything begun before it is undone, and the image's exit
 * status is UK_STATUS_BOOT (see <uk/plat/terminate.h>).
 */
typedef int (*uk_init_fn)(const struct uk_boot_ctx *ctx);

/* Undoes what the entry's init did. @status is the program's exit status. */
typedef void (*uk_term_fn)(int status);

struct uk_init_entry {
	uk_init_fn init;	/* NULL: only a term function */
	uk_term_fn term;	/* NULL: nothing to undo */
	const char *name;	/* "<library>:<init function>" */
	unsigned int stage;	/* UK_INIT_STAGE_… */
	unsigned int reserved;
};

_Static_assert(sizeof(struct uk_init_entry) == 32, "array in the image");

#define UK_INIT_SECTION_(num)	".uk_init." #num
#define UK_INIT_SECTION(num)	UK_INIT_SECTION_(num)

/*
 * Register @init and @term (either may be NULL) for stage @stage_, one of the
 * names above.
 */
#define UK_INIT(stage_, init_, term_)					\
	static const struct uk_init_entry				\
	uk_init_entry_##stage_##_##init_				\
	UK_USED UK_IN_ORDER UK_ALIGNED(8)				\
	UK_SECTION(UK_INIT_SECTION(UK_INIT_STAGE_##stage_)) = {		\
		.init = init_,						\
		.term = term_,						\
		.name = UK_LIBNAME_STR ":" #init_,			\
		.stage = UK_INIT_STAGE_##stage_,			\
	}

/* The name of the library a source is part of; the build defines it. */
#define UK_LIBNAME_STR_(x)	#x
#define UK_LIBNAME_STR__(x)	UK_LIBNAME_STR_(x)
#define UK_LIBNAME_STR		UK_LIBNAME_STR__(__LIBNAME__)
