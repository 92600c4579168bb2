/* SPDX-License-Identifier: BSD-3-Clause */
#define MACHINE		62
#define VERSION		"LINUX_2.6"
#define VERSION_HASH	0x3ae75f6
#define FUNCTIONS	__vdso_clock_gettime, __vdso_clock_getres, \
			__vdso_gettimeofday, __vdso_time, __vdso_getcpu

#include "../../elf.inc"

/* A system call is a function here, of the same arguments. */
	.macro	is_call name, call
	function \name
	jmp	\call
	function_end \name
	.endm

	is_call	__vdso_clock_gettime, uk_syscall_r_clock_gettime
	is_call	__vdso_clock_getres, uk_syscall_r_clock_getres
	is_call	__vdso_gettimeofday, uk_syscall_r_gettimeofday
	is_call	__vdso_time, uk_syscall_r_time
	is_call	__vdso_getcpu, uk_syscall_r_getcpu
end:
	.size	uk_vdso, . - uk_vdso

	.section .note.GNU-stack, "", %progbits
