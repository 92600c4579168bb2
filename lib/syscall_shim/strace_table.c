/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the log says of calls beyond numbers: which argument is what, and the
 * words for flags. A call that is not here is shown with hexadecimal numbers;
 * a bit without a word too. Values are Linux's, those that all architectures
 * share.
 */
#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

#include "syscall_shim_priv.h"

/* By letter, see syscall_shim_priv.h. */
static const struct {
	const char *name, *arguments;
} calls[] = {
	{ "access", "so" }, { "brk", "p" }, { "chdir", "s" },
	{ "chmod", "so" }, { "clock_getres", "Cp" },
	{ "clock_gettime", "Cp" }, { "clock_nanosleep", "Cdpp" },
	{ "clock_settime", "Cp" }, { "close", "f" },
	{ "close_range", "uux" }, { "creat", "so" }, { "dup", "f" },
	{ "dup2", "ff" }, { "dup3", "ffO" }, { "epoll_create", "d" },
	{ "epoll_create1", "O" }, { "epoll_ctl", "fEfp" },
	{ "epoll_pwait", "fpddpu" }, { "epoll_wait", "fpdd" },
	{ "eventfd", "u" }, { "eventfd2", "uO" }, { "execve", "spp" },
	{ "exit", "!d" }, { "exit_group", "!d" }, { "faccessat", "fso" },
	{ "fchdir", "f" }, { "fchmod", "fo" }, { "fcntl", "fFx" },
	{ "fdatasync", "f" }, { "fstat", "fp" }, { "fsync", "f" },
	{ "ftruncate", "fd" }, { "futex", "pWdppd" },
	{ "getcpu", "ppp" }, { "getcwd", "pu" }, { "getegid", "" },
	{ "geteuid", "" }, { "getgid", "" }, { "getpid", "" },
	{ "getppid", "" }, { "getrandom", "pux" }, { "gettid", "" },
	{ "gettimeofday", "pp" }, { "getuid", "" }, { "ioctl", "fxx" },
	{ "kill", "dS" }, { "lseek", "fdd" }, { "lstat", "sp" },
	{ "madvise", "pud" }, { "mkdir", "so" }, { "mkdirat", "fso" },
	{ "mlock", "pu" }, { "mmap", "puAMfx" }, { "mprotect", "puA" },
	{ "mremap", "puuxp" }, { "msync", "pux" }, { "munmap", "pu" },
	{ "nanosleep", "pp" }, { "newfstatat", "fspx" },
	{ "open", "sOo" }, { "openat", "fsOo" }, { "pipe", "P" },
	{ "pipe2", "PO" }, { "poll", "pud" }, { "ppoll", "puppu" },
	{ "pread64", "frud" }, { "pwrite64", "fwud" }, { "read", "fru" },
	{ "readlink", "sru" }, { "readv", "fpd" }, { "rename", "ss" },
	{ "rmdir", "s" }, { "rt_sigaction", "Sppu" },
	{ "rt_sigprocmask", "dppu" }, { "rt_sigreturn", "!" },
	{ "sched_yield", "" }, { "stat", "sp" }, { "tgkill", "ddS" },
	{ "timerfd_create", "CO" }, { "tkill", "dS" }, { "uname", "p" },
	{ "unlink", "s" }, { "unlinkat", "fsx" }, { "write", "fwu" },
	{ "writev", "fpd" },
};

#define BIT(word, bits)		{ #word, bits, bits }
#define NUM(word, num)		{ #word, num, ~0ul }
#define PART(word, num, mask)	{ #word, num, mask }
#define END			{ NULL, 0, 0 }

/* open(2) and whatever takes O_CLOEXEC and O_NONBLOCK (fcntl.h). */
static const struct syscall_shim_word open_words[] = {
	PART(O_WRONLY, 1, 3), PART(O_RDWR, 2, 3), BIT(O_CREAT, 0100),
	BIT(O_EXCL, 0200), BIT(O_NOCTTY, 0400), BIT(O_TRUNC, 01000),
	BIT(O_APPEND, 02000), BIT(O_NONBLOCK, 04000),
	BIT(O_CLOEXEC, 02000000), END,
};

static const struct syscall_shim_word prot_words[] = {
	BIT(PROT_READ, 1), BIT(PROT_WRITE, 2), BIT(PROT_EXEC, 4),
	NUM(PROT_NONE, 0), END,
};

static const struct syscall_shim_word map_words[] = {
	PART(MAP_SHARED, 1, 15), PART(MAP_PRIVATE, 2, 15),
	BIT(MAP_FIXED, 0x10), BIT(MAP_ANONYMOUS, 0x20),
	BIT(MAP_NORESERVE, 0x4000), BIT(MAP_POPULATE, 0x8000),
	BIT(MAP_STACK, 0x20000), BIT(MAP_FIXED_NOREPLACE, 0x100000), END,
};

static const struct syscall_shim_word clock_words[] = {
	NUM(CLOCK_REALTIME, 0), NUM(CLOCK_MONOTONIC, 1),
	NUM(CLOCK_PROCESS_CPUTIME_ID, 2), NUM(CLOCK_THREAD_CPUTIME_ID, 3),
	NUM(CLOCK_MONOTONIC_RAW, 4), NUM(CLOCK_BOOTTIME, 7), END,
};

static const struct syscall_shim_word fcntl_words[] = {
	NUM(F_DUPFD, 0), NUM(F_GETFD, 1), NUM(F_SETFD, 2), NUM(F_GETFL, 3),
	NUM(F_SETFL, 4), NUM(F_GETLK, 5), NUM(F_SETLK, 6), NUM(F_SETLKW, 7),
	NUM(F_DUPFD_CLOEXEC, 1030), NUM(F_SETPIPE_SZ, 1031),
	NUM(F_GETPIPE_SZ, 1032), END,
};

static const struct syscall_shim_word signal_words[] = {
	NUM(SIGHUP, 1), NUM(SIGINT, 2), NUM(SIGQUIT, 3), NUM(SIGILL, 4),
	NUM(SIGTRAP, 5), NUM(SIGABRT, 6), NUM(SIGBUS, 7), NUM(SIGFPE, 8),
	NUM(SIGKILL, 9), NUM(SIGUSR1, 10), NUM(SIGSEGV, 11),
	NUM(SIGUSR2, 12), NUM(SIGPIPE, 13), NUM(SIGALRM, 14),
	NUM(SIGTERM, 15), NUM(SIGCHLD, 17), NUM(SIGCONT, 18),
	NUM(SIGSTOP, 19), NUM(SIGTSTP, 20), END,
};

static const struct syscall_shim_word epoll_words[] = {
	NUM(EPOLL_CTL_ADD, 1), NUM(EPOLL_CTL_DEL, 2), NUM(EPOLL_CTL_MOD, 3),
	END,
};

/* The command is what its two flags leave. */
#define FUTEX(word, num)	PART(FUTEX_##word, num, 127)
static const struct syscall_shim_word futex_words[] = {
	FUTEX(WAIT, 0), FUTEX(WAKE, 1), FUTEX(REQUEUE, 3),
	FUTEX(CMP_REQUEUE, 4), FUTEX(WAKE_OP, 5), FUTEX(LOCK_PI, 6),
	FUTEX(UNLOCK_PI, 7), FUTEX(WAIT_BITSET, 9), FUTEX(WAKE_BITSET, 10),
	BIT(FUTEX_PRIVATE_FLAG, 128), BIT(FUTEX_CLOCK_REALTIME, 256), END,
};

const struct syscall_shim_word *syscall_shim_set(char letter)
{
	switch (letter) {
	case 'O':
		return open_words;
	case 'A':
		return prot_words;
	case 'M':
		return map_words;
	case 'C':
		return clock_words;
	case 'F':
		return fcntl_words;
	case 'S':
		return signal_words;
	case 'E':
		return epoll_words;
	case 'W':
		return futex_words;
	default:
		return NULL;
	}
}

const char *syscall_shim_arguments(const char *name)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(calls); i++) {
		if (uk_strcmp(calls[i].name, name) == 0)
			return calls[i].arguments;
	}
	return NULL;
}

#define E(name)	[name] = #name,

const char *syscall_shim_error(long error)
{
	static const char *const names[] = {
		E(EPERM) E(ENOENT) E(ESRCH) E(EINTR) E(EIO) E(ENXIO) E(E2BIG)
		E(ENOEXEC) E(EBADF) E(ECHILD) E(EAGAIN) E(ENOMEM) E(EACCES)
		E(EFAULT) E(ENOTBLK) E(EBUSY) E(EEXIST) E(EXDEV) E(ENODEV)
		E(ENOTDIR) E(EISDIR) E(EINVAL) E(ENFILE) E(EMFILE) E(ENOTTY)
		E(ETXTBSY) E(EFBIG) E(ENOSPC) E(ESPIPE) E(EROFS) E(EMLINK)
		E(EPIPE) E(EDOM) E(ERANGE) E(EDEADLK) E(ENAMETOOLONG) E(ENOLCK)
		E(ENOSYS) E(ENOTEMPTY) E(ELOOP) E(ENOMSG) E(EIDRM) E(ECHRNG)
		E(EL2NSYNC) E(EL3HLT) E(EL3RST) E(ELNRNG) E(EUNATCH) E(ENOCSI)
		E(EL2HLT) E(EBADE) E(EBADR) E(EXFULL) E(ENOANO) E(EBADRQC)
		E(EBADSLT) E(EBFONT) E(ENOSTR) E(ENODATA) E(ETIME) E(ENOSR)
		E(ENONET) E(ENOPKG) E(EREMOTE) E(ENOLINK) E(EADV) E(ESRMNT)
		E(ECOMM) E(EPROTO) E(EMULTIHOP) E(EDOTDOT) E(EBADMSG)
		E(EOVERFLOW) E(ENOTUNIQ) E(EBADFD) E(EREMCHG) E(ELIBACC)
		E(ELIBBAD) E(ELIBSCN) E(ELIBMAX) E(ELIBEXEC) E(EILSEQ)
		E(ERESTART) E(ESTRPIPE) E(EUSERS) E(ENOTSOCK) E(EDESTADDRREQ)
		E(EMSGSIZE) E(EPROTOTYPE) E(ENOPROTOOPT) E(EPROTONOSUPPORT)
		E(ESOCKTNOSUPPORT) E(EOPNOTSUPP) E(EPFNOSUPPORT)
		E(EAFNOSUPPORT) E(EADDRINUSE) E(EADDRNOTAVAIL) E(ENETDOWN)
		E(ENETUNREACH) E(ENETRESET) E(ECONNABORTED) E(ECONNRESET)
		E(ENOBUFS) E(EISCONN) E(ENOTCONN) E(ESHUTDOWN) E(ETOOMANYREFS)
		E(ETIMEDOUT) E(ECONNREFUSED) E(EHOSTDOWN) E(EHOSTUNREACH)
		E(EALREADY) E(EINPROGRESS) E(ESTALE) E(EUCLEAN) E(ENOTNAM)
		E(ENAVAIL) E(EISNAM) E(EREMOTEIO) E(EDQUOT) E(ENOMEDIUM)
		E(EMEDIUMTYPE) E(ECANCELED) E(ENOKEY) E(EKEYEXPIRED)
		E(EKEYREVOKED) E(EKEYREJECTED) E(EOWNERDEAD) E(ENOTRECOVERABLE)
		E(ERFKILL)
	};

	return error > 0 && error < (long)UK_ARRAY_SIZE(names) ?
	       names[error] : NULL;
}
