/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * A shared object for programs that are not linked with the image: who starts
 * one puts the address of uk_vdso into its auxiliary vector, as AT_SYSINFO_EHDR
 * (vdso(7)), and has nothing to map, as the image is there for everybody. It
 * is an ELF file that is at offset 0 of its own addresses, with DT_HASH and
 * versions, and these functions:
 *
 *	x86_64, LINUX_2.6	__vdso_clock_gettime, __vdso_clock_getres,
 *				__vdso_gettimeofday, __vdso_time,
 *				__vdso_getcpu
 *	arm64, LINUX_2.6.39	__kernel_clock_gettime, __kernel_clock_getres,
 *				__kernel_gettimeofday, __kernel_rt_sigreturn
 *
 * Each is called as a function of C, on the program's stack, of which it takes
 * at most 8 KiB, and returns what the system call of that name does: 0 or a
 * number, or a negative errno; a bad pointer is -EFAULT. rt_sigreturn is what
 * a signal's handler returns to, and is not called.
 */
extern const uint8_t uk_vdso[];
