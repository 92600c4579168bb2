/* SPDX-License-Identifier: BSD-3-Clause */

#include <sys/cdefs.h>

/*
 * C11 7.2. May be included again after NDEBUG has changed, so no guard.
 */
#undef assert

#ifdef NDEBUG
#define assert(cond)	((void)0)
#else
#define assert(cond)							\
	((cond) ? (void)0						\
		: __assert_fail(#cond, __FILE__, __LINE__, __func__))
#endif

#ifndef __cplusplus
#define static_assert	_Static_assert
#endif

__BEGIN_DECLS

/* Says what failed on stderr, and aborts. */
__attribute__((noreturn))
void __assert_fail(const char *cond, const char *file, unsigned int line,
		   const char *func);

__END_DECLS
