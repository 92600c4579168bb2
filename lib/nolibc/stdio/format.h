/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdarg.h>

#include <uk/fmt.h>

/* The printf() engine, with an error in errno and -1. */
int nolibc_format(struct uk_fmt_out *out, const char *fmt, va_list ap);
