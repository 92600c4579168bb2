/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the log says of calls beyond numbers: which argument is what, and the
 * words for flags. A call that is not here is shown with hexadecimal numbers;
 * a bit without a word too. Values are those that all architectures share.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/epoll.h>
#include <uk/abi/fcntl.h>
#include <uk/abi/futex.h>
#include <uk/abi/mman.h>
#include <uk/abi/signal.h>
#include <uk/abi/time.h>
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

#define BIT(name)	{ #name, UK_ABI_##name, UK_ABI_##name }
#define NUM(name)	{ #name, UK_ABI_##name, ~0ul }
#define PART(name, mask) { #name, UK_ABI_##name, mask }
#define END		{ NULL, 0, 0 }

/* open(2) and whatever takes O_CLOEXEC and O_NONBLOCK. */
static const struct syscall_shim_word open_words[] = {
	PART(O_WRONLY, UK_ABI_O_ACCMODE), PART(O_RDWR, UK_ABI_O_ACCMODE),
	BIT(O_CREAT), BIT(O_EXCL), BIT(O_NOCTTY), BIT(O_TRUNC),
	BIT(O_APPEND), BIT(O_NONBLOCK), BIT(O_CLOEXEC), END,
};

static const struct syscall_shim_word prot_words[] = {
	BIT(PROT_READ), BIT(PROT_WRITE), BIT(PROT_EXEC),
	{ "PROT_NONE", 0, ~0ul }, END,
};

static const struct syscall_shim_word map_words[] = {
	PART(MAP_SHARED, UK_ABI_MAP_TYPE), PART(MAP_PRIVATE, UK_ABI_MAP_TYPE),
	BIT(MAP_FIXED), BIT(MAP_ANONYMOUS), BIT(MAP_NORESERVE),
	BIT(MAP_POPULATE), BIT(MAP_STACK), BIT(MAP_FIXED_NOREPLACE), END,
};

static const struct syscall_shim_word clock_words[] = {
	NUM(CLOCK_REALTIME), NUM(CLOCK_MONOTONIC),
	NUM(CLOCK_PROCESS_CPUTIME_ID), NUM(CLOCK_THREAD_CPUTIME_ID),
	NUM(CLOCK_MONOTONIC_RAW), NUM(CLOCK_BOOTTIME), END,
};

static const struct syscall_shim_word fcntl_words[] = {
	NUM(F_DUPFD), NUM(F_GETFD), NUM(F_SETFD), NUM(F_GETFL), NUM(F_SETFL),
	NUM(F_GETLK), NUM(F_SETLK), NUM(F_SETLKW), NUM(F_DUPFD_CLOEXEC),
	NUM(F_SETPIPE_SZ), NUM(F_GETPIPE_SZ), END,
};

static const struct syscall_shim_word signal_words[] = {
	NUM(SIGHUP), NUM(SIGINT), NUM(SIGQUIT), NUM(SIGILL), NUM(SIGTRAP),
	NUM(SIGABRT), NUM(SIGBUS), NUM(SIGFPE), NUM(SIGKILL), NUM(SIGUSR1),
	NUM(SIGSEGV), NUM(SIGUSR2), NUM(SIGPIPE), NUM(SIGALRM), NUM(SIGTERM),
	NUM(SIGCHLD), NUM(SIGCONT), NUM(SIGSTOP), NUM(SIGTSTP), END,
};

static const struct syscall_shim_word epoll_words[] = {
	NUM(EPOLL_CTL_ADD), NUM(EPOLL_CTL_DEL), NUM(EPOLL_CTL_MOD), END,
};

/* The command is what its two flags leave. */
#define COMMAND	(~(unsigned long)(UK_ABI_FUTEX_PRIVATE_FLAG |		\
				  UK_ABI_FUTEX_CLOCK_REALTIME) & UINT32_MAX)

static const struct syscall_shim_word futex_words[] = {
	PART(FUTEX_WAIT, COMMAND), PART(FUTEX_WAKE, COMMAND),
	PART(FUTEX_REQUEUE, COMMAND), PART(FUTEX_CMP_REQUEUE, COMMAND),
	PART(FUTEX_WAKE_OP, COMMAND), PART(FUTEX_LOCK_PI, COMMAND),
	PART(FUTEX_UNLOCK_PI, COMMAND), PART(FUTEX_TRYLOCK_PI, COMMAND),
	PART(FUTEX_WAIT_BITSET, COMMAND), PART(FUTEX_WAKE_BITSET, COMMAND),
	PART(FUTEX_WAIT_REQUEUE_PI, COMMAND),
	PART(FUTEX_CMP_REQUEUE_PI, COMMAND), PART(FUTEX_LOCK_PI2, COMMAND),
	BIT(FUTEX_PRIVATE_FLAG), BIT(FUTEX_CLOCK_REALTIME), END,
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
