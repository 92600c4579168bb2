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
