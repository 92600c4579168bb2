/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The client with the store played here: whenever the client waits, the peer
 * takes what is in the ring and, when a request is whole, answers as the case
 * says. Both indices begin shortly before they wrap.
 */
#include "../store_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define BEGIN	(UINT32_MAX - 700)

static struct uk_xen_store_ring ring;
static struct xs xs;

/* The other end. */
static struct {
	struct uk_xen_store_msg msg;	/* the last request */
	char payload[8192];
	uint32_t got;			/* bytes of it */
	char out[16384];		/* what is to be sent */
	uint32_t nout, sent;
	void (*answer)(void);
	unsigned int patience;		/* waits until the client has enough */
	unsigned int told;
} peer;

static void tell(struct xs *x)
{
	(void)x;
	peer.told++;
}

static void peer_put(const void *data, size_t len)
{
	memcpy(peer.out + peer.nout, data, len);
	peer.nout += (uint32_t)len;
}

static void message(uint32_t type, uint32_t id, const char *data, size_t len)
{
	const struct uk_xen_store_msg msg = {
		.type = type,
		.req_id = id,
		.len = (uint32_t)len,
	};

	peer_put(&msg, sizeof(msg));
	peer_put(data, len);
}

static void reply(uint32_t type, const char *data, size_t len)
{
	message(type, peer.msg.req_id, data, len);
}

/* Take what has come; returns whether a request is whole. */
static bool peer_take(void)
{
	while (ring.req_cons != ring.req_prod) {
		const char c = ring.req[ring.req_cons++ % sizeof(ring.req)];

		if (peer.got < sizeof(peer.msg))
			((char *)&peer.msg)[peer.got] = c;
		else
			peer.payload[peer.got - sizeof(peer.msg)] = c;
		peer.got++;
		if (peer.got >= sizeof(peer.msg) &&
		    peer.got == sizeof(peer.msg) + peer.msg.len)
			return true;
	}
	return false;
}

static bool wait(struct xs *x, bool first)
{
	(void)x;
	if (first)
		return true;
	if (peer_take() && peer.answer) {
		peer.got = 0;
		peer.answer();
	}
	while (peer.sent < peer.nout &&
	       ring.rsp_prod - ring.rsp_cons < sizeof(ring.rsp))
		ring.rsp[ring.rsp_prod++ % sizeof(ring.rsp)] =
			peer.out[peer.sent++];
	return peer.patience-- > 0;
}

static void begin(void (*answer)(void))
{
	__builtin_memset(&ring, 0, sizeof(ring));
	__builtin_memset(&peer, 0, sizeof(peer));
	ring.req_cons = ring.req_prod = BEGIN;
	ring.rsp_cons = ring.rsp_prod = BEGIN;
	peer.answer = answer;
	peer.patience = 100;
	xs = (struct xs){ .tell = tell, .wait = wait };
	UK_EXPECT_EQ(xs_wire_init(&xs, &ring), 0);
}

static void say_hello(void)
{
	reply(UK_XEN_STORE_READ, "hello", 5);
}

UK_TEST(xen_store, a_value_is_read_whole)
{
	char buf[16];

	begin(say_hello);
	for (unsigned int i = 0; i < 100; i++) {
		peer.patience = 100;
		UK_EXPECT_EQ(xs_read(&xs, 7, "device/vif", buf, sizeof(buf)),
			     5);
		UK_EXPECT_STR_EQ(buf, "hello");
	}
	UK_EXPECT_EQ(peer.msg.type, UK_XEN_STORE_READ);
	UK_EXPECT_EQ(peer.msg.tx_id, 7);
	UK_EXPECT_EQ(peer.msg.len, 11);
	UK_EXPECT_STR_EQ(peer.payload, "device/vif");
	UK_EXPECT_EQ(peer.msg.req_id, 100);
	UK_EXPECT(peer.told > 0);
}

UK_TEST(xen_store, a_value_that_does_not_fit_is_cut_and_told)
{
	char buf[4] = "...";

	begin(say_hello);
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -E2BIG);
	UK_EXPECT_STR_EQ(buf, "hel");
	/* Both ends are still in step. */
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, 1), -E2BIG);
	UK_EXPECT_STR_EQ(buf, "");
}

static void say_binary(void)
{
	reply(UK_XEN_STORE_READ, "a\0b", 3);
}

static void say_much(void)
{
	static char much[UK_XEN_STORE_PAYLOAD_MAX];

	__builtin_memset(much, 'x', sizeof(much));
	reply(UK_XEN_STORE_READ, much, sizeof(much));
}

static void say_too_much(void)
{
	const struct uk_xen_store_msg msg = {
		.type = UK_XEN_STORE_READ,
		.req_id = peer.msg.req_id,
		.len = UK_XEN_STORE_PAYLOAD_MAX + 1,
	};

	peer_put(&msg, sizeof(msg));
}

UK_TEST(xen_store, values_that_are_no_text_or_too_long_are_refused)
{
	static char buf[8192];

	begin(say_binary);
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -EILSEQ);
	/* The longest that there is, through a ring that is shorter. */
	peer.answer = say_much;
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)),
		     UK_XEN_STORE_PAYLOAD_MAX);
	peer.answer = say_too_much;
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -EPROTO);
	peer.answer = say_hello;
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -EPROTO);
}

static const char *error_name;

static void say_error(void)
{
	reply(UK_XEN_STORE_ERROR, error_name, uk_strlen(error_name) + 1);
}

UK_TEST(xen_store, errors_of_the_store_are_errors_here)
{
	char buf[8];

	begin(say_error);
	error_name = "ENOENT";
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -ENOENT);
	error_name = "EAGAIN";
	UK_EXPECT_EQ(xs_end(&xs, 5, true), -EAGAIN);
	error_name = "EWHATEVER";
	UK_EXPECT_EQ(xs_write(&xs, 0, "a", "b"), -EIO);
	error_name = "an error with a name longer than there is any";
	UK_EXPECT_EQ(xs_remove(&xs, 0, "a"), -EIO);
	error_name = "";
	UK_EXPECT_EQ(xs_remove(&xs, 0, "a"), -EIO);
}

static void say_names(void)
{
	reply(UK_XEN_STORE_DIRECTORY, "vif\0vbd\0console", 16);
}

static void say_open_name(void)
{
	reply(UK_XEN_STORE_DIRECTORY, "vif\0vbd", 7);
}

UK_TEST(xen_store, a_list_is_its_names_or_those_that_fit)
{
	char buf[32] = "";

	begin(say_names);
	UK_EXPECT_EQ(xs_list(&xs, 0, "device", buf, sizeof(buf)), 16);
	UK_EXPECT_MEM_EQ(buf, "vif\0vbd\0console", 16);
	UK_EXPECT_EQ(xs_list(&xs, 0, "device", buf, 10), -E2BIG);
	UK_EXPECT_MEM_EQ(buf, "vif\0vbd\0", 9);
	UK_EXPECT_EQ(xs_list(&xs, 0, "device", buf, 2), -E2BIG);
	UK_EXPECT_EQ(buf[0], '\0');
	peer.answer = say_open_name;
	UK_EXPECT_EQ(xs_list(&xs, 0, "device", buf, sizeof(buf)), -EPROTO);
}

static void say_too_big(void)
{
	reply(UK_XEN_STORE_ERROR, "E2BIG", 6);
}

UK_TEST(xen_store, a_list_that_is_cut_ends_in_an_empty_name)
{
	char buf[32];

	begin(say_names);
	/* Two names fill it. */
	UK_EXPECT_EQ(xs_list(&xs, 0, "device", buf, 8), -E2BIG);
	UK_EXPECT_MEM_EQ(buf, "vif\0", 5);
	UK_EXPECT_EQ(xs_list(&xs, 0, "device", buf, 1), -E2BIG);
	UK_EXPECT_EQ(buf[0], '\0');
	peer.answer = say_too_big;
	buf[0] = 'x';
	UK_EXPECT_EQ(xs_list(&xs, 0, "device", buf, sizeof(buf)), -E2BIG);
	UK_EXPECT_EQ(buf[0], '\0');
}

UK_TEST(xen_store, paths_that_cannot_be_are_refused_before_they_are_sent)
{
	static char path[UK_XEN_STORE_PATH_MAX + 1];
	static char text[UK_XEN_STORE_PAYLOAD_MAX + 1];
	char buf[8];

	begin(say_hello);
	__builtin_memset(path, 'p', sizeof(path) - 1);
	__builtin_memset(text, 't', sizeof(text) - 1);
	UK_EXPECT_EQ(xs_read(&xs, 0, "", buf, sizeof(buf)), -EINVAL);
	UK_EXPECT_EQ(xs_read(&xs, 0, path, buf, sizeof(buf)), -EINVAL);
	UK_EXPECT_EQ(xs_write(&xs, 0, "a", text), -EINVAL);
	UK_EXPECT_EQ(ring.req_prod, BEGIN);
}

static const char *tx_text;

static void say_tx(void)
{
	reply(UK_XEN_STORE_BEGIN, tx_text, uk_strlen(tx_text) + 1);
}

static void say_ok(void)
{
	reply(peer.msg.type, "OK", 3);
}

UK_TEST(xen_store, a_transaction_has_a_number_that_is_one)
{
	static const char *const bad[] = {
		"0", "", "x", "12x", "4294967296", "-1",
		"99999999999999999999999999",
	};
	uint32_t tx = 77;

	begin(say_tx);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		tx_text = bad[i];
		UK_EXPECT_EQ(xs_begin(&xs, &tx), -EPROTO);
		UK_EXPECT_EQ(tx, 77);
	}
	tx_text = "4294967295";
	UK_EXPECT_EQ(xs_begin(&xs, &tx), 0);
	UK_EXPECT_EQ(tx, UINT32_MAX);
	peer.answer = say_ok;
	UK_EXPECT_EQ(xs_end(&xs, tx, true), 0);
	UK_EXPECT_EQ(peer.msg.tx_id, tx);
	UK_EXPECT_STR_EQ(peer.payload, "T");
	UK_EXPECT_EQ(xs_end(&xs, tx, false), 0);
	UK_EXPECT_STR_EQ(peer.payload, "F");
}

UK_TEST(xen_store, a_store_that_does_not_answer_is_given_up)
{
	char buf[16];

	begin(NULL);
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -ETIMEDOUT);
	/* It answers after all, and then the next one. */
	peer.patience = 100;
	peer.got = 0;
	say_hello();
	peer.answer = say_ok;
	UK_EXPECT_EQ(xs_write(&xs, 0, "a", "b"), 0);
}

UK_TEST(xen_store, a_message_that_is_cut_short_is_the_end)
{
	static char text[3000];
	char buf[16];

	begin(NULL);
	peer_put("half", 4);
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -ETIMEDOUT);
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -EPROTO);
	/* The same when it takes only half of a request. */
	begin(NULL);
	peer.patience = 0;
	__builtin_memset(text, 't', sizeof(text) - 1);
	UK_EXPECT_EQ(xs_write(&xs, 0, "a", text), -ETIMEDOUT);
	UK_EXPECT_EQ(xs_write(&xs, 0, "a", "b"), -EPROTO);
}

UK_TEST(xen_store, indices_that_jump_are_the_end)
{
	char buf[16];

	begin(say_hello);
	ring.rsp_prod = BEGIN + 1025;
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -EPROTO);
	begin(say_hello);
	ring.req_cons = BEGIN + 1;
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -EPROTO);
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -EPROTO);
	ring.req_prod = ring.req_cons + 1025;
	UK_EXPECT_EQ(xs_wire_init(&xs, &ring), -EPROTO);
}

static void say_another(void)
{
	reply(UK_XEN_STORE_WRITE, "OK", 3);
}

UK_TEST(xen_store, an_answer_to_another_question_is_the_end)
{
	char buf[16];

	begin(say_another);
	UK_EXPECT_EQ(xs_read(&xs, 0, "a", buf, sizeof(buf)), -EPROTO);
}

/* Events of the watch and of nobody, also broken ones, then the answer. */
static void say_events(void)
{
	message(UK_XEN_STORE_EVENT, 0, "device/vif/0\0" "00000001", 22);
	message(UK_XEN_STORE_EVENT, 0, "device/vif/0\0" "deadbeef", 22);
	message(UK_XEN_STORE_EVENT, 0, "x", 1);
	message(UK_XEN_STORE_EVENT, 0, "", 0);
	reply(peer.msg.type, "OK", 3);
}

UK_TEST(xen_store, events_that_come_before_an_answer_are_kept)
{
	struct uk_xenstore_watch watch = { .path = "device/vif" };

	begin(say_ok);
	UK_EXPECT_EQ(xs_watch(&xs, &watch), 0);
	UK_EXPECT_MEM_EQ(peer.payload, "device/vif\0" "00000001", 20);
	UK_EXPECT_NULL(xs_next_fired(&xs));
	peer.answer = say_events;
	UK_EXPECT_EQ(xs_write(&xs, 0, "a", "b"), 0);
	UK_EXPECT(xs_next_fired(&xs) == &watch);
	UK_EXPECT_NULL(xs_next_fired(&xs));
	/* Without a request, too. */
	message(UK_XEN_STORE_EVENT, 0, "device/vif\0" "00000001", 20);
	(void)wait(&xs, false);
	UK_EXPECT_EQ(xs_take_events(&xs), 0);
	UK_EXPECT(xs_next_fired(&xs) == &watch);
	peer.answer = say_ok;
	UK_EXPECT_EQ(xs_unwatch(&xs, &watch), 0);
	message(UK_XEN_STORE_EVENT, 0, "device/vif\0" "00000001", 20);
	(void)wait(&xs, false);
	UK_EXPECT_EQ(xs_take_events(&xs), 0);
	UK_EXPECT_NULL(xs_next_fired(&xs));
}

/* An event for each wait, and never anything else. */
static void flood(void)
{
	message(UK_XEN_STORE_EVENT, 0, "a\0" "00000001", 11);
}

static bool wait_flood(struct xs *x, bool first)
{
	if (!first) {
		peer.nout = peer.sent = 0;
		flood();
	}
	return wait(x, first);
}

UK_TEST(xen_store, a_store_that_sends_events_without_an_end_is_left)
{
	begin(NULL);
	xs.wait = wait_flood;
	flood();
	(void)wait(&xs, false);
	UK_EXPECT_EQ(xs_take_events(&xs), 0);
	UK_EXPECT_EQ(peer.patience, UINT32_MAX);
}

static unsigned int nwatches;

static void count_watches(void)
{
	nwatches += peer.msg.type == UK_XEN_STORE_WATCH;
	reply(peer.msg.type, "OK", 3);
}

static void refuse(void)
{
	reply(UK_XEN_STORE_ERROR, "ENOMEM", 7);
}

static void on_nothing(struct uk_xenstore_watch *watch)
{
	(void)watch;
}

UK_TEST(xen_store, a_new_domains_store_is_told_of_all_watches_which_have_fired)
{
	static struct uk_xenstore_watch a, b;

	a = (struct uk_xenstore_watch){ .path = "a", .fn = on_nothing };
	b = (struct uk_xenstore_watch){ .path = "b", .fn = on_nothing };
	begin(count_watches);
	UK_EXPECT_EQ(xs_watch(&xs, &a), 0);
	UK_EXPECT_EQ(xs_watch(&xs, &b), 0);
	while (xs_next_fired(&xs))
		;
	/* Its ring begins anew, and so does one that was out of step. */
	__builtin_memset(&ring, 0, sizeof(ring));
	peer.got = 0;
	xs.broken = true;
	nwatches = 0;
	UK_EXPECT_EQ(xs_wire_init(&xs, &ring), 0);
	UK_EXPECT_EQ(xs_connect_again(&xs), 0);
	UK_EXPECT_EQ(nwatches, 2);
	UK_EXPECT_NOT_NULL(xs_next_fired(&xs));
	UK_EXPECT_NOT_NULL(xs_next_fired(&xs));
	UK_EXPECT_NULL(xs_next_fired(&xs));
	/* One that takes none is an error, and no reason to ask for ever. */
	peer.answer = refuse;
	UK_EXPECT_EQ(xs_connect_again(&xs), -ENOMEM);
}
