/* SPDX-License-Identifier: BSD-3-Clause */
/* What mmap() says of descriptors: no kind of file can be mapped yet. */
#include <uk/abi/mman.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>

#include "mmap_priv.h"

bool mm_fd_is_open(int fd)
{
	struct uk_file *const file = uk_fd_borrow(fd);

	if (file)
		uk_fd_return(fd, file);
	return file != NULL;
}

int mm_fd_refusal(int fd, unsigned int type, bool write)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	const bool shared = type != UK_ABI_MAP_PRIVATE;
	int rc = -ENODEV;

	if (!file)
		return -EBADF;
	if (type < UK_ABI_MAP_SHARED || type > UK_ABI_MAP_SHARED_VALIDATE)
		rc = -EINVAL;
	else if (!file->readable || (shared && write && !file->writable))
		rc = -EACCES;
	uk_fd_return(fd, file);
	return rc;
}
