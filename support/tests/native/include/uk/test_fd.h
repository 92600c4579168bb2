/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* What lib/uktestfd has of this name, by the calls of the kernel below. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <uk/abi/fcntl.h>
#include <uk/test.h>

#define UK_TEST_BAD	((long)16)

#define RAW(...)	raw(syscall(__VA_ARGS__))

static inline long raw(long rc)
{
	return rc == -1 ? -errno : rc;
}

#define uk_syscall_r_getpid()		RAW(SYS_getpid)
#define uk_syscall_r_gettid()		RAW(SYS_gettid)
#define uk_syscall_r_kill(...)		RAW(SYS_kill, __VA_ARGS__)
#define uk_syscall_r_tkill(...)		RAW(SYS_tkill, __VA_ARGS__)
#define uk_syscall_r_rt_sigprocmask(...) RAW(SYS_rt_sigprocmask, __VA_ARGS__)
#define uk_syscall_r_rt_sigtimedwait(...) RAW(SYS_rt_sigtimedwait, __VA_ARGS__)
#define uk_syscall_r_signalfd4(...)	RAW(SYS_signalfd4, __VA_ARGS__)
#define uk_syscall_r_dup(...)		RAW(SYS_dup, __VA_ARGS__)
#define uk_syscall_r_dup3(...)		RAW(SYS_dup3, __VA_ARGS__)
#define uk_syscall_r_fcntl(...)		RAW(SYS_fcntl, __VA_ARGS__)
#define uk_syscall_r_poll(...)		RAW(SYS_poll, __VA_ARGS__)
#define uk_syscall_r_ppoll(...)		RAW(SYS_ppoll, __VA_ARGS__)
#define uk_syscall_r_select(...)	RAW(SYS_select, __VA_ARGS__)
#define uk_syscall_r_pselect6(...)	RAW(SYS_pselect6, __VA_ARGS__)
#define uk_syscall_r_epoll_create(...)	RAW(SYS_epoll_create, __VA_ARGS__)
#define uk_syscall_r_epoll_create1(...)	RAW(SYS_epoll_create1, __VA_ARGS__)
#define uk_syscall_r_epoll_ctl(...)	RAW(SYS_epoll_ctl, __VA_ARGS__)
#define uk_syscall_r_epoll_wait(...)	RAW(SYS_epoll_wait, __VA_ARGS__)
#define uk_syscall_r_epoll_pwait(...)	RAW(SYS_epoll_pwait, __VA_ARGS__)
#define uk_syscall_r_epoll_pwait2(...)	RAW(SYS_epoll_pwait2, __VA_ARGS__)

static inline long uk_test_read(int fd, void *buf, size_t len)
{
	return RAW(SYS_read, fd, buf, len);
}

static inline long uk_test_write(int fd, const void *buf, size_t len)
{
	return RAW(SYS_write, fd, buf, len);
}

static inline int uk_test_event(unsigned int count)
{
	const long fd = RAW(SYS_eventfd2, count, UK_ABI_O_NONBLOCK);

	UK_EXPECT_GE(fd, 0);
	return (int)fd;
}

static inline void uk_test_pipe(int fd[2])
{
	UK_EXPECT_EQ(RAW(SYS_pipe2, fd, UK_ABI_O_NONBLOCK), 0);
}

static inline void uk_test_close(int fd)
{
	UK_EXPECT_EQ(RAW(SYS_close, fd), 0);
}

static inline void uk_test_raise(int fd)
{
	UK_EXPECT_EQ(uk_test_write(fd, &(uint64_t){ 1 }, 8), 8);
}

static inline void uk_test_take(int fd)
{
	UK_EXPECT_EQ(uk_test_read(fd, &(uint64_t){ 0 }, 8), 8);
}
