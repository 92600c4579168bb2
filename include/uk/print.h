/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdarg.h>

#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/init.h>

/*
 * The log: short lines with a level, a time, the library and the text.
 *
 *   UK_LOG_ERR    something is lost
 *   UK_LOG_WARN   carries on degraded
 *   UK_LOG_INFO   one line per device or boot step
 *   UK_LOG_DEBUG  off by default
 *
 * Nothing is logged per packet or per call. A message is one line without a
 * newline at its end. It goes to the log ring at once, and to each registered
 * sink if its level passes; what is logged before the first sink exists is
 * replayed to it.
 *
 * Context: any, also before the console, with interrupts off and in traps.
 */
enum uk_log_level {
	UK_LOG_ERR,
	UK_LOG_WARN,
	UK_LOG_INFO,
	UK_LOG_DEBUG,
};

/*
 * Log one line for library @lib, a literal of the image. Contract: implemented
 * by lib/ukdebug.
 * Conversions: d i u x X o c s p % with flags, width, precision and the
 * lengths hh h l ll z t j; no floating point.
 */
UK_PRINTF(3, 4)
void uk_log(enum uk_log_level level, const char *lib, const char *fmt, ...);
void uk_vlog(enum uk_log_level level, const char *lib, const char *fmt,
	     va_list ap);

/* A level above CONFIG_LIBUKDEBUG_LOGLEVEL costs nothing in the image. */
#define uk_pr(level, ...)						\
	do {								\
		if ((int)(level) <= CONFIG_LIBUKDEBUG_LOGLEVEL)		\
			uk_log(level, UK_LIBNAME_STR, __VA_ARGS__);	\
	} while (0)

#define uk_pr_err(...)		uk_pr(UK_LOG_ERR, __VA_ARGS__)
#define uk_pr_warn(...)		uk_pr(UK_LOG_WARN, __VA_ARGS__)
#define uk_pr_info(...)		uk_pr(UK_LOG_INFO, __VA_ARGS__)
#define uk_pr_debug(...)	uk_pr(UK_LOG_DEBUG, __VA_ARGS__)
