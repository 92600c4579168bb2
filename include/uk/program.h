/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Run the program: what its libc sets up, constructors, main(). @argv has
 * @argc words and a NULL, and lives as long as the image.
 *
 * Returns the program's exit status, or does not return because it has ended
 * the image (<uk/end.h>).
 *
 * Contract: lib/ukboot implements it, for libcs that set up nothing; a libc
 * that does selects HAVE_PROGRAM and implements it.
 *
 * Context: the boot context, all stages done.
 */
int uk_program(int argc, char **argv);
