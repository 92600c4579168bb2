/* SPDX-License-Identifier: BSD-3-Clause */
/* newlib's interface with the numbers that the image's calls return. */
#pragma once

#include <sys/reent.h>

#include <uk/errno.h>

/* Programs may add values from here on. */
#define __ELASTERROR	2000

#ifdef __cplusplus
extern "C" {
#endif

int *__errno(void);

#define errno		(*__errno())
#define __errno_r(ptr)	((ptr)->_errno)

#ifdef __cplusplus
}
#endif
