/* SPDX-License-Identifier: BSD-3-Clause */
#include "console_priv.h"

#include <uk/console.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>

/* Bytes that are copied at a time. */
#define CHUNK	128u

bool console_take(struct uk_abi_iovec *to, const struct uk_abi_iovec *from)
{
	return uk_nofault_try_read(*to, from);
}

size_t console_show(const char *buf, size_t len)
{
	char chunk[CHUNK];
	size_t done = 0, got;

	do {
		got = uk_nofault_memcpy(chunk, (char *)((uintptr_t)buf + done),
					UK_MIN(len - done, sizeof(chunk)), 0);
		uk_console_out(chunk, got);
		done += got;
	} while (got && done < len);
	return done;
}

ptrdiff_t console_read(char *buf, size_t len)
{
	char chunk[CHUNK];
	/* Looked at before a byte is taken that could not be handed over. */
	const size_t room = uk_nofault_probe_rw((uintptr_t)buf,
						UK_MIN(len, sizeof(chunk)),
						0);
	size_t got;

	if (len && !room)
		return -EFAULT;
	len = console_wait(chunk, room);
	got = uk_nofault_memcpy(buf, chunk, len, 0);
	return got || !len ? (ptrdiff_t)got : -EFAULT;
}
