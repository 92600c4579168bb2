/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>
#include <uk/config.h>

/*
 * A bug of ours stops the image here, with the crash screen.
 *
 * For preconditions, invariants and impossible cases only. What comes from
 * outside (device, packet, boot data, system call, user) is checked and
 * refused with an error, never asserted. The condition has no side effect: it
 * is not evaluated when CONFIG_LIBUKDEBUG_ASSERT is off.
 *
 * Context: any, also before the console and inside the crash path.
 */
#define UK_ASSERT(cond)							\
	do {								\
		if (UK_IS_ENABLED(CONFIG_LIBUKDEBUG_ASSERT) &&		\
		    UK_UNLIKELY(!(cond)))				\
			uk_assert_fail(#cond, __FILE_NAME__, __LINE__);	\
	} while (0)

/* Not reached, whatever the input. */
#define UK_UNREACHABLE()	uk_assert_fail("unreachable", __FILE_NAME__, \
					       __LINE__)

/*
 * Ends the image with the crash screen: "assertion failed: @cond at
 * @file:@line". Contract: implemented by lib/ukdebug.
 */
UK_NORETURN void uk_assert_fail(const char *cond, const char *file,
				unsigned int line);
