/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>
#include <uk/event.h>

/*
 * End the program with @status, of which the low 8 bits count: what init
 * entries began is undone in reverse order, the console's last line is
 * "kiln: exit N", and the machine powers off. A call from a term function goes
 * on with what is left to undo, and its @status counts from there on. A second
 * thread that calls it waits for the end that the first one brings.
 *
 * Contract: implemented by lib/ukboot.
 *
 * Context: thread.
 */
UK_NORETURN void uk_exit(int status);

/*
 * End the program as uk_exit(0) does, and restart the machine. A machine that
 * its user does not let restart (QEMU -no-reboot) ends instead. Contract and
 * context: as uk_exit()'s.
 */
UK_NORETURN void uk_reboot(void);

/*
 * Raised in a thread that is to wait for the end which another one brings: a
 * scheduler takes it away and does not return. The data is NULL. Context:
 * thread that may block.
 */
UK_EVENT_DECLARE(uk_end_awaited);

/*
 * Raised before the console's last line is written, in an image where others
 * may run meanwhile: what programs write reaches no console from then on, and
 * who is about to write is waited for, but not for ever. The data is NULL.
 * Context: any.
 */
UK_EVENT_DECLARE(uk_end_last_line);
