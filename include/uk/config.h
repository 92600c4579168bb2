/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * The configuration of this image: a macro CONFIG_<NAME> for each symbol that
 * is set, as Kconfig wrote it (1 for a switch, a number, or a string).
 */
#include <uk/bits/config.h>

/*
 * 1 if switch @option is on, else 0; usable in #if and as an expression, so
 * that code that is off is still compiled and checked:
 *
 *	if (UK_IS_ENABLED(CONFIG_LIBUKDEBUG_ASSERT))
 */
#define UK_IS_ENABLED(option)		UK_IS_ENABLED_1(option)
#define UK_IS_ENABLED_1(value)		UK_IS_ENABLED_2(UK_IS_ONE_##value)
#define UK_IS_ENABLED_2(comma_or_junk)	UK_IS_ENABLED_3(comma_or_junk 1, 0)
#define UK_IS_ENABLED_3(junk, val, ...)	val
#define UK_IS_ONE_1			0,
