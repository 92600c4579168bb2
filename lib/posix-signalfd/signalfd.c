/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file from which signals are read. It keeps none: what is read are those
 * that wait for the thread that reads, or for the process, so it is ready for
 * one thread and not for another. When a signal begins to wait all such files
 * that are for it wake who waits for them, who look again.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/signalfd.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/io.h>
#include <uk/list.h>
#include <uk/nofault.h>
#include <uk/signal_take.h>
#include <uk/spinlock.h>
#include <uk/syscall.h>

#include "signalfd_priv.h"

/* Nobody reads these. */
#define FIXED	(UK_ABI_SIGBIT(UK_ABI_SIGKILL) | UK_ABI_SIGBIT(UK_ABI_SIGSTOP))

struct signalfd {
	struct uk_file file;
	uint64_t mask;		/* those that are read; atomic */
	struct uk_list node;	/* the list's lock */
};

/* All of them. */
static struct {
	struct uk_spinlock lock;
	struct uk_list files;	/* lock */
} all = { .lock = UK_SPINLOCK_INIT, .files = UK_LIST_INIT(all.files) };

static struct signalfd *signalfd_of(struct uk_file *file)
{
	return UK_CONTAINER_OF(file, struct signalfd, file);
}

static uint64_t mask_of(const struct signalfd *s)
{
	return __atomic_load_n(&s->mask, __ATOMIC_RELAXED);
}

static enum uk_event_result on_waits(void *data)
{
	const uint64_t bit = UK_ABI_SIGBIT(*(const int *)data);
	const unsigned long irq = uk_spin_lock_irqsave(&all.lock);
	struct signalfd *s;

	uk_list_for_each(s, &all.files, node) {
		if (mask_of(s) & bit)
			uk_file_wake(&s->file, UK_FILE_IN);
	}
	uk_spin_unlock_irqrestore(&all.lock, irq);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_signal_waits, on_waits);

static uint32_t on_events(struct uk_file *file)
{
	return uk_signal_waiting() & mask_of(signalfd_of(file)) ? UK_FILE_IN
								: 0;
}

static bool try_take(struct uk_file *file, void *info)
{
	return uk_signal_take(mask_of(signalfd_of(file)), info) != 0;
}

/* As many as there is room for; for the first one it waits. */
static ptrdiff_t on_read(struct uk_file *file, struct uk_io *io,
			 int64_t pos UK_UNUSED)
{
	struct uk_abi_signalfd_siginfo told;
	struct uk_abi_siginfo info;
	ptrdiff_t done = 0;
	int rc;

	if (io->left < sizeof(told))
		return -EINVAL;
	rc = uk_file_try(file, UK_FILE_IN, try_take, &info);
	if (rc < 0)
		return rc;
	do {
		signalfd_tell(&told, &info);
		/* Whom it could not be told has taken it all the same. */
		if (uk_io_put(io, &told, sizeof(told)) != sizeof(told))
			return done ? done : -EFAULT;
		done += (ptrdiff_t)sizeof(told);
	} while (io->left >= sizeof(told) && try_take(file, &info));
	return done;
}

static void on_release(struct uk_file *file)
{
	struct signalfd *const s = signalfd_of(file);
	const unsigned long irq = uk_spin_lock_irqsave(&all.lock);

	uk_list_remove(&s->node);
	uk_spin_unlock_irqrestore(&all.lock, irq);
	uk_free(uk_alloc_get_default(), s);
}

static const struct uk_file_ops ops = {
	.kind = "signalfd", .read = on_read, .events = on_events,
	.release = on_release,
};

static long make(uint64_t mask, int flags)
{
	struct signalfd *const s = uk_zalloc(uk_alloc_get_default(),
					     sizeof(*s));
	unsigned long irq;
	int fd;

	if (!s)
		return -ENOMEM;
	uk_file_init(&s->file, &ops, true, false);
	s->file.flags = (uint32_t)(flags & UK_ABI_SFD_NONBLOCK);
	s->mask = mask;
	irq = uk_spin_lock_irqsave(&all.lock);
	uk_list_push_back(&all.files, &s->node);
	uk_spin_unlock_irqrestore(&all.lock, irq);
	fd = uk_fd_open(&s->file, 0, flags & UK_ABI_SFD_CLOEXEC);
	if (fd < 0)
		uk_file_put(&s->file);
	return fd;
}

/* From now on it is for the signals of @mask. */
static long change(int fd, uint64_t mask)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	long rc = fd;

	if (!file)
		return -EBADF;
	if (file->ops == &ops) {
		__atomic_store_n(&signalfd_of(file)->mask, mask,
				 __ATOMIC_RELAXED);
		uk_file_wake(file, UK_FILE_IN);
	} else {
		rc = -EINVAL;
	}
	uk_fd_return(fd, file);
	return rc;
}

static long signalfd(int fd, const uint64_t *from, size_t size, int flags)
{
	uint64_t mask;

	if (size != sizeof(mask))
		return -EINVAL;
	if (!uk_nofault_try_read(mask, from))
		return -EFAULT;
	if (flags & ~(UK_ABI_SFD_NONBLOCK | UK_ABI_SFD_CLOEXEC))
		return -EINVAL;
	mask &= ~FIXED;
	return fd == -1 ? make(mask, flags) : change(fd, mask);
}

UK_SYSCALL_R_DEFINE(long, signalfd4, int, fd, const uint64_t *, mask,
		    size_t, size, int, flags)
{
	return signalfd(fd, mask, size, flags);
}

/* Not on arm64. */
UK_SYSCALL_R_DEFINE(long, signalfd, int, fd, const uint64_t *, mask,
		    size_t, size)
{
	return signalfd(fd, mask, size, 0);
}
