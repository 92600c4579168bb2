/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/errno.h>

/* The last error of a library function; there is one thread, and one errno. */
extern int errno;
#define errno	errno
