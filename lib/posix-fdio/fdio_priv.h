/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/file.h>

/*
 * What both forms of a transfer check once they have the file, in Linux's
 * order, for @pos UK_FILE_POS or 0 and above. Returns 0, or
 *   -ESPIPE  it has no positions
 *   -EBADF   it is not open for that
 *   -EINVAL  its kind cannot do that
 */
static inline int fdio_check(const struct uk_file *file, int64_t pos,
			     bool write)
{
	if (pos != UK_FILE_POS && !file->ops->seek)
		return -ESPIPE;
	if (UK_LIKELY(write ? file->writes : file->reads))
		return 0;
	return (write ? file->writable : file->readable) ? -EINVAL : -EBADF;
}

/* Do the positions from @pos on end before @len bytes do? */
static inline bool fdio_is_too_far(int64_t pos, size_t len)
{
	return pos != UK_FILE_POS && len > (uint64_t)(INT64_MAX - pos);
}

static inline ptrdiff_t fdio_move(struct uk_file *file, struct uk_io *io,
				  int64_t pos, bool write)
{
	return write ? file->ops->write(file, io, pos)
		     : file->ops->read(file, io, pos);
}
