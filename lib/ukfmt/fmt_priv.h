/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include <uk/fmt.h>

/*
 * Put one field: blanks, the @nprefix bytes at @prefix, @nzeros zeros (and
 * more with flag 0), the @nbody bytes at @body, blanks. Returns the bytes put,
 * -EOVERFLOW or what put() returned.
 */
int fmt_put_field(struct uk_fmt_out *out, const struct uk_fmt_spec *spec,
		  const char *prefix, size_t nprefix, size_t nzeros,
		  const char *body, size_t nbody);

/*
 * Do @spec if it is d i u o x X or p: returns the bytes put. -EINVAL: it is
 * another one, and no argument was taken. Clears flags that do not count.
 */
int fmt_put_int(struct uk_fmt_out *out, struct uk_fmt_spec *spec, va_list *ap);
