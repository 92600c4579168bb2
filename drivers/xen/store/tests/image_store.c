/* SPDX-License-Identifier: BSD-3-Clause */
/* The store of a domain beside Xen's first one; there is none elsewhere. */
#include <uk/xenstore.h>

#include <stddef.h>

#include <uk/errno.h>
#include <uk/test.h>

#define PATH	"data/kiln"

#define NEED_STORE()							\
	do {								\
		if (uk_xenstore_start() < 0)				\
			UK_TEST_SKIP("this machine has no store");	\
	} while (0)

UK_TEST(xen_store_machine, what_is_written_is_read_and_listed)
{
	char buf[64];

	NEED_STORE();
	UK_EXPECT_GT(uk_xenstore_read(0, "domid", buf, sizeof(buf)), 0);
	UK_EXPECT_EQ(uk_xenstore_read(0, "nosuch", buf, sizeof(buf)), -ENOENT);
	UK_EXPECT_EQ(uk_xenstore_write(0, PATH "/a", "one"), 0);
	UK_EXPECT_EQ(uk_xenstore_write(0, PATH "/b", ""), 0);
	UK_EXPECT_EQ(uk_xenstore_read(0, PATH "/a", buf, sizeof(buf)), 3);
	UK_EXPECT_STR_EQ(buf, "one");
	UK_EXPECT_EQ(uk_xenstore_read(0, PATH "/b", buf, sizeof(buf)), 0);
	UK_EXPECT_EQ(uk_xenstore_list(0, PATH, buf, sizeof(buf)), 4);
	UK_EXPECT_MEM_EQ(buf, "a\0b\0", 4);
	UK_EXPECT_EQ(uk_xenstore_remove(0, PATH), 0);
	UK_EXPECT_EQ(uk_xenstore_list(0, PATH, buf, sizeof(buf)), -ENOENT);
	/* What is not this domain's. */
	UK_EXPECT_EQ(uk_xenstore_write(0, "/tool/kiln", "x"), -EACCES);
}

UK_TEST(xen_store_machine, a_transaction_is_one_moment)
{
	uint32_t tx = 0, other = 0;
	char buf[16];

	NEED_STORE();
	if (!UK_EXPECT_EQ(uk_xenstore_begin(&tx), 0))
		return;
	UK_EXPECT_EQ(uk_xenstore_write(tx, PATH, "inside"), 0);
	UK_EXPECT_EQ(uk_xenstore_read(0, PATH, buf, sizeof(buf)), -ENOENT);
	UK_EXPECT_EQ(uk_xenstore_commit(tx), 0);
	UK_EXPECT_EQ(uk_xenstore_read(0, PATH, buf, sizeof(buf)), 6);

	UK_EXPECT_EQ(uk_xenstore_begin(&tx), 0);
	UK_EXPECT_EQ(uk_xenstore_write(tx, PATH, "gone"), 0);
	UK_EXPECT_EQ(uk_xenstore_abort(tx), 0);
	UK_EXPECT_EQ(uk_xenstore_read(0, PATH, buf, sizeof(buf)), 6);

	/* Another one is faster. */
	UK_EXPECT_EQ(uk_xenstore_begin(&tx), 0);
	UK_EXPECT_EQ(uk_xenstore_read(tx, PATH, buf, sizeof(buf)), 6);
	UK_EXPECT_EQ(uk_xenstore_begin(&other), 0);
	UK_EXPECT_EQ(uk_xenstore_write(other, PATH, "other"), 0);
	UK_EXPECT_EQ(uk_xenstore_commit(other), 0);
	UK_EXPECT_EQ(uk_xenstore_write(tx, PATH, "late"), 0);
	UK_EXPECT_EQ(uk_xenstore_commit(tx), -EAGAIN);
	UK_EXPECT_EQ(uk_xenstore_read(0, PATH, buf, sizeof(buf)), 5);
	UK_EXPECT_EQ(uk_xenstore_remove(0, PATH), 0);
}

static unsigned int fired;

static void on_change(struct uk_xenstore_watch *watch)
{
	(void)watch;
	fired++;
}

/* Polls until the watch has fired @n times. */
static bool fires(unsigned int n)
{
	char buf[8];

	for (unsigned int i = 0; i < 100 && fired < n; i++) {
		UK_EXPECT_GE(uk_xenstore_poll(), 0);
		UK_EXPECT_GT(uk_xenstore_read(0, "domid", buf, sizeof(buf)), 0);
	}
	return fired == n;
}

UK_TEST(xen_store_machine, a_watch_is_told_of_what_changes_below_it)
{
	static struct uk_xenstore_watch watch = {
		.path = PATH,
		.fn = on_change,
	};

	NEED_STORE();
	fired = 0;
	UK_EXPECT_EQ(uk_xenstore_watch(&watch), 0);
	UK_EXPECT(fires(1));
	UK_EXPECT_EQ(uk_xenstore_write(0, PATH "/below", "x"), 0);
	UK_EXPECT(fires(2));
	UK_EXPECT_EQ(uk_xenstore_unwatch(&watch), 0);
	UK_EXPECT_EQ(uk_xenstore_remove(0, PATH), 0);
	UK_EXPECT(fires(2));
}
