/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The system calls about users and groups. There is one process, so there is
 * one set of ids, under one spinlock; a caller's memory is read before it is
 * taken and written after.
 *
 * Ids are what a program gave itself, and are asked for when it changes them
 * again. They do not guard anything: code that shares the address space of all
 * of the image could not be kept from it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/capability.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/nofault.h>
#include <uk/spinlock.h>
#include <uk/syscall.h>

#include "user_priv.h"

#define UID	CONFIG_LIBPOSIX_USER_UID
#define GID	CONFIG_LIBPOSIX_USER_GID

/* Who is not root begins with nothing that it may. */
#define CAPS	(UID == 0 ? CAPS_ALL : 0)

static struct {
	struct uk_spinlock lock;	/* guards what follows */
	struct ids user, group;
	struct caps caps;
	unsigned int umask;
} st = {
	.lock = UK_SPINLOCK_INIT,
	.user = { UID, UID, UID, UID },
	.group = { GID, GID, GID, GID },
	.caps = { .effective = CAPS, .permitted = CAPS },
	.umask = 0022,
};

static unsigned long lock(void)
{
	return uk_spin_lock_irqsave(&st.lock);
}

static void unlock(unsigned long irq)
{
	uk_spin_unlock_irqrestore(&st.lock, irq);
}

static struct ids get(const struct ids *ids)
{
	const unsigned long irq = lock();
	const struct ids now = *ids;

	unlock(irq);
	return now;
}

bool user_may(unsigned int cap)
{
	const unsigned long irq = lock();
	const bool may = caps_may(&st.caps, cap);

	unlock(irq);
	return may;
}

/* With the lock held. */
static bool may_set(const struct ids *ids)
{
	return caps_may(&st.caps, ids == &st.user ? UK_ABI_CAP_SETUID :
						    UK_ABI_CAP_SETGID);
}

/* After a change of @ids, which were @old. The lock is held. */
static void follow(const struct ids *ids, const struct ids *old)
{
	if (ids == &st.user)
		caps_follow(&st.caps, old, ids);
}

static int set(struct ids *ids, uint32_t id)
{
	const unsigned long irq = lock();
	const struct ids old = *ids;
	const int rc = ids_set(ids, id, may_set(ids));

	follow(ids, &old);
	unlock(irq);
	return rc;
}

static int set_two(struct ids *ids, uint32_t real, uint32_t effective)
{
	const unsigned long irq = lock();
	const struct ids old = *ids;
	const int rc = ids_set_two(ids, real, effective, may_set(ids));

	follow(ids, &old);
	unlock(irq);
	return rc;
}

static int set_three(struct ids *ids, uint32_t real, uint32_t effective,
		     uint32_t saved)
{
	const unsigned long irq = lock();
	const struct ids old = *ids;
	const int rc = ids_set_three(ids, real, effective, saved,
				     may_set(ids));

	follow(ids, &old);
	unlock(irq);
	return rc;
}

static uint32_t set_fs(struct ids *ids, uint32_t id)
{
	const unsigned long irq = lock();
	const uint32_t was = ids_set_fs(ids, id, may_set(ids));

	unlock(irq);
	return was;
}

static int put(uint32_t *to, uint32_t id)
{
	return uk_nofault_memcpy(to, &id, sizeof(id), 0) == sizeof(id) ?
	       0 : -EFAULT;
}

static int put_three(const struct ids *ids, uint32_t *real,
		     uint32_t *effective, uint32_t *saved)
{
	const struct ids now = get(ids);
	int rc = put(real, now.real);

	if (rc == 0)
		rc = put(effective, now.effective);
	return rc == 0 ? put(saved, now.saved) : rc;
}

UK_SYSCALL_R_DEFINE(long, getuid)
{
	return get(&st.user).real;
}

UK_SYSCALL_R_DEFINE(long, geteuid)
{
	return get(&st.user).effective;
}

UK_SYSCALL_R_DEFINE(long, getgid)
{
	return get(&st.group).real;
}

UK_SYSCALL_R_DEFINE(long, getegid)
{
	return get(&st.group).effective;
}

UK_SYSCALL_R_DEFINE(int, setuid, uint32_t, id)
{
	return set(&st.user, id);
}

UK_SYSCALL_R_DEFINE(int, setgid, uint32_t, id)
{
	return set(&st.group, id);
}

UK_SYSCALL_R_DEFINE(int, setreuid, uint32_t, real, uint32_t, effective)
{
	return set_two(&st.user, real, effective);
}

UK_SYSCALL_R_DEFINE(int, setregid, uint32_t, real, uint32_t, effective)
{
	return set_two(&st.group, real, effective);
}

UK_SYSCALL_R_DEFINE(int, setresuid, uint32_t, real, uint32_t, effective,
		    uint32_t, saved)
{
	return set_three(&st.user, real, effective, saved);
}

UK_SYSCALL_R_DEFINE(int, setresgid, uint32_t, real, uint32_t, effective,
		    uint32_t, saved)
{
	return set_three(&st.group, real, effective, saved);
}

UK_SYSCALL_R_DEFINE(int, getresuid, uint32_t *, real, uint32_t *, effective,
		    uint32_t *, saved)
{
	return put_three(&st.user, real, effective, saved);
}

UK_SYSCALL_R_DEFINE(int, getresgid, uint32_t *, real, uint32_t *, effective,
		    uint32_t *, saved)
{
	return put_three(&st.group, real, effective, saved);
}

UK_SYSCALL_R_DEFINE(long, setfsuid, uint32_t, id)
{
	return set_fs(&st.user, id);
}

UK_SYSCALL_R_DEFINE(long, setfsgid, uint32_t, id)
{
	return set_fs(&st.group, id);
}

/* Kept for who makes files. */
UK_SYSCALL_R_DEFINE(int, umask, unsigned int, mask)
{
	const unsigned long irq = lock();
	const unsigned int was = st.umask;

	st.umask = mask & 0777;
	unlock(irq);
	return (int)was;
}

struct caps user_caps(void)
{
	const unsigned long irq = lock();
	const struct caps caps = st.caps;

	unlock(irq);
	return caps;
}

int user_set_caps(const struct caps *to)
{
	const unsigned long irq = lock();
	const int rc = caps_set(&st.caps, to);

	unlock(irq);
	return rc;
}
