/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Makes calls that show what the log makes of their arguments and results; the
 * last lines are the counters. ../suites/calls.py has what is to come.
 */
#include <stddef.h>
#include <stdio.h>

#include <uk/errno.h>
#include <uk/syscall.h>

UK_SYSCALL_R_DEFINE(int, openat, int, dir, const char *, path, int, flags,
		    unsigned int, mode)
{
	return dir && path && flags && mode ? -ENOENT : 7;
}

UK_SYSCALL_R_DEFINE(long, mmap, long, addr, long, len, int, prot, int, flags,
		    int, fd, long, off)
{
	return addr + len + prot + flags + fd + off ? 0x123456789000 : -ENOMEM;
}

UK_SYSCALL_R_LEAF_DEFINE(int, vhangup)
{
	return -EPERM;
}

UK_SYSCALL_R_DEFINE(long, swapoff, const char *, path)
{
	return path ? -4000 : 0;
}

UK_SYSCALL_R_DEFINE(long, futex, void *, word, int, op, int, val, void *, time,
		    void *, other, int, more)
{
	return word || time || other || op + val + more == 1 ? -EAGAIN : 0;
}

static void show_counters(void)
{
	struct uk_syscall_stat s;

	for (unsigned int id = 0; uk_syscall_stat(id, &s); id++) {
		if (s.ncalls)
			printf("calls %s %llu %llu\n", *s.name ? s.name :
			       "(others)", (unsigned long long)s.ncalls,
			       (unsigned long long)s.nerrors);
	}
}

#if CONFIG_ARCH_X86_64
static long trap(long nr, long arg)
{
	__asm__ volatile("syscall" : "+a"(nr) : "D"(arg)
			 : "rcx", "r11", "memory");
	return nr;
}
#else
static long trap(long nr, long arg)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = arg;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8) : "memory");
	return x0;
}
#endif

int main(void)
{
	static const char path[] = "/a/path/of/more/than/thirty/two/bytes";
	static const char odd[] = "a\"b\\c\td\1\n";
	int fd[2];

	(void)uk_syscall_r_static(SYS_openat, -100, path, 02101, 0644);
	(void)uk_syscall_r_static(SYS_openat, 3, odd, 02000000, 0);
	(void)uk_syscall_r_static(SYS_openat, 3, 16, 0x40000002, 0);
	(void)uk_syscall_r_static(SYS_mmap, 0, 4096, 3, 0x22, -1, 0);
	(void)uk_syscall_r_static(SYS_mmap, 0, 0, 0, 1, -1, 0);
	(void)uk_syscall_r_static(SYS_futex, 0, 128, 1, 0, 0, 0);
	(void)uk_syscall_r_static(SYS_futex, 0, 137, 2, 0, 0, 0);
	(void)uk_syscall_r_static(SYS_vhangup);
	(void)uk_syscall_r_static(SYS_swapoff, NULL);
	(void)uk_syscall_r_static(SYS_swapoff, 0x20);
	(void)uk_syscall_r_static(SYS_reboot, 1, 2);
	(void)uk_syscall_r(999, 1);
	(void)uk_syscall_r_static(SYS_pipe2, fd, 02000000);
	(void)uk_syscall_r_static(SYS_pipe2, 16, 0);
	(void)uk_syscall_r_static(SYS_fcntl, fd[0], 1, 0);
	(void)uk_syscall_r_static(SYS_dup3, fd[0], 99, 02000000);
	(void)uk_syscall_r_static(SYS_write, 77, odd, 3);
	(void)trap(SYS_close, fd[0]);
	(void)trap(SYS_close, fd[0]);
	show_counters();
	(void)uk_syscall_r_static(SYS_exit_group, 0);
	return 1;
}
