/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/event.h>

/*
 * Random numbers that nobody can guess: keys, tokens, sequence numbers.
 *
 * What is given out tells nothing about what was given before it or will be
 * given after it, and neither does a look at this library's memory about what
 * was given before (ChaCha20, RFC 8439, with a key that is replaced each time).
 *
 * Entropy, counted in bits that an attacker outside cannot know, is gathered
 * at the first use: the loader's seed, the parameter `random.seed`, the CPU's
 * random instruction, what devices have added; the jitter of the CPU's counter
 * where all of that is not enough. Nothing of it need be there. With less than
 * UK_RANDOM_READY bits numbers are given all the same, and one warning is
 * logged; uk_random_ready() tells.
 *
 * Who needs a number before stage CPU, or only against collisions, takes
 * lib/ukseed.
 *
 * Context: any, stage CPU or later; the first call as the first of
 * <uk/time.h>: by a thread or the boot context. Nothing here blocks.
 */

/* As many bits of entropy as a key has. */
#define UK_RANDOM_READY		256u

/* @len bytes at @buf, which may be memory that comes at a page fault. */
void uk_random_bytes(void *buf, size_t len);

/* 64 bits. */
uint64_t uk_random_u64(void);

/* A number from 0 to @bound - 1, each as likely; @bound is not 0. */
uint64_t uk_random_below(uint64_t bound);

/*
 * Mix in @len bytes at @data that hold @bits of entropy, at most 8 a byte and
 * 0 if in doubt: what is mixed in never does harm. Bytes that are all the same,
 * or are one alone, count for nothing, whatever @bits says. Every
 * UK_RANDOM_READY bits all CPUs take new keys.
 */
void uk_random_add(const void *data, size_t len, unsigned int bits);

/*
 * Forget: all CPUs take new keys, made with fresh input, before they give the
 * next number. For when the machine's memory may exist twice, as after the
 * restoring of a snapshot; else it happens by itself every few minutes and
 * after each megabyte.
 */
void uk_random_reseed(void);

/* Have UK_RANDOM_READY bits been gathered since boot? Gathers, if need be. */
bool uk_random_ready(void);

/* Sources that have given entropy so far. */
#define UK_RANDOM_LOADER	0x1u	/* handed over by the boot loader */
#define UK_RANDOM_PARAM		0x2u	/* random.seed= */
#define UK_RANDOM_CPU		0x4u	/* the CPU's instruction */
#define UK_RANDOM_ADDED		0x8u	/* uk_random_add() */
#define UK_RANDOM_JITTER	0x10u	/* weak alone */
unsigned int uk_random_sources(void);

/*
 * Entropy is wanted: a handler that has a source, as a device's driver has,
 * adds what is there by uk_random_add(), or has it added later, or never; it
 * must not block. @data is NULL, all handlers are called.
 * Raised at the first use and at each reseed. Context: that of the caller of
 * this library, with no lock held.
 */
UK_EVENT_DECLARE(uk_random_asks);
