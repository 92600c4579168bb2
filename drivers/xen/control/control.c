/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread that watches one node. It looks four times a second whether the
 * store has said something, which is a look at a page, without Xen; to be
 * interrupted for it would need a port that is the store's, for what comes once
 * in the life of a domain.
 *
 * Whoever else watches nodes may be called by this thread, too: that is how
 * uk_xenstore_poll() is.
 */
#include <stdbool.h>
#include <stddef.h>

#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/plat/terminate.h>
#include <uk/print.h>
#include <uk/sched.h>
#include <uk/thread.h>
#include <uk/xen_event.h>
#include <uk/xenstore.h>

#include "control_priv.h"

#define ORDER		"control/shutdown"
#define PERIOD_NS	UINT64_C(250000000)

/* The longest word there is has 8 letters. */
#define WORD_LEN	16

/* Others that are faster are few: who writes here writes once. */
#define TRIES		10

/*
 * It was ordered, and not done yet: by whoever is called for the watch, and
 * taken by the thread. Atomic; nothing is ordered by it.
 */
static bool to_suspend;

/* Put the word into @word, and an empty one in its place, which answers it. */
static int take_word(uint32_t tx, char *word)
{
	int rc = uk_xenstore_read(tx, ORDER, word, WORD_LEN);

	/* What is longer is no order, but answered like one. */
	if (rc == 0 || (rc < 0 && rc != -E2BIG))
		return rc;
	return uk_xenstore_write(tx, ORDER, "");
}

/* What was done in @tx counts if @rc says that it was good. */
static int finish(uint32_t tx, int rc)
{
	const int end = rc < 0 ? uk_xenstore_abort(tx) : uk_xenstore_commit(tx);

	return rc < 0 ? rc : end;
}

static int take(char *word)
{
	uint32_t tx;
	int rc = -EAGAIN;

	for (int i = 0; i < TRIES && rc == -EAGAIN; i++) {
		word[0] = '\0';
		rc = uk_xenstore_begin(&tx);
		if (rc < 0)
			return rc;
		rc = finish(tx, take_word(tx, word));
	}
	return rc;
}

static void on_change(struct uk_xenstore_watch *watch UK_UNUSED)
{
	char word[WORD_LEN];
	enum uk_end how;
	int rc = take(word);

	/* Some tools make the node when they need it. */
	if (rc < 0 && rc != -ENOENT)
		uk_pr_err(ORDER " cannot be read, error %d", -rc);
	if (rc < 0)
		return;
	rc = xen_control_order(word, &how);
	if (rc == XEN_CONTROL_SUSPEND)
		__atomic_store_n(&to_suspend, true, __ATOMIC_RELAXED);
	else if (rc == 0)
		(void)uk_event_raise(ukplat_end_asked, &how);
	else if (rc == -ENOTSUP)
		uk_pr_warn("the order \"%s\" is not for this image", word);
}

/*
 * Xen tells the boot CPU alone what has become of a suspend, so this thread
 * stays there. A suspend is not begun inside the store's call of a watch.
 */
static void listen(void *arg UK_UNUSED)
{
	const int rc = uk_thread_set_affinity(uk_thread_current(), 1);

	if (rc < 0 && rc != -ENOTSUP)
		uk_pr_err("the boot CPU runs no threads, error %d", -rc);
	while (uk_xenstore_poll() >= 0) {
		if (__atomic_exchange_n(&to_suspend, false,
					__ATOMIC_RELAXED) &&
		    !xen_control_suspend())
			__atomic_store_n(&to_suspend, true, __ATOMIC_RELAXED);
		uk_sched_thread_sleep(PERIOD_NS);
	}
	uk_pr_err("the store is lost: nothing can be ordered any more");
}

int xen_control_tell(void)
{
	static const char *const nodes[] = {
		"control/feature-poweroff",
		"control/feature-reboot",
		/* The last one. */
		"control/feature-suspend",
	};
	const size_t n = UK_ARRAY_SIZE(nodes) -
			 !UK_IS_ENABLED(CONFIG_LIBXEN_CORE_SUSPEND);
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = uk_xenstore_write(UK_XENSTORE_NO_TX, nodes[i], "1");
	return rc;
}

static int begin(void)
{
	static struct uk_xenstore_watch watch = {
		.path = ORDER,
		.fn = on_change,
	};
	int rc = uk_xen_events_start();

	if (rc == 0)
		rc = uk_xenstore_watch(&watch);
	if (rc == 0)
		rc = xen_control_tell();
	if (rc == 0 && !uk_sched_thread_create(uk_sched_current(), listen,
					       NULL, "xen-control"))
		rc = -ENOMEM;
	return rc;
}

static int control_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	int rc = uk_xenstore_start();

	if (rc < 0)
		return 0;
	rc = begin();
	if (rc < 0)
		uk_pr_warn("nothing can be ordered by the tools, error %d",
			   -rc);
	return 0;
}

UK_INIT(LATE, control_init, NULL);
