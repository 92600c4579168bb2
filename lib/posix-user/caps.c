/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Capabilities follow the users, capabilities(7), "Effect of user ID changes":
 * whoever was root by any of its ids and is by none may nothing any more;
 * otherwise what it may is off while its effective id is not root's.
 */
#include "user_priv.h"

#include <uk/abi/capability.h>
#include <uk/errno.h>

static bool is_root(const struct ids *ids)
{
	return !ids->real || !ids->effective || !ids->saved;
}

void caps_follow(struct caps *caps, const struct ids *old,
		 const struct ids *now)
{
	if (is_root(old) && !is_root(now))
		caps->permitted = caps->effective = 0;
	if (old->effective == 0 && now->effective != 0)
		caps->effective = 0;
	if (old->effective != 0 && now->effective == 0)
		caps->effective = caps->permitted;
}

int caps_set(struct caps *caps, const struct caps *to)
{
	const uint64_t inheritable = caps_may(caps, UK_ABI_CAP_SETPCAP) ?
					     CAPS_ALL :
					     caps->inheritable |
						     caps->permitted;

	if (to->inheritable & ~inheritable ||
	    to->permitted & ~caps->permitted ||
	    to->effective & ~to->permitted)
		return -EPERM;
	*caps = *to;
	return 0;
}
