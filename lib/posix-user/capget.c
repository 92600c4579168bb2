/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * capget(2) and capset(2): three versions of the data, of 32 or 64 bits. Who
 * names another version is told which is the newest.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/capability.h>
#include <uk/errno.h>
#include <uk/nofault.h>
#include <uk/syscall.h>

#include "user_priv.h"

/* Words of a set in memory of this version; 0: there is no such version. */
static unsigned int words_of(uint32_t version)
{
	switch (version) {
	case UK_ABI_CAP_VERSION_1:
		return 1;
	case UK_ABI_CAP_VERSION_2:
	case UK_ABI_CAP_VERSION_3:
		return 2;
	default:
		return 0;
	}
}

/* Read the header: the number of words, or -EFAULT, -EINVAL. */
static int take_header(struct uk_abi_cap_header *at,
		       struct uk_abi_cap_header *header)
{
	const uint32_t newest = UK_ABI_CAP_VERSION_3;
	unsigned int nwords;

	if (!uk_nofault_try_read(*header, at))
		return -EFAULT;
	nwords = words_of(header->version);
	if (nwords)
		return (int)nwords;
	return uk_nofault_memcpy(&at->version, &newest, sizeof(newest), 0) ==
			       sizeof(newest) ? -EINVAL : -EFAULT;
}

/* The process has no number here: others than 0 are nobody's. */
UK_SYSCALL_R_DEFINE(int, capget, struct uk_abi_cap_header *, at,
		    struct uk_abi_cap_data *, to)
{
	const struct caps caps = user_caps();
	struct uk_abi_cap_data data[2];
	struct uk_abi_cap_header header;
	const int nwords = take_header(at, &header);
	size_t len;

	/* So one asks for the version. */
	if (!to && nwords == -EINVAL)
		return 0;
	if (nwords < 0)
		return nwords;
	if (!to)
		return 0;
	if (header.pid != 0)
		return header.pid < 0 ? -EINVAL : -ESRCH;
	for (int i = 0; i < nwords; i++)
		data[i] = (struct uk_abi_cap_data){
			.effective = (uint32_t)(caps.effective >> 32 * i),
			.permitted = (uint32_t)(caps.permitted >> 32 * i),
			.inheritable = (uint32_t)(caps.inheritable >> 32 * i),
		};
	len = (size_t)nwords * sizeof(data[0]);
	return uk_nofault_memcpy(to, data, len, 0) == len ? 0 : -EFAULT;
}

static uint64_t set_of(uint32_t low, uint32_t high)
{
	return ((uint64_t)high << 32 | low) & CAPS_ALL;
}

UK_SYSCALL_R_DEFINE(int, capset, struct uk_abi_cap_header *, at,
		    const struct uk_abi_cap_data *, from)
{
	struct uk_abi_cap_data data[2] = { { .effective = 0 } };
	struct uk_abi_cap_header header;
	const int nwords = take_header(at, &header);
	struct caps caps;
	size_t len;

	if (nwords < 0)
		return nwords;
	if (header.pid != 0)
		return -EPERM;
	len = (size_t)nwords * sizeof(data[0]);
	if (uk_nofault_memcpy(data, from, len, 0) != len)
		return -EFAULT;
	caps = (struct caps){
		.effective = set_of(data[0].effective, data[1].effective),
		.permitted = set_of(data[0].permitted, data[1].permitted),
		.inheritable = set_of(data[0].inheritable,
				      data[1].inheritable),
	};
	return user_set_caps(&caps);
}
