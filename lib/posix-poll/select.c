/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * select(2): sets of bits, in words of 64, little endian. The program's sets
 * are copied in before anything is asked, and the answer goes out when all is
 * known: a call that fails leaves them as they were.
 */
#include "poll_priv.h"

#include <stddef.h>

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/timeout.h>

#define NSETS	3u
#define BITS	64u

/* Words of each set that need no memory from the heap. */
#define FEW	4u

/* What makes a descriptor of each set ready, as Linux has it. */
static const uint32_t events_of[NSETS] = {
	UK_ABI_POLLIN | UK_ABI_POLLRDNORM | UK_ABI_POLLRDBAND |
		UK_ABI_POLLHUP | UK_ABI_POLLERR | UK_ABI_POLLNVAL,
	UK_ABI_POLLOUT | UK_ABI_POLLWRNORM | UK_ABI_POLLWRBAND |
		UK_ABI_POLLERR | UK_ABI_POLLNVAL,
	UK_ABI_POLLPRI | UK_ABI_POLLNVAL,
};

struct sets {
	unsigned int nfds;
	unsigned int nwords;	/* of each set */
	uint64_t *ask;		/* the three sets, one after the other */
	uint64_t *got;
	uint64_t few[2 * NSETS * FEW];
};

static uint64_t *word(const struct sets *s, uint64_t *sets, unsigned int set,
		      unsigned int w)
{
	return &sets[set * s->nwords + w];
}

/* The descriptors that are asked for, of word @w. */
static uint64_t asked(const struct sets *s, unsigned int w)
{
	const unsigned int left = s->nfds - w * BITS;
	const uint64_t bits = *word(s, s->ask, 0, w) | *word(s, s->ask, 1, w) |
			      *word(s, s->ask, 2, w);

	return left < BITS ? bits & ((UINT64_C(1) << left) - 1) : bits;
}

/* What is wanted of @fd. */
static uint32_t want_of(const struct sets *s, unsigned int fd)
{
	uint32_t want = 0;

	for (unsigned int set = 0; set < NSETS; set++) {
		if (*word(s, s->ask, set, fd / BITS) >> fd % BITS & 1)
			want |= events_of[set];
	}
	return want;
}

/* @fd can do @got. Returns in how many sets that counts. */
static int note(const struct sets *s, unsigned int fd, uint32_t got)
{
	const uint64_t bit = UINT64_C(1) << fd % BITS;
	int n = 0;

	for (unsigned int set = 0; set < NSETS; set++) {
		if (!(got & events_of[set]) ||
		    !(*word(s, s->ask, set, fd / BITS) & bit))
			continue;
		*word(s, s->got, set, fd / BITS) |= bit;
		n++;
	}
	return n;
}

/* Returns how many are ready, and in *@nfds how many are asked for. */
static int ask(const struct sets *s, unsigned int *nfds)
{
	int nready = 0;

	*nfds = 0;
	for (unsigned int w = 0; w < s->nwords; w++) {
		uint64_t bits = asked(s, w);

		for (; bits; bits &= bits - 1) {
			const unsigned int fd = w * BITS +
				(unsigned int)__builtin_ctzll(bits);
			const uint32_t got = poll_ask((int)fd,
						      want_of(s, fd));

			if (got & UK_ABI_POLLNVAL)
				return -EBADF;
			if (got)
				nready += note(s, fd, got);
			++*nfds;
		}
	}
	return nready;
}

static void hang(const struct sets *s, struct watches *ws)
{
	watches_rewind(ws);
	for (unsigned int w = 0; w < s->nwords; w++) {
		uint64_t bits = asked(s, w);

		for (; bits; bits &= bits - 1) {
			const unsigned int fd = w * BITS +
				(unsigned int)__builtin_ctzll(bits);

			watches_hang(ws, watches_next(ws), (int)fd,
				     want_of(s, fd));
		}
	}
}

static int wait(const struct sets *s, unsigned int nfds, uint64_t ns)
{
	const uint64_t deadline_ns = uk_timeout_deadline(ns);
	struct watched *w;
	struct watches ws;
	int nready = 0;
	int rc;

	rc = watches_init(&ws, nfds);
	if (rc < 0)
		return rc;
	hang(s, &ws);
	rc = watches_wait(&ws, deadline_ns);
	watches_rewind(&ws);
	while (rc == 0 && (w = watches_next(&ws))) {
		if (w->got)
			nready += note(s, (unsigned int)w->fd, w->got);
	}
	watches_end(&ws);
	return rc == -EINTR ? rc : nready;
}

static int read_sets(struct sets *s, void *const user[NSETS])
{
	const size_t len = s->nwords * sizeof(uint64_t);

	for (unsigned int set = 0; set < NSETS; set++) {
		if (user[set] && uk_nofault_memcpy(word(s, s->ask, set, 0),
						   user[set], len, 0) != len)
			return -EFAULT;
	}
	return 0;
}

static int write_sets(const struct sets *s, void *const user[NSETS])
{
	const size_t len = s->nwords * sizeof(uint64_t);

	for (unsigned int set = 0; set < NSETS; set++) {
		if (user[set] &&
		    uk_nofault_memcpy(user[set], word(s, s->got, set, 0), len,
				      0) != len)
			return -EFAULT;
	}
	return 0;
}

static int run(struct sets *s, void *const user[NSETS], uint64_t ns)
{
	unsigned int nfds;
	int rc, n;

	rc = read_sets(s, user);
	if (rc < 0)
		return rc;
	n = ask(s, &nfds);
	if (n == 0 && ns)
		n = wait(s, nfds, ns);
	if (n < 0)
		return n;
	rc = write_sets(s, user);
	return rc < 0 ? rc : n;
}

int poll_select(int nfds, void *in, void *out, void *ex, uint64_t ns)
{
	void *const user[NSETS] = { in, out, ex };
	struct sets s = { .ask = s.few };
	int rc;

	if (nfds < 0)
		return -EINVAL;
	s.nfds = UK_MIN((unsigned int)nfds,
			(unsigned int)CONFIG_LIBPOSIX_FDTAB_MAX);
	s.nwords = UK_DIV_ROUND_UP(s.nfds, BITS);
	if (s.nwords > FEW)
		s.ask = uk_calloc(uk_alloc_get_default(),
				  2 * (size_t)NSETS * s.nwords,
				  sizeof(uint64_t));
	if (!s.ask)
		return -ENOMEM;
	s.got = s.ask + (size_t)NSETS * s.nwords;
	rc = run(&s, user, ns);
	if (s.ask != s.few)
		uk_free(uk_alloc_get_default(), s.ask);
	return rc;
}
