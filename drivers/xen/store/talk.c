/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests and answers (docs/misc/xenstore.txt of Xen). One request at a time
 * is on its way; an answer is known by the request's number, so one that comes
 * after its request was given up is dropped, and both ends go on.
 */
#include "store_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

/* Names of errors, as the store sends them. */
static int error_of(const char *name)
{
	static const struct {
		char name[8];
		int err;
	} known[] = {
		{ "EINVAL", -EINVAL }, { "EACCES", -EACCES },
		{ "EEXIST", -EEXIST }, { "EISDIR", -EISDIR },
		{ "ENOENT", -ENOENT }, { "ENOMEM", -ENOMEM },
		{ "ENOSPC", -ENOSPC }, { "ENOSYS", -ENOSYS },
		{ "EROFS", -EROFS }, { "EBUSY", -EBUSY },
		{ "EAGAIN", -EAGAIN }, { "E2BIG", -E2BIG },
		{ "EPERM", -EPERM },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(known); i++)
		if (uk_strcmp(name, known[i].name) == 0)
			return known[i].err;
	return -EIO;
}

/* A message's header is next; what is not for us is still to be dropped. */
static int get_header(struct xs *xs, struct uk_xen_store_msg *msg)
{
	const int rc = xs_get(xs, msg, sizeof(*msg));

	if (rc == 0 && msg->len > UK_XEN_STORE_PAYLOAD_MAX) {
		xs->broken = true;
		return -EPROTO;
	}
	return rc;
}

/* The rest of a message of which something was read must come. */
static int rest(struct xs *xs, int rc)
{
	xs->broken |= rc < 0;
	return rc;
}

static int take_error(struct xs *xs, uint32_t len)
{
	char name[16] = "";
	const size_t n = UK_MIN((size_t)len, sizeof(name) - 1);
	int rc = rest(xs, xs_get(xs, name, n));

	if (rc == 0)
		rc = rest(xs, xs_drop(xs, len - n));
	return rc < 0 ? rc : error_of(name);
}

static int take_answer(struct xs *xs, const struct uk_xen_store_msg *msg,
		       uint32_t type, void *buf, size_t size)
{
	const size_t n = UK_MIN((size_t)msg->len, size);
	int rc;

	if (msg->type == UK_XEN_STORE_ERROR)
		return take_error(xs, msg->len);
	if (msg->type != type) {
		xs->broken = true;
		return -EPROTO;
	}
	rc = rest(xs, xs_get(xs, buf, n));
	if (rc == 0)
		rc = rest(xs, xs_drop(xs, msg->len - n));
	return rc < 0 ? rc : (int)msg->len;
}

/* Something that is not the answer: an event, or one that comes too late. */
static int take_other(struct xs *xs, const struct uk_xen_store_msg *msg)
{
	if (msg->type == UK_XEN_STORE_EVENT)
		return rest(xs, xs_take_event(xs, msg->len));
	return rest(xs, xs_drop(xs, msg->len));
}

static int send(struct xs *xs, const struct uk_xen_store_msg *msg,
		const struct xs_piece *pieces, unsigned int n)
{
	int rc = xs_put(xs, msg, sizeof(*msg));

	for (unsigned int i = 0; rc == 0 && i < n; i++)
		rc = xs_put(xs, pieces[i].data, pieces[i].len);
	xs->tell(xs);
	return rc;
}

int xs_ask(struct xs *xs, uint32_t type, uint32_t tx,
	   const struct xs_piece *pieces, unsigned int n, void *buf,
	   size_t size)
{
	struct uk_xen_store_msg msg = { .type = type, .tx_id = tx };
	int rc;

	if (xs->broken)
		return -EPROTO;
	for (unsigned int i = 0; i < n; i++) {
		if (pieces[i].len > UK_XEN_STORE_PAYLOAD_MAX - msg.len)
			return -EINVAL;
		msg.len += (uint32_t)pieces[i].len;
	}
	/* 0 is that of events. */
	if (++xs->last_id == 0)
		xs->last_id = 1;
	msg.req_id = xs->last_id;
	(void)xs->wait(xs, true);
	rc = send(xs, &msg, pieces, n);
	while (rc == 0) {
		rc = get_header(xs, &msg);
		if (rc < 0)
			break;
		if (msg.type != UK_XEN_STORE_EVENT &&
		    msg.req_id == xs->last_id)
			return take_answer(xs, &msg, type, buf, size);
		rc = take_other(xs, &msg);
	}
	return rc;
}

int xs_take_events(struct xs *xs)
{
	struct uk_xen_store_msg msg;
	int rc = 0;

	if (xs->broken)
		return -EPROTO;
	(void)xs->wait(xs, true);
	while (rc == 0 && xs_has_input(xs)) {
		rc = get_header(xs, &msg);
		if (rc == 0)
			rc = take_other(xs, &msg);
		/* One that sends without an end is not waited for. */
		if (rc == 0 && !xs->wait(xs, false))
			break;
	}
	return rc;
}
