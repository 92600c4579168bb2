/* SPDX-License-Identifier: BSD-3-Clause */
#define MACHINE		183
#define VERSION		"LINUX_2.6.39"
#define VERSION_HASH	0x75fcb89
#define FUNCTIONS	__kernel_clock_gettime, __kernel_clock_getres, \
			__kernel_gettimeofday, __kernel_rt_sigreturn

#include "../../elf.inc"

/* A system call is a function here, of the same arguments. */
	.macro	is_call name, call
	function \name
	b	\call
	function_end \name
	.endm

	is_call	__kernel_clock_gettime, uk_syscall_r_clock_gettime
	is_call	__kernel_clock_getres, uk_syscall_r_clock_getres
	is_call	__kernel_gettimeofday, uk_syscall_r_gettimeofday

/* Debuggers know it by these two instructions. */
	function __kernel_rt_sigreturn
	mov	x8, #139
	svc	#0
	function_end __kernel_rt_sigreturn
end:
	.size	uk_vdso, . - uk_vdso

	.section .note.GNU-stack, "", %progbits
