/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/fmt.h>

/* printf()'s a, e, f and g with and without L; NULL in images without. */
extern const struct uk_fmt_ext *const nolibc_print_float;
