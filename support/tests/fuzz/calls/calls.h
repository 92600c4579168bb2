/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/thread.h>

/*
 * The machine under fuzz_calls.c: a program's memory, a heap, threads, time.
 */

/*
 * The program's memory (memory.c), which only <uk/nofault.h> may touch: it is
 * poisoned for everybody else. Far from all of the host's own, so that no
 * address of the core is found by chance.
 */
#define MEM_BASE	UINT64_C(0x300000000000)
#define MEM_PAGE	4096u
#define MEM_NPAGES	16u
#define MEM_LEN		(MEM_NPAGES * MEM_PAGE)

/* Pages: those that can be written, are there and cannot, and are not. */
#define MEM_RW		0u	/* 8 of them */
#define MEM_HOLE	8u
#define MEM_RO		9u	/* 2 */
#define MEM_HOLE2	11u
#define MEM_LAST	12u	/* 4 that can be written, and the end */

void mem_init(void);

/* All of it is zero again. */
void mem_clear(void);

/* As the program does it, whatever the page allows; within MEM_LEN. */
void mem_put(size_t off, const void *data, size_t len);
void mem_get(void *data, size_t off, size_t len);

/* Is it an address of the core, which no program has? */
bool mem_is_core(uint64_t addr);

/* The target's, to judge: told before the core writes there. */
extern void (*mem_written)(uint64_t addr, size_t len);

/*
 * The heap (heap.c): blocks that are there, and after how many requests one
 * fails; 0: none does.
 */
void heap_init(void);
struct uk_alloc *heap(void);
extern size_t heap_nblocks;
extern unsigned int heap_fail_in;

/*
 * Threads (threads.c), one on top of the other: when one waits the next one
 * goes on with the input, and what is on top ends first. When the last one
 * waits time passes, and in the end a signal comes that is none.
 */
#define NTHREADS	3u

struct runner {
	struct uk_thread thread;
	unsigned int nasked;	/* since its call began */
};

void threads_init(void);
extern struct runner runners[NTHREADS];
extern unsigned int running;

/* The target's: the one that is running makes a call; false: there is none. */
extern bool (*run_next)(void);

/* A call of the one that is running: it may end by uk_exit(). */
long run_call(long (*fn)(void *arg), void *arg);

/* Nanoseconds; they pass as it is read, too. */
extern uint64_t time_ns;
void time_init_fake(void);
void time_run_timers(void);
