/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * newlib's, which defines the flags of open() and fcntl() by names of its
 * own; here these get the values that the image's calls take.
 */
#pragma once

#include_next <sys/_default_fcntl.h>

#undef _FCREAT
#undef _FEXCL
#undef _FNOCTTY
#undef _FTRUNC
#undef _FAPPEND
#undef _FNONBLOCK
#undef _FNBIO
#undef _FASYNC
#undef _FSYNC
#undef _FNOINHERIT
#undef _FEXECSRCH
#define _FCREAT		0100
#define _FEXCL		0200
#define _FNOCTTY	0400
#define _FTRUNC		01000
#define _FAPPEND	02000
#define _FNONBLOCK	04000
#define _FNBIO		_FNONBLOCK
#define _FASYNC		020000
#define _FSYNC		04010000
#define _FNOINHERIT	02000000
#define _FEXECSRCH	010000000

/* These differ by architecture. */
#undef _FDIRECT
#undef _FDIRECTORY
#undef _FNOFOLLOW
#ifdef __aarch64__
#define _FDIRECTORY	040000
#define _FNOFOLLOW	0100000
#define _FDIRECT	0200000
#else
#define _FDIRECT	040000
#define _FDIRECTORY	0200000
#define _FNOFOLLOW	0400000
#endif

#undef F_GETLK
#undef F_SETLK
#undef F_SETLKW
#undef F_SETOWN
#undef F_GETOWN
#define F_GETLK		5
#define F_SETLK		6
#define F_SETLKW	7
#define F_SETOWN	8
#define F_GETOWN	9
#undef F_RDLCK
#undef F_WRLCK
#undef F_UNLCK
#define F_RDLCK		0
#define F_WRLCK		1
#define F_UNLCK		2
#ifdef F_DUPFD_CLOEXEC
#undef F_DUPFD_CLOEXEC
#define F_DUPFD_CLOEXEC	1030
#endif

#ifdef AT_FDCWD
#undef AT_FDCWD
#undef AT_EACCESS
#undef AT_SYMLINK_NOFOLLOW
#undef AT_SYMLINK_FOLLOW
#undef AT_REMOVEDIR
#undef AT_EMPTY_PATH
#define AT_FDCWD		(-100)
#define AT_SYMLINK_NOFOLLOW	0x100
#define AT_EACCESS		0x200
#define AT_REMOVEDIR		0x200
#define AT_SYMLINK_FOLLOW	0x400
#define AT_EMPTY_PATH		0x1000
#endif
