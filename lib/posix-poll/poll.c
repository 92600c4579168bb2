/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * poll(2). First all are asked, and where one is ready that is the answer:
 * nothing was allocated and no watch hung. Only who has to wait pays for
 * waiting. The program's array is read again then; one that it changes
 * meanwhile is one or the other, entry by entry.
 */
#include "poll_priv.h"

#include <uk/errno.h>
#include <uk/nofault.h>
#include <uk/timeout.h>

/* Always told. */
#define ALWAYS	(UK_ABI_POLLERR | UK_ABI_POLLHUP)

static uint32_t want_of(const struct uk_abi_pollfd *p)
{
	return (uint16_t)p->events | ALWAYS;
}

/* No more of an entry is written than the result. */
static int answer(struct uk_abi_pollfd *to, uint32_t got)
{
	const int16_t revents = (int16_t)got;

	return uk_nofault_memcpy(&to->revents, &revents, sizeof(revents), 0) ==
	       sizeof(revents) ? 0 : -EFAULT;
}

/* Returns how many are ready, or -EFAULT. */
static int ask(struct uk_abi_pollfd *fds, unsigned int nfds)
{
	int nready = 0;

	for (; nfds; nfds--, fds++) {
		struct uk_abi_pollfd p;
		uint32_t got;

		if (!uk_nofault_try_read(p, fds))
			return -EFAULT;
		got = p.fd < 0 ? 0 : poll_ask(p.fd, want_of(&p));
		if (answer(fds, got) < 0)
			return -EFAULT;
		nready += got != 0;
	}
	return nready;
}

static int hang(struct watches *ws, const struct uk_abi_pollfd *fds,
		unsigned int nfds)
{
	watches_rewind(ws);
	for (; nfds; nfds--, fds++) {
		struct uk_abi_pollfd p;

		if (!uk_nofault_try_read(p, fds))
			return -EFAULT;
		watches_hang(ws, watches_next(ws), p.fd, want_of(&p));
	}
	return 0;
}

static int answer_all(struct watches *ws, struct uk_abi_pollfd *fds)
{
	struct watched *w;
	int nready = 0;

	watches_rewind(ws);
	while ((w = watches_next(ws))) {
		if (answer(fds++, w->got) < 0)
			return -EFAULT;
		nready += w->got != 0;
	}
	return nready;
}

/* Not inline: who does not wait pays nothing for it. */
UK_NOINLINE
static int wait(struct uk_abi_pollfd *fds, unsigned int nfds, uint64_t ns)
{
	const uint64_t deadline_ns = uk_timeout_deadline(ns);
	struct watches ws;
	int rc;

	rc = watches_init(&ws, nfds);
	if (rc < 0)
		return rc;
	rc = hang(&ws, fds, nfds);
	if (rc < 0)
		goto end;
	rc = watches_wait(&ws, deadline_ns);
	if (rc != -EINTR)
		rc = answer_all(&ws, fds);
end:
	watches_end(&ws);
	return rc;
}

int poll_files(struct uk_abi_pollfd *fds, unsigned int nfds, uint64_t ns)
{
	int rc;

	if (nfds > uk_fd_limit())
		return -EINVAL;
	rc = ask(fds, nfds);
	return rc || ns == 0 ? rc : wait(fds, nfds, ns);
}
