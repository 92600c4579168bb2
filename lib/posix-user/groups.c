/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Further groups of the process. They are kept in order, as Linux keeps them,
 * and in the image: so there is room for 32, where Linux has 65536, which is
 * what the C libraries' initgroups(3) sets at most.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/capability.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/spinlock.h>
#include <uk/string.h>
#include <uk/syscall.h>

#include "user_priv.h"

struct groups {
	uint32_t n;
	uint32_t id[USER_NGROUPS];	/* ascending; equal ones stay */
};

static struct {
	struct uk_spinlock lock;
	struct groups groups;	/* lock */
} st = { .lock = UK_SPINLOCK_INIT };

static void sort(struct groups *g)
{
	for (uint32_t i = 1; i < g->n; i++) {
		const uint32_t id = g->id[i];
		uint32_t to = i;

		for (; to > 0 && g->id[to - 1] > id; to--)
			g->id[to] = g->id[to - 1];
		g->id[to] = id;
	}
}

static int take(struct groups *g, uint32_t n, const uint32_t *from)
{
	g->n = n;
	if (uk_nofault_memcpy(g->id, from, n * sizeof(*from), 0) !=
	    n * sizeof(*from))
		return -EFAULT;
	for (uint32_t i = 0; i < n; i++)
		if (g->id[i] == UK_ABI_NO_ID)
			return -EINVAL;
	sort(g);
	return 0;
}

UK_SYSCALL_R_DEFINE(int, setgroups, unsigned int, n, const uint32_t *, from)
{
	struct groups groups = { .n = 0 };
	unsigned long irq;
	int rc;

	if (!user_may(UK_ABI_CAP_SETGID))
		return -EPERM;
	if (n > USER_NGROUPS)
		return -EINVAL;
	rc = take(&groups, n, from);
	if (rc < 0)
		return rc;
	irq = uk_spin_lock_irqsave(&st.lock);
	memcpy(&st.groups, &groups, sizeof(groups));
	uk_spin_unlock_irqrestore(&st.lock, irq);
	return 0;
}

UK_SYSCALL_R_DEFINE(int, getgroups, int, n, uint32_t *, to)
{
	struct groups groups;
	unsigned long irq;
	size_t len;

	if (n < 0)
		return -EINVAL;
	irq = uk_spin_lock_irqsave(&st.lock);
	memcpy(&groups, &st.groups, sizeof(groups));
	uk_spin_unlock_irqrestore(&st.lock, irq);
	if (n == 0)
		return (int)groups.n;
	if ((uint32_t)n < groups.n)
		return -EINVAL;
	len = groups.n * sizeof(groups.id[0]);
	return uk_nofault_memcpy(to, groups.id, len, 0) == len ?
	       (int)groups.n : -EFAULT;
}
