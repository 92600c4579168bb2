/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* What guest.c needs of an architecture. */
void guest_mark(void);
void guest_rep(void);
void guest_two(void);

/* Where the initrd is; returns its length, 0 if there is none. */
unsigned int guest_initrd(const uint8_t **at);

/* None of the last three returns. */
void guest_putc(char c);
char guest_getc(void);
void guest_exit(unsigned int status);
void guest_reset(void);
void guest_off(void);

/* Called by the entry code on a stack of 1 KiB or more. */
void guest_main(const char *cmdline);
