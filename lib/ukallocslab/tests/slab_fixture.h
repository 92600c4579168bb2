/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/falloc.h>

/* A heap over 2 MiB of frames of its own. */
#define FIXTURE_NFRAMES	512u

/* Make it. Returns NULL, and the case has failed, if there is no memory. */
struct uk_alloc *fixture_begin(void);

/* Its frames, which are at @fixture_memory. */
extern struct uk_falloc *fixture_frames;
extern char *fixture_memory;

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
