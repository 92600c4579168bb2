/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Watches. The store is given a number to know each by, and sends it back with
 * a path. Of the path nothing is kept, as who watches has to read anyway: so
 * many events are one, and none needs memory.
 */
#include "store_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

/* 8 digits and a NUL. */
#define TOKEN_LEN	9u

static void put_token(uint32_t token, char *text)
{
	for (unsigned int i = 0; i < 8; i++)
		text[i] = "0123456789abcdef"[token >> (28 - 4 * i) & 15];
	text[8] = '\0';
}

/* The one that token @text is of. */
static struct uk_xenstore_watch *find(struct xs *xs, const char *text)
{
	struct uk_xenstore_watch *w = xs->watches;
	char token[TOKEN_LEN];

	for (; w; w = w->next) {
		put_token(w->token, token);
		if (memcmp(token, text, TOKEN_LEN) == 0)
			break;
	}
	return w;
}

/* "PATH\0TOKEN\0": the last bytes count, whatever is before them. */
int xs_take_event(struct xs *xs, uint32_t len)
{
	struct uk_xenstore_watch *w;
	char text[TOKEN_LEN];
	int rc;

	if (len < TOKEN_LEN)
		return xs_drop(xs, len);
	rc = xs_drop(xs, len - TOKEN_LEN);
	if (rc == 0)
		rc = xs_get(xs, text, TOKEN_LEN);
	if (rc < 0)
		return rc;
	/* One that nobody waits for may be on its way still. */
	w = find(xs, text);
	if (w)
		w->fired = true;
	return 0;
}

static int ask(struct xs *xs, uint32_t type,
	       const struct uk_xenstore_watch *watch)
{
	char token[TOKEN_LEN];
	const struct xs_piece pieces[] = {
		{ watch->path, uk_strlen(watch->path) + 1 },
		{ token, TOKEN_LEN },
	};

	put_token(watch->token, token);
	return xs_ask(xs, type, UK_XENSTORE_NO_TX, pieces, 2, NULL, 0);
}

static void unlink_watch(struct xs *xs, const struct uk_xenstore_watch *watch)
{
	struct uk_xenstore_watch **at = &xs->watches;

	while (*at && *at != watch)
		at = &(*at)->next;
	if (*at)
		*at = watch->next;
}

int xs_watch(struct xs *xs, struct uk_xenstore_watch *watch)
{
	int rc;

	watch->token = ++xs->last_token;
	watch->fired = false;
	/* Before it is asked for: the first event may come with the answer. */
	watch->next = xs->watches;
	xs->watches = watch;
	rc = ask(xs, UK_XEN_STORE_WATCH, watch);
	if (rc < 0)
		unlink_watch(xs, watch);
	return rc < 0 ? rc : 0;
}

int xs_unwatch(struct xs *xs, struct uk_xenstore_watch *watch)
{
	int rc;

	unlink_watch(xs, watch);
	rc = ask(xs, UK_XEN_STORE_UNWATCH, watch);
	return rc < 0 ? rc : 0;
}

struct uk_xenstore_watch *xs_next_fired(struct xs *xs)
{
	for (struct uk_xenstore_watch *w = xs->watches; w; w = w->next)
		if (w->fired) {
			w->fired = false;
			return w;
		}
	return NULL;
}

/* Events of before are not for these: each fires once, as at its begin. */
int xs_connect_again(struct xs *xs)
{
	int rc = 0;

	xs->broken = false;
	for (struct uk_xenstore_watch *w = xs->watches; w && rc >= 0;
	     w = w->next) {
		w->fired = true;
		rc = ask(xs, UK_XEN_STORE_WATCH, w);
	}
	return rc < 0 ? rc : 0;
}
