/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>

/*
 * End the program with @status, of which the low 8 bits count: what init
 * entries began is undone in reverse order, the console's last line is
 * "kiln: exit N", and the machine powers off. A call from a term function goes
 * on with what is left to undo, and its @status counts from there on.
 *
 * Contract: implemented by lib/ukboot.
 *
 * Context: thread.
 */
UK_NORETURN void uk_exit(int status);
