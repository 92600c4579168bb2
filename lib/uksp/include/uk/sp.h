/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/*
 * The stack protector: what the compiler refers to in code built with
 * -fstack-protector-strong -mstack-protector-guard=global. Nobody calls this.
 *
 * The canary is seeded in stage EARLY and keeps one byte zero, so that a
 * string that runs over cannot carry it. A function that begins before and
 * returns after the seeding must not be protected: the boot chain (lib/
 * ukboot's stage runner) is built with -fno-stack-protector.
 */
extern uintptr_t __stack_chk_guard;

/* Crash: the canary of the calling function is not what it was. */
UK_NORETURN void __stack_chk_fail(void);
