/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Makes calls by the instruction, as programs do that are loaded, with
 * pointers to its own memory, which is the core's, and to a mapping; and calls
 * by functions, which may use both. Its status is how many went wrong.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <uk/abi/uio.h>
#include <uk/abi/mman.h>
#include <uk/abi/poll.h>
#include <uk/errno.h>
#include <uk/syscall.h>

#if CONFIG_ARCH_X86_64
static long trap(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall" : "+a"(nr)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return nr;
}
#else
static long trap(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0" : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}
#endif

static int nwrong;

static void expect(const char *what, long got, long want)
{
	if (got == want)
		return;
	printf("%s: %ld, expected %ld\n", what, got, want);
	nwrong++;
}

static int fd[2];

/* @mem is what a program has; @own is the core's. */
static void read_and_write(char *mem, char *own)
{
	expect("write, own", trap(SYS_write, fd[1], (long)own, 1, 0, 0, 0),
	       -EFAULT);
	expect("write, none", trap(SYS_write, fd[1], (long)own, 0, 0, 0, 0),
	       -EFAULT);
	expect("write, direct", uk_syscall_r_write(fd[1], (long)own, 1), 1);
	expect("write", trap(SYS_write, fd[1], (long)mem, 1, 0, 0, 0), 1);
	expect("read, own", trap(SYS_read, fd[0], (long)own, 1, 0, 0, 0),
	       -EFAULT);
	expect("unchanged", *own, 'o');
	expect("read", trap(SYS_read, fd[0], (long)mem, 2, 0, 0, 0), 2);
	expect("first", mem[0], 'o');
	expect("second", mem[1], 'm');
}

/* Pointers in what pointers mean. */
static void vectors(char *mem, char *own)
{
	struct uk_abi_iovec *const v = (void *)(mem + 64);

	v[0] = (struct uk_abi_iovec){ mem, 1 };
	v[1] = (struct uk_abi_iovec){ own, 1 };
	expect("writev, own", trap(SYS_writev, fd[1], (long)v, 2, 0, 0, 0),
	       -EFAULT);
	expect("writev, direct", uk_syscall_r_writev(fd[1], (long)v, 2), 2);
	expect("readv, own", trap(SYS_readv, fd[0], (long)v, 2, 0, 0, 0),
	       -EFAULT);
	expect("readv", trap(SYS_readv, fd[0], (long)v, 1, 0, 0, 0), 1);
	expect("read", trap(SYS_read, fd[0], (long)mem, 1, 0, 0, 0), 1);
}

static void masks(char *mem, char *own)
{
	struct { uint64_t mask, len; } *const arg = (void *)(mem + 64);
	struct { long sec, ns; } *const none = (void *)(mem + 128);

	none->sec = 0;
	none->ns = 0;
	arg->mask = (uintptr_t)own;
	arg->len = 8;
	expect("pselect6, own", trap(SYS_pselect6, 0, 0, 0, 0, (long)none,
				     (long)arg), -EFAULT);
	arg->mask = (uintptr_t)mem + 256;
	expect("pselect6", trap(SYS_pselect6, 0, 0, 0, 0, (long)none,
				(long)arg), 0);
	expect("ppoll, own", trap(SYS_ppoll, 0, 0, (long)none, (long)own, 8,
				  0), -EFAULT);
	expect("ppoll", trap(SYS_ppoll, 0, 0, (long)none, (long)mem + 256, 8,
			     0), 0);
}

/* The numbers of the thread go nowhere but to the program. */
static void clones(char *mem, char *own)
{
	uint64_t *const args = (void *)(mem + 64);

	memset(args, 0, 88);
	/* VM, FS, FILES, SIGHAND, THREAD and PARENT_SETTID; parent_tid. */
	args[0] = 0x110f00;
	args[3] = (uintptr_t)own;
	expect("clone3, own", trap(SYS_clone3, (long)args, 88, 0, 0, 0, 0),
	       -EFAULT);
}

/* No pointers, so nobody looks at their upper bit. */
static void numbers(void)
{
	expect("close", trap(SYS_close, -1, 0, 0, 0, 0, 0), -EBADF);
	expect("lseek", trap(SYS_lseek, fd[0], INT64_MIN, 0, 0, 0, 0),
	       -ESPIPE);
	expect("getpid", trap(SYS_getpid, -1, -1, -1, -1, -1, -1), 1);
}

int main(void)
{
	static char own[64] = "own";
	const long mem = uk_syscall_r_mmap(0, 4096, UK_ABI_PROT_READ |
					   UK_ABI_PROT_WRITE,
					   UK_ABI_MAP_PRIVATE |
					   UK_ABI_MAP_ANONYMOUS, -1, 0);

	expect("pipe2", uk_syscall_r_pipe2((long)fd, 0), 0);
	if (mem < 0 || nwrong)
		return 99;
	memset((char *)mem, 0, 4096);
	*(char *)mem = 'm';
	read_and_write((char *)mem, own);
	vectors((char *)mem, own);
	masks((char *)mem, own);
	clones((char *)mem, own);
	numbers();
	return nwrong;
}
