/* SPDX-License-Identifier: BSD-3-Clause */
/* mmap() in an image without descriptors: none is open. */
#include <uk/errno.h>

#include "mmap_priv.h"

bool mm_fd_is_open(int fd UK_UNUSED)
{
	return false;
}

int mm_fd_refusal(int fd UK_UNUSED, unsigned int type UK_UNUSED,
		  bool write UK_UNUSED)
{
	return -EBADF;
}
