/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Descriptors and open files, as Linux's ABI has them: open(2), fcntl(2),
 * close_range(2). Octal, as everybody knows them; alike on x86_64 and arm64,
 * but for four flags of open(2) that are with that call.
 */

#define UK_ABI_O_RDONLY		00
#define UK_ABI_O_WRONLY		01
#define UK_ABI_O_RDWR		02
#define UK_ABI_O_ACCMODE	03
#define UK_ABI_O_CREAT		0100
#define UK_ABI_O_EXCL		0200
#define UK_ABI_O_NOCTTY		0400
#define UK_ABI_O_TRUNC		01000
#define UK_ABI_O_APPEND		02000
#define UK_ABI_O_NONBLOCK	04000
#define UK_ABI_O_CLOEXEC	02000000

/* For a directory: the current one, of calls that begin at a descriptor. */
#define UK_ABI_AT_FDCWD		(-100)

/* Commands of fcntl(2). */
#define UK_ABI_F_DUPFD		0
#define UK_ABI_F_GETFD		1
#define UK_ABI_F_SETFD		2
#define UK_ABI_F_GETFL		3
#define UK_ABI_F_SETFL		4
#define UK_ABI_F_GETLK		5
#define UK_ABI_F_SETLK		6
#define UK_ABI_F_SETLKW		7
#define UK_ABI_F_DUPFD_CLOEXEC	1030
#define UK_ABI_F_SETPIPE_SZ	1031
#define UK_ABI_F_GETPIPE_SZ	1032

/* The flag of F_GETFD and F_SETFD. */
#define UK_ABI_FD_CLOEXEC	1

#define UK_ABI_CLOSE_RANGE_UNSHARE	2
#define UK_ABI_CLOSE_RANGE_CLOEXEC	4
