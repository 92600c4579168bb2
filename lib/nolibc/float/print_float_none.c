/* SPDX-License-Identifier: BSD-3-Clause */
#include "print.h"

#include <stddef.h>

const struct uk_fmt_ext *const nolibc_print_float = NULL;
