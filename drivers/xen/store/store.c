/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What can be asked of a store, and the store of this domain: its page and port
 * are parameters of the domain. One call is under way at a time; others give
 * the CPU away until it is over, in which a store of another domain may need it
 * too. No event is waited for, so it works before interrupts do.
 */
#include "store_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/paging.h>
#include <uk/preempt.h>
#include <uk/print.h>
#include <uk/string.h>
#include <uk/xen.h>

/* Ten seconds of a counter whose rate may not be told. */
#define HZ_GUESS	UINT64_C(4000000000)
#define PATIENCE_S	10u

static struct {
	struct xs xs;		/* guarded by @busy */
	uint32_t busy;
	uint32_t port;
	uint64_t since;		/* the beginning of the request */
	bool tried;		/* guarded by @busy, as are ... */
	int error;
	uint32_t nopen;		/* transactions under way */
	/* What uk_xenstore_poll() calls right now, and for whom; or NULL. */
	const struct uk_xenstore_watch *called;
	const struct uk_current *caller;
} st;

static struct xs_piece path_piece(const char *path)
{
	return (struct xs_piece){ path, uk_strlen(path) + 1 };
}

static int check_path(const char *path)
{
	const size_t len = uk_strnlen(path, UK_XEN_STORE_PATH_MAX);

	return len == 0 || len == UK_XEN_STORE_PATH_MAX ? -EINVAL : 0;
}

int xs_read(struct xs *xs, uint32_t tx, const char *path, char *buf,
	    size_t size)
{
	const struct xs_piece piece = path_piece(path);
	int len = check_path(path);

	if (len < 0)
		return len;
	buf[0] = '\0';
	len = xs_ask(xs, UK_XEN_STORE_READ, tx, &piece, 1, buf, size - 1);
	if (len < 0)
		return len;
	buf[UK_MIN((size_t)len, size - 1)] = '\0';
	if ((size_t)len > size - 1)
		return -E2BIG;
	return uk_strlen(buf) == (size_t)len ? len : -EILSEQ;
}

/* Leave whole names, and room for the empty one behind them. */
static void cut(char *buf, size_t size)
{
	size_t at = size - 1;

	while (at > 0 && buf[at - 1])
		at--;
	buf[at] = '\0';
}

int xs_list(struct xs *xs, uint32_t tx, const char *path, char *buf,
	    size_t size)
{
	const struct xs_piece piece = path_piece(path);
	int len = check_path(path);

	if (len < 0)
		return len;
	/* The store may say -E2BIG of itself. */
	buf[0] = '\0';
	len = xs_ask(xs, UK_XEN_STORE_DIRECTORY, tx, &piece, 1, buf, size);
	if (len < 0)
		return len;
	if ((size_t)len > size) {
		cut(buf, size);
		return -E2BIG;
	}
	/* The last name must end. */
	return len > 0 && buf[len - 1] ? -EPROTO : len;
}

int xs_write(struct xs *xs, uint32_t tx, const char *path, const char *text)
{
	const struct xs_piece pieces[] = {
		path_piece(path),
		{ text, uk_strlen(text) },
	};
	int rc = check_path(path);

	if (rc == 0)
		rc = xs_ask(xs, UK_XEN_STORE_WRITE, tx, pieces, 2, NULL, 0);
	return rc < 0 ? rc : 0;
}

int xs_remove(struct xs *xs, uint32_t tx, const char *path)
{
	const struct xs_piece piece = path_piece(path);
	int rc = check_path(path);

	if (rc == 0)
		rc = xs_ask(xs, UK_XEN_STORE_RM, tx, &piece, 1, NULL, 0);
	return rc < 0 ? rc : 0;
}

/* A number that is one, and not 0, which is no transaction. */
static int parse_tx(const char *text, uint32_t *tx)
{
	uint64_t val = 0;

	for (; *text >= '0' && *text <= '9' && val <= UINT32_MAX; text++)
		val = val * 10 + (uint64_t)(*text - '0');
	if (*text || val == 0 || val > UINT32_MAX)
		return -EPROTO;
	*tx = (uint32_t)val;
	return 0;
}

int xs_begin(struct xs *xs, uint32_t *tx)
{
	const struct xs_piece piece = { "", 1 };
	char text[16] = "";
	const int len = xs_ask(xs, UK_XEN_STORE_BEGIN, UK_XENSTORE_NO_TX,
			       &piece, 1, text, sizeof(text) - 1);

	if (len < 0)
		return len;
	return len < (int)sizeof(text) ? parse_tx(text, tx) : -EPROTO;
}

int xs_end(struct xs *xs, uint32_t tx, bool commit)
{
	const struct xs_piece piece = { commit ? "T" : "F", 2 };
	const int rc = xs_ask(xs, UK_XEN_STORE_END, tx, &piece, 1, NULL, 0);

	return rc < 0 ? rc : 0;
}

static void give_away(void)
{
	(void)uk_xen_order(UK_XEN_SCHED_OP, UK_XEN_SCHED_YIELD, NULL);
	ukarch_spin_wait();
}

static void tell(struct xs *xs UK_UNUSED)
{
	const struct uk_xen_port port = { .port = st.port };

	(void)uk_xen_order(UK_XEN_EVENT_CHANNEL_OP, UK_XEN_EVENT_SEND, &port);
}

static bool wait(struct xs *xs UK_UNUSED, bool first)
{
	uint64_t hz;

	if (first) {
		st.since = ukarch_ticks();
		return true;
	}
	give_away();
	hz = ukarch_ticks_hz();
	return ukarch_ticks() - st.since < PATIENCE_S * (hz ? hz : HZ_GUESS);
}

/* Where the store's page is, which is mapped, and its port; or -ENODEV. */
static int find(void)
{
	uint64_t frame, port;

	if (uk_xen_param_get(UK_XEN_PARAM_STORE_FRAME, &frame) < 0 ||
	    uk_xen_param_get(UK_XEN_PARAM_STORE_PORT, &port) < 0 ||
	    frame == 0 || port == 0)
		return -ENODEV;
	if (frame > UINT64_MAX / UKARCH_PAGE_SIZE || port >= UK_XEN_NPORTS ||
	    uk_paging_map_linear(frame * UKARCH_PAGE_SIZE, UKARCH_PAGE_SIZE,
				 UK_PAGE_READ | UK_PAGE_WRITE) < 0 ||
	    xs_wire_init(&st.xs, uk_phys_to_virt(frame *
						 UKARCH_PAGE_SIZE)) < 0) {
		uk_pr_err("the store cannot be used: frame %#lx, port %lu",
			  frame, port);
		return -ENODEV;
	}
	st.port = (uint32_t)port;
	return 0;
}

/* @busy is held. */
static int start(void)
{
	const int rc = uk_xen_is_here() ? find() : -ENODEV;

	st.xs.tell = tell;
	st.xs.wait = wait;
	return rc;
}

static void unlock(void)
{
	__atomic_store_n(&st.busy, 0, __ATOMIC_RELEASE);
	uk_preempt_enable();
}

/*
 * Who holds it keeps its CPU: a more urgent thread that waited there would wait
 * for ever. Who waits does not.
 */
static void hold(void)
{
	uk_preempt_disable();
	while (__atomic_exchange_n(&st.busy, 1, __ATOMIC_ACQUIRE)) {
		uk_preempt_enable();
		give_away();
		uk_preempt_disable();
	}
}

/* Returns 0 and holds @busy, or an error. */
static int lock(void)
{
	hold();
	if (!st.tried)
		st.error = start();
	st.tried = true;
	if (st.error < 0)
		unlock();
	return st.error;
}

/* Do @call between lock and unlock. */
#define LOCKED(call)							\
	do {								\
		int rc_ = lock();					\
									\
		if (rc_ == 0) {						\
			rc_ = (call);					\
			unlock();					\
		}							\
		return rc_;						\
	} while (0)

int uk_xenstore_start(void)
{
	LOCKED(0);
}

int uk_xenstore_read(uint32_t tx, const char *path, char *buf, size_t size)
{
	LOCKED(xs_read(&st.xs, tx, path, buf, size));
}

int uk_xenstore_list(uint32_t tx, const char *path, char *buf, size_t size)
{
	LOCKED(xs_list(&st.xs, tx, path, buf, size));
}

int uk_xenstore_write(uint32_t tx, const char *path, const char *text)
{
	LOCKED(xs_write(&st.xs, tx, path, text));
}

int uk_xenstore_remove(uint32_t tx, const char *path)
{
	LOCKED(xs_remove(&st.xs, tx, path));
}

static int begin(uint32_t *tx)
{
	const int rc = xs_begin(&st.xs, tx);

	st.nopen += rc == 0;
	return rc;
}

/* Whatever becomes of it, its owner is done with it. */
static int end(uint32_t tx, bool commit)
{
	st.nopen -= st.nopen > 0;
	return xs_end(&st.xs, tx, commit);
}

int uk_xenstore_begin(uint32_t *tx)
{
	LOCKED(begin(tx));
}

int uk_xenstore_commit(uint32_t tx)
{
	LOCKED(end(tx, true));
}

int uk_xenstore_abort(uint32_t tx)
{
	LOCKED(end(tx, false));
}

int uk_xenstore_watch(struct uk_xenstore_watch *watch)
{
	LOCKED(xs_watch(&st.xs, watch));
}

/* Its function may end it; anybody else waits until that is over. */
int uk_xenstore_unwatch(struct uk_xenstore_watch *watch)
{
	int rc = lock();

	if (rc < 0)
		return rc;
	rc = xs_unwatch(&st.xs, watch);
	while (st.called == watch && st.caller != ukarch_current()) {
		unlock();
		give_away();
		hold();
	}
	unlock();
	return rc;
}

/* Call the function of @watch, for which @busy is given up. */
static void call_fn(struct uk_xenstore_watch *watch)
{
	st.called = watch;
	st.caller = ukarch_current();
	unlock();
	watch->fn(watch);
	hold();
	st.called = NULL;
}

int uk_xenstore_poll(void)
{
	struct uk_xenstore_watch *watch;
	int n = 0;
	int rc = lock();

	if (rc < 0)
		return rc;
	/* Somebody is at it, or this is one of the functions. */
	if (st.called) {
		unlock();
		return 0;
	}
	rc = xs_take_events(&st.xs);
	/* As many as there may be: one that fires itself is for the next. */
	for (uint32_t left = st.xs.last_token; left > 0; left--) {
		watch = xs_next_fired(&st.xs);
		if (!watch)
			break;
		call_fn(watch);
		n++;
	}
	unlock();
	return rc < 0 ? rc : n;
}

int xs_freeze(void)
{
	int rc = lock();

	/* Who has no store has nothing to lose. */
	if (rc < 0) {
		hold();
		return 0;
	}
	if (st.nopen) {
		unlock();
		return -EBUSY;
	}
	return 0;
}

void xs_thaw(bool same)
{
	int rc = 0;

	if (!same && st.error == 0) {
		rc = find();
		if (rc == 0)
			rc = xs_connect_again(&st.xs);
		if (rc < 0)
			uk_pr_err("the store of the new domain cannot be "
				  "used, error %d", -rc);
		st.xs.broken |= rc < 0;
	}
	unlock();
}
