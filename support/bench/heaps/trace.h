/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * What programs ask of a heap, as a list of calls: the same list for each heap,
 * made before anything is measured.
 */
enum op_kind { OP_MALLOC, OP_CALLOC, OP_REALLOC, OP_FREE };

struct op {
	uint32_t kind : 2;
	uint32_t slot : 30;	/* where the block's pointer is kept */
	uint32_t size;		/* bytes */
};

struct trace {
	struct op *ops;
	size_t nops;
	size_t nslots;
	size_t peak;		/* most bytes in use at once, as asked for */
};

/* Names, in order; NULL ends them. */
extern const char *const trace_names[];

/* Make trace @name in memory that is never freed. Returns 0, or -1: no such. */
int trace_make(const char *name, struct trace *t);

/*
 * Do all calls of @t with the heap that replay.c is built with; all blocks are
 * freed in the end. @slots has @t->nslots pointers. @sample, or NULL, is called
 * after each one. Returns 0, or -1: the heap had no memory.
 */
int trace_replay(const struct trace *t, void **slots, void (*sample)(void));

/* kiln/<heap>.c or libc/open.c */

/* Be ready, with @len bytes at @base, page-aligned, if the heap wants them. */
void heap_open(void *base, size_t len);
/* Bytes that it has taken of these by now; 0: the system knows. */
size_t heap_taken(void);
