/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What newlib is made as, in the place of the header of this name that its
 * configure makes. Alike for the library and for its programs; the first that
 * every header of newlib includes.
 */
#pragma once

#include <_newlib_version.h>

/*
 * printf() and scanf(): all that they can, but arguments by position, which
 * newlib cannot take where a va_list is an array.
 */
#define _WANT_IO_C99_FORMATS	1
#define _WANT_IO_LONG_LONG	1
#define _WANT_IO_LONG_DOUBLE	1
#define _HAVE_LONG_DOUBLE	1

/* Locales with UTF-8. */
#define _MB_CAPABLE		1
#define _MB_LEN_MAX		8

/* Streams: several bytes at once, wide or not, no lone bytes on stderr. */
#define _FVWRITE_IN_STREAMIO	1
#define _FSEEK_OPTIMIZATION	1
#define _WIDE_ORIENT		1
#define _UNBUF_STREAM_OPT	1

/*
 * What each thread has is found by a function, __getreent() (reent_*.c); the
 * three streams and the handlers of atexit() are everybody's, and guarded by
 * locks that are not newlib's (locks_*.c).
 */
#define __DYNAMIC_REENT__
#define _WANT_REENT_GLOBAL_STDIO_STREAMS	1
#define _REENT_GLOBAL_ATEXIT	1
#define _ATEXIT_DYNAMIC_ALLOC	1
#define _RETARGETABLE_LOCKING	1
#define HAVE_INITFINI_ARRAY	1

/* As in the calls: 64 bits. */
#define _WANT_USE_LONG_TIME_T	1
#define _READ_WRITE_RETURN_TYPE	_ssize_t
#define _READ_WRITE_BUFSIZE_TYPE	__SIZE_TYPE__

/* Of POSIX, what there may be calls for: makes <time.h> declare it. */
#define _POSIX_TIMERS		200809L
#define _POSIX_MONOTONIC_CLOCK	200809L
#define _POSIX_CPUTIME		200809L
#define _POSIX_THREAD_CPUTIME	200809L
#define _POSIX_CLOCK_SELECTION	200809L
