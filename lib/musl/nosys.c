/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

/* In the place of each system call that the image does not provide. */
long musl_nosys(void);

long musl_nosys(void)
{
	return -ENOSYS;
}
