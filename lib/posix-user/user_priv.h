/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * ids.c: who the process is, as to users or as to groups, and how that may be
 * changed. @may: it has the capability to be anybody. The caller serialises.
 */
struct ids {
	uint32_t real;
	uint32_t effective;
	uint32_t saved;
	uint32_t fs;		/* as to files; follows the effective one */
};

/*
 * setuid(2), setreuid(2), setresuid(2). UK_ABI_NO_ID leaves one of several as
 * it is. Return 0, or, and nothing has changed,
 *   -EINVAL  it is no id
 *   -EPERM   it may not be that one
 */
UK_MUST_USE int ids_set(struct ids *ids, uint32_t id, bool may);
UK_MUST_USE int ids_set_two(struct ids *ids, uint32_t real, uint32_t effective,
			    bool may);
UK_MUST_USE int ids_set_three(struct ids *ids, uint32_t real,
			      uint32_t effective, uint32_t saved, bool may);

/* setfsuid(2): returns what it was; if it may not be, nothing changes. */
uint32_t ids_set_fs(struct ids *ids, uint32_t id, bool may);

/*
 * caps.c: what the process may, a bit for each of Linux's capabilities.
 * Likewise.
 */
struct caps {
	uint64_t effective;
	uint64_t permitted;
	uint64_t inheritable;
};

/* Every one that there is. */
#define CAPS_ALL	((UINT64_C(2) << UK_ABI_CAP_LAST) - 1)

static inline bool caps_may(const struct caps *caps, unsigned int cap)
{
	return caps->effective >> cap & 1;
}

/* The users it is were @old and are @now: root loses or gets what it may. */
void caps_follow(struct caps *caps, const struct ids *old,
		 const struct ids *now);

/* capset(2). Returns 0, or -EPERM: that would be more than it has. */
UK_MUST_USE int caps_set(struct caps *caps, const struct caps *to);

/* How many further groups there is room for. */
#define USER_NGROUPS	32u

/* calls.c: of the process. */
bool user_may(unsigned int cap);
struct caps user_caps(void);
UK_MUST_USE int user_set_caps(const struct caps *to);
