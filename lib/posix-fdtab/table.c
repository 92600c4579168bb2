/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of the process: slots, which numbers are taken, which are closed at
 * an exec. Numbers are given, taken and moved under the lock; files are
 * borrowed without it. A file is let go of after the lock, as its end may
 * block.
 */
#include <uk/fdtab.h>

#include <stdint.h>

#include <uk/config.h>
#include <uk/errno.h>
#include <uk/file.h>
#include <uk/idpool.h>
#include <uk/init.h>
#include <uk/spinlock.h>

#include "fdtab_priv.h"

#define NFDS	((unsigned int)CONFIG_LIBPOSIX_FDTAB_MAX)

/* The lock of the table, but for borrowing. */
fdtab_slot uk_fd_slots_[NFDS];

static struct {
	struct uk_spinlock lock;
	struct uk_idpool numbers;	/* lock */
	unsigned int limit;		/* lock */
	uint64_t taken[UK_IDPOOL_WORDS(NFDS)];		/* lock */
	uint64_t cloexec[UK_IDPOOL_WORDS(NFDS)];	/* lock */
} tab;

static bool in_range(int fd)
{
	return fd >= 0 && (unsigned int)fd < NFDS;
}

/* With the lock held, as all that follow: */

static bool is_open(int fd)
{
	return in_range(fd) && (tab.taken[fd / 64] >> fd % 64 & 1);
}

static void mark_cloexec(int fd, bool cloexec)
{
	const uint64_t bit = UINT64_C(1) << fd % 64;

	if (cloexec)
		tab.cloexec[fd / 64] |= bit;
	else
		tab.cloexec[fd / 64] &= ~bit;
}

static int take_number(unsigned int min)
{
	int fd;

	if (min >= tab.limit)
		return -EMFILE;
	fd = uk_idpool_get(&tab.numbers, min);
	if (fd >= 0 && (unsigned int)fd >= tab.limit) {
		uk_idpool_put(&tab.numbers, (unsigned int)fd);
		fd = -EMFILE;
	}
	return fd;
}

int uk_fd_open(struct uk_file *file, unsigned int min, bool cloexec)
{
	int fd;

	uk_spin_lock(&tab.lock);
	fd = take_number(min);
	if (fd >= 0) {
		mark_cloexec(fd, cloexec);
		fdtab_slot_fill(&uk_fd_slots_[fd], file);
	}
	uk_spin_unlock(&tab.lock);
	return fd;
}

int uk_fd_close(int fd)
{
	struct uk_file *file = NULL;
	uint32_t nborrowed;

	uk_spin_lock(&tab.lock);
	if (is_open(fd)) {
		file = fdtab_slot_empty(&uk_fd_slots_[fd], &nborrowed);
		uk_idpool_put(&tab.numbers, (unsigned int)fd);
	}
	uk_spin_unlock(&tab.lock);
	if (!file)
		return -EBADF;
	fdtab_slot_drop(file, nborrowed);
	return 0;
}

int fdtab_replace(int fd, struct uk_file *file, bool cloexec)
{
	struct uk_file *old = NULL;
	uint32_t nborrowed;

	uk_spin_lock(&tab.lock);
	if (fd < 0 || (unsigned int)fd >= tab.limit) {
		uk_spin_unlock(&tab.lock);
		return -EBADF;
	}
	if (is_open(fd))
		old = fdtab_slot_empty(&uk_fd_slots_[fd], &nborrowed);
	else
		(void)uk_idpool_get(&tab.numbers, (unsigned int)fd);
	mark_cloexec(fd, cloexec);
	fdtab_slot_fill(&uk_fd_slots_[fd], file);
	uk_spin_unlock(&tab.lock);
	if (old)
		fdtab_slot_drop(old, nborrowed);
	return fd;
}

int fdtab_cloexec(int fd)
{
	int rc = -EBADF;

	uk_spin_lock(&tab.lock);
	if (is_open(fd))
		rc = tab.cloexec[fd / 64] >> fd % 64 & 1;
	uk_spin_unlock(&tab.lock);
	return rc;
}

int fdtab_set_cloexec(int fd, bool cloexec)
{
	int rc = -EBADF;

	uk_spin_lock(&tab.lock);
	if (is_open(fd)) {
		mark_cloexec(fd, cloexec);
		rc = 0;
	}
	uk_spin_unlock(&tab.lock);
	return rc;
}

void uk_fd_set_limit(unsigned int limit)
{
	uk_spin_lock(&tab.lock);
	tab.limit = limit < NFDS ? limit : NFDS;
	uk_spin_unlock(&tab.lock);
}

unsigned int uk_fd_limit(void)
{
	return __atomic_load_n(&tab.limit, __ATOMIC_RELAXED);
}

static int fdtab_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	tab.limit = NFDS;
	uk_idpool_init(&tab.numbers, tab.taken, NFDS);
	return 0;
}

UK_INIT(EARLY, fdtab_init, NULL);
