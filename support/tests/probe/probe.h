/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Commit the fault @name. Returns only if there is none of that name. */
void probe_fault(const char *name);

/* Use memory wrongly, as @name says; returns a status. */
int probe_heap(const char *name);

/* Print the value that protects stacks, as "canary HEX"; returns a status. */
int probe_canary(void);

/* Start the other CPUs, and print what comes of it; returns a status. */
int probe_cpus(void);
/* Print "initrd LENGTH bytes, sum CRC32"; returns a status. */
int probe_initrd(void);

/*
 * Use timers and CPUs, then hand the machine over to the initrd, an image,
 * @left times; returns a status, 42 when none are left.
 */
int probe_again(int left);

/*
 * Have the host ask for the end, by a thread while this one sleeps, if there
 * are threads; and let others run for a while.
 */
void probe_ask_meanwhile(void);
void probe_let_others(void);

/* Write past the end of an array, over the return address. */
void probe_smash(void);
