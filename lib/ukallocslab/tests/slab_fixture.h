/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/falloc.h>

/* A heap over 2 MiB of frames of its own, at a multiple of that. */
#define FIXTURE_NFRAMES	512u

/* And so many behind them, that it does not have yet. */
#define FIXTURE_NMORE	64u

/* Make it. Returns NULL, and the case has failed, if there is no memory. */
struct uk_alloc *fixture_begin(void);

/* Its frames, which are at @fixture_memory. */
extern struct uk_falloc *fixture_frames;
extern char *fixture_memory;

/*
 * Add the others. Returns 0, or what uk_alloc_addmem() does; the frame that
 * says of them what is free is not among those that there are.
 */
int fixture_add_more(void);

/* How many of them are free. */
uint64_t fixture_nfree(void);

/*
 * What classes and their spans say of each other agrees; only the case's own
 * CPU has lists.
 */
void fixture_check(void);

/*
 * Everything was freed: all frames come back but those that the page map has,
 * and they are one run. And give back its memory.
 */
void fixture_end(void);
