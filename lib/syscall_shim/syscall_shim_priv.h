/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/call.h>

struct ukarch_regs;

/*
 * Set once, before anything is pending; tests put theirs in its place for a
 * while.
 */
extern uk_call_exit_fn syscall_shim_exit;

/*
 * Do what is pending, at the end of a call with result *@ret, which still
 * counts. Returns true if the call is to be made again; else *@ret is one that
 * programs may see.
 */
bool syscall_shim_work(long *ret, struct ukarch_regs *regs);

/* Is there something to do for @cur, and somebody to do it? */
bool syscall_shim_has_work(const struct uk_current *cur);

/* Takes the instruction (handler.c). */
void syscall_shim_trap(struct ukarch_regs *regs);

/*
 * In an image that watches calls (watch.c): by UK_SYSCALL_ID_x, and "" for all
 * that nobody provides.
 */
extern const char *const syscall_shim_names[];
void syscall_shim_watch_nosys(long nr);

/* Counters (stat.c). */
void syscall_shim_count(unsigned int id);
void syscall_shim_count_error(unsigned int id);

/*
 * Lines in the log (strace.c). The first one is for calls that do not return,
 * and says nothing of others; @args are as many as the call has.
 */
void syscall_shim_trace_begin(unsigned int id, const long *args);
void syscall_shim_trace_end(unsigned int id, const long *args, long ret);
void syscall_shim_trace_nosys(long nr);

/* Is call @name one of those that the parameter picks (strace_pick.c)? */
bool syscall_shim_picks(const char *name);

/*
 * What is known of calls (strace_table.c). How arguments look, a letter each,
 * or NULL: nothing is known of @name. "!" before them: it does not return.
 *
 *   d  decimal        u  the same, unsigned    x  hexadecimal
 *   o  octal          s  string                p  pointer
 *   f  descriptor     P  two descriptors, written by the call
 *   w  bytes, as many as the next argument says
 *   r  bytes, as many as the result says
 *   any other         a word of a set, by syscall_shim_set()
 */
const char *syscall_shim_arguments(const char *name);

/* A word for a value, or a bit of it. */
struct syscall_shim_word {
	const char *word;	/* NULL: the end */
	unsigned long value;
	unsigned long mask;	/* of the value; of a bit the bit itself */
};

/* The words behind @letter; NULL: there is no such set. */
const struct syscall_shim_word *syscall_shim_set(char letter);

/* "ENOENT" for 2; NULL: no such error. */
const char *syscall_shim_error(long error);
