/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The same for users and groups. Who may not be anybody may only choose among
 * those that it is: setre lets the real one be no former saved one, and keeps
 * the new effective one as saved if the real one is set or it is another than
 * that; setres lets each be any of the three.
 */
#include "user_priv.h"

#include <uk/abi/capability.h>
#include <uk/errno.h>

static bool keeps(uint32_t id)
{
	return id == UK_ABI_NO_ID;
}

int ids_set(struct ids *ids, uint32_t id, bool may)
{
	if (keeps(id))
		return -EINVAL;
	if (!may && id != ids->real && id != ids->saved)
		return -EPERM;
	if (may)
		ids->real = ids->saved = id;
	ids->effective = ids->fs = id;
	return 0;
}

int ids_set_two(struct ids *ids, uint32_t real, uint32_t effective, bool may)
{
	const struct ids old = *ids;

	if (!may && !keeps(real) && real != old.real && real != old.effective)
		return -EPERM;
	if (!may && !keeps(effective) && effective != old.real &&
	    effective != old.effective && effective != old.saved)
		return -EPERM;

	if (!keeps(real))
		ids->real = real;
	if (!keeps(effective))
		ids->effective = effective;
	if (!keeps(real) || (!keeps(effective) && effective != old.real))
		ids->saved = ids->effective;
	ids->fs = ids->effective;
	return 0;
}

static bool is_one_of(const struct ids *ids, uint32_t id)
{
	return keeps(id) || id == ids->real || id == ids->effective ||
	       id == ids->saved;
}

int ids_set_three(struct ids *ids, uint32_t real, uint32_t effective,
		  uint32_t saved, bool may)
{
	if (!may && !(is_one_of(ids, real) && is_one_of(ids, effective) &&
		      is_one_of(ids, saved)))
		return -EPERM;

	if (!keeps(real))
		ids->real = real;
	if (!keeps(effective))
		ids->effective = effective;
	if (!keeps(saved))
		ids->saved = saved;
	ids->fs = ids->effective;
	return 0;
}

uint32_t ids_set_fs(struct ids *ids, uint32_t id, bool may)
{
	const uint32_t was = ids->fs;

	if (!keeps(id) && (may || is_one_of(ids, id)))
		ids->fs = id;
	return was;
}
