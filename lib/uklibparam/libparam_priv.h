/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/libparam.h>

/* The prefix of @p as it is on the command line. */
const char *libparam_prefix(const struct uk_libparam *p);

/* "u8", "bool", … */
const char *libparam_type_name(unsigned int type);

/*
 * Give variable (or element @index of the array) of @p the value @text.
 * Returns 0, or -EINVAL: @text is not what uk_libparam_allowed() says.
 */
UK_MUST_USE
int libparam_set(const struct uk_libparam *p, uint32_t index,
		 const char *text);

/* Write the value of @p's variable or element @index to the @size at @buf. */
int libparam_show(const struct uk_libparam *p, uint32_t index, char *buf,
		  size_t size);
