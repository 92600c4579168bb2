/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A store in which another domain writes: support/tests/suites/xl.py plays it.
 * TURN says whose turn it is; a case gives it away, and waits to get it back.
 */
#include <uk/xenstore.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>

#define TURN	"data/turn"
#define COUNT	"data/count"
#define WATCHED	"data/watched"

/* Questions that wait for the other one, each of which lets it run. */
#define PATIENCE	5000u

static bool is(uint32_t tx, const char *path, const char *text)
{
	char buf[16];

	return uk_xenstore_read(tx, path, buf, sizeof(buf)) >= 0 &&
	       uk_strcmp(buf, text) == 0;
}

/* The other domain does @what, and then writes "mine". */
static bool have_done(const char *what)
{
	if (!UK_EXPECT_EQ(uk_xenstore_write(0, TURN, what), 0))
		return false;
	for (unsigned int i = 0; i < PATIENCE; i++)
		if (is(0, TURN, "mine"))
			return true;
	return false;
}

static unsigned int fired;

static void on_change(struct uk_xenstore_watch *watch)
{
	(void)watch;
	fired++;
}

UK_TEST(on_demand, store_watch_fires_when_another_domain_writes)
{
	static struct uk_xenstore_watch watch = {
		.path = WATCHED,
		.fn = on_change,
	};

	UK_EXPECT_EQ(uk_xenstore_watch(&watch), 0);
	UK_EXPECT(have_done("nothing"));
	UK_EXPECT_GE(uk_xenstore_poll(), 0);
	UK_EXPECT_EQ(fired, 1);
	UK_EXPECT(have_done("write"));
	UK_EXPECT_GE(uk_xenstore_poll(), 0);
	UK_EXPECT_EQ(fired, 2);
	UK_EXPECT(is(0, WATCHED, "by another"));
	UK_EXPECT_EQ(uk_xenstore_unwatch(&watch), 0);
	UK_EXPECT(have_done("write"));
	UK_EXPECT_EQ(uk_xenstore_poll(), 0);
	UK_EXPECT_EQ(fired, 2);
}

UK_TEST(on_demand, store_transaction_is_done_again_if_another_domain_was_faster)
{
	unsigned int again = 0;
	uint32_t tx = 0;
	bool ten;
	int rc;

	UK_EXPECT_EQ(uk_xenstore_write(0, COUNT, "1"), 0);
	do {
		if (!UK_EXPECT_EQ(uk_xenstore_begin(&tx), 0))
			return;
		ten = is(tx, COUNT, "10");
		if (again++ == 0)
			UK_EXPECT(have_done("count"));
		/* Still as it was in the beginning. */
		UK_EXPECT_EQ(is(tx, COUNT, "10"), ten);
		UK_EXPECT_EQ(uk_xenstore_write(tx, COUNT, ten ? "11" : "2"),
			     0);
		rc = uk_xenstore_commit(tx);
	} while (rc == -EAGAIN && again < 10);
	UK_EXPECT_EQ(rc, 0);
	UK_EXPECT_EQ(again, 2);
	UK_EXPECT(is(0, COUNT, "11"));
}

UK_TEST(on_demand, store_refuses_what_another_domain_keeps_for_itself)
{
	char buf[16];

	UK_EXPECT(have_done("keep"));
	UK_EXPECT_EQ(uk_xenstore_read(0, "data/kept", buf, sizeof(buf)),
		     -EACCES);
	UK_EXPECT_EQ(uk_xenstore_write(0, "data/kept", "x"), -EACCES);
	UK_EXPECT_EQ(uk_xenstore_write(0, "/tool/kiln", "x"), -EACCES);
	/* What is not there can be seen by who may see. */
	UK_EXPECT_EQ(uk_xenstore_list(0, "data/nosuch", buf, sizeof(buf)),
		     -ENOENT);
}
