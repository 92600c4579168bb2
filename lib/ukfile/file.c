/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * References, and what all kinds of files refuse alike.
 */
#include <uk/file.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/io.h>

#include "file_priv.h"

UK_EVENT(uk_file_signal);

void uk_file_init(struct uk_file *file, const struct uk_file_ops *ops,
		  bool readable, bool writable)
{
	*file = (struct uk_file){
		.ops = ops,
		.refs = 1,
		.readable = readable,
		.writable = writable,
		.reads = readable && ops->read,
		.writes = writable && ops->write,
		.lock = UK_SPINLOCK_INIT,
	};
	uk_list_init(&file->watches);
}

void uk_file_put_many(struct uk_file *file, uint32_t n)
{
	/* What each holder did comes before the release. */
	const uint32_t before = __atomic_fetch_sub(&file->refs, n,
						   __ATOMIC_ACQ_REL);

	UK_ASSERT(before >= n);
	if (before > n)
		return;
	/*
	 * Not whether there is one now: who takes it off may have emptied the
	 * list and not yet let go of the lock.
	 */
	if (UK_UNLIKELY(file->outlived))
		file_end_watches(file);
	UK_ASSERT(!uk_file_is_watched(file));
	file->ops->release(file);
}

/* 0, or why bytes cannot be moved at @pos. */
static int check(const struct uk_file *file, bool may, bool can, int64_t pos)
{
	if (!may)
		return -EBADF;
	if (!can)
		return -EINVAL;
	if (pos != UK_FILE_POS && !file->ops->seek)
		return -ESPIPE;
	return pos < UK_FILE_POS ? -EINVAL : 0;
}

ptrdiff_t uk_file_read(struct uk_file *file, struct uk_io *io, int64_t pos)
{
	const int rc = check(file, file->readable, file->ops->read, pos);

	return rc < 0 ? rc : file->ops->read(file, io, pos);
}

ptrdiff_t uk_file_write(struct uk_file *file, struct uk_io *io, int64_t pos)
{
	const int rc = check(file, file->writable, file->ops->write, pos);

	return rc < 0 ? rc : file->ops->write(file, io, pos);
}

int64_t uk_file_seek(struct uk_file *file, int64_t off, int whence)
{
	if (!file->ops->seek)
		return -ESPIPE;
	return file->ops->seek(file, off, whence);
}

long uk_file_ioctl(struct uk_file *file, unsigned long cmd, long arg)
{
	if (!file->ops->ioctl)
		return -ENOTTY;
	return file->ops->ioctl(file, cmd, arg);
}

long uk_file_fcntl(struct uk_file *file, int cmd, unsigned long arg)
{
	if (!file->ops->fcntl)
		return -EINVAL;
	return file->ops->fcntl(file, cmd, arg);
}
