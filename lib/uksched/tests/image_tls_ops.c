/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The control block of a libc in each thread: the tests' own here, registered
 * at boot as a libc's glue does it. So every thread of the image has one.
 */
#include <uk/tls_ops.h>

#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/tls.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK	8192
#define MARK	UINT64_C(0x6b696c6e2d746362)

struct tcb {
	uintptr_t self;		/* x86_64: not the libc's */
	struct uk_thread *thread;
	uint64_t mark;
	uint8_t rest[205];	/* an odd length */
};

/* Of the threads of these cases: others may begin and end meanwhile. */
static const char own_name[] = "tcb";

static struct {
	struct uk_thread *first;	/* that was told of */
	struct uk_thread *last;
	struct uk_thread *undone;
	struct tcb *tcb;		/* of the last */
	unsigned int ninits, nfinis;
	unsigned int nwrong;
	int fail;			/* with this, once */
} x;

static int tcb_init(struct uk_thread *t, void *block)
{
	struct tcb *const tcb = block;
	const int rc = t->cur.name == own_name ? x.fail : 0;

	for (size_t i = 0; i < sizeof(tcb->rest); i++)
		x.nwrong += tcb->rest[i] != 0;
	x.nwrong += tcb->thread != NULL || tcb->mark != 0;
	x.nwrong += (uintptr_t)tcb % 16 != 0;
	if (rc < 0) {
		x.fail = 0;
		return rc;
	}
	if (!x.first)
		x.first = t;
	tcb->thread = t;
	tcb->mark = MARK;
	if (t->cur.name != own_name)
		return 0;
	x.last = t;
	x.tcb = tcb;
	x.ninits++;
	return 0;
}

static void tcb_fini(struct uk_thread *t, void *block)
{
	struct tcb *const tcb = block;

	x.nwrong += tcb->thread != t || tcb->mark != MARK;
	tcb->mark = 0;
	if (t->cur.name != own_name)
		return;
	x.undone = t;
	x.nfinis++;
}

static const struct uk_tls_ops ops = {
	.size = sizeof(struct tcb),
	.align = 16,
	.init = tcb_init,
	.fini = tcb_fini,
};

static int register_ops(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	return uk_tls_ops_register(&ops);
}

UK_INIT(EARLY, register_ops, NULL);

static void nothing(void *arg UK_UNUSED)
{
}

static struct uk_thread *make(struct uk_alloc *a_uktls)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	return uk_thread_create_fn1(a, nothing, NULL, a, STACK, NULL, 0,
				    a_uktls, true, own_name, NULL, NULL);
}

UK_TEST(tls_ops, main_is_the_first_that_gets_a_control_block)
{
	UK_EXPECT_NOT_NULL(x.first);
	UK_EXPECT_STR_EQ(x.first->cur.name, "main");
}

UK_TEST(tls_ops, a_thread_has_one_from_its_creation_until_it_is_freed)
{
	const unsigned int ninits = x.ninits, nfinis = x.nfinis;
	struct uk_thread *const t = make(uk_alloc_get_default());

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT_EQ(x.ninits, ninits + 1);
	UK_EXPECT(x.last == t);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_thread_join(t);
	UK_EXPECT_EQ(x.nfinis, nfinis + 1);
	UK_EXPECT(x.undone == t);
	UK_EXPECT_EQ(x.nwrong, 0);
}

UK_TEST(tls_ops, threads_without_local_storage_have_none)
{
	const unsigned int ninits = x.ninits, nfinis = x.nfinis;
	struct uk_thread *const t = make(NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	uk_thread_release(t);
	UK_EXPECT_EQ(x.ninits, ninits);
	UK_EXPECT_EQ(x.nfinis, nfinis);
}

UK_TEST(tls_ops, one_that_cannot_be_filled_makes_no_thread)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = make(a);
	unsigned int nfinis;
	long before;

	/* The heap may not take back what aligned a first one. */
	if (UK_EXPECT_NOT_NULL(t))
		uk_thread_release(t);
	before = uk_alloc_availmem(a);
	nfinis = x.nfinis;

	x.fail = -EAGAIN;
	UK_EXPECT_NULL(make(a));
	UK_EXPECT_EQ(x.fail, 0);
	UK_EXPECT_EQ(x.nfinis, nfinis);
	UK_EXPECT_EQ(uk_alloc_availmem(a), before);
}

static __thread int in_area = 5;
static int seen;

UK_NORETURN static void look_at_area(void)
{
	seen = UK_READ_ONCE(in_area);
	in_area = 7;
	uk_thread_exit();
}

UK_TEST(tls_ops, an_area_that_somebody_brings_stays_his)
{
	static char stack[STACK] UK_ALIGNED(16);
	const size_t tcb = UK_ALIGN_UP(sizeof(struct tcb), (size_t)16);
	struct uk_alloc *const a = uk_alloc_get_default();
	void *const area = uk_memalign(a, ukarch_tls_align(),
				       ukarch_tls_size(tcb));
	const unsigned int ninits = x.ninits, nfinis = x.nfinis;
	struct uk_thread *t;

	if (!UK_EXPECT_NOT_NULL(area))
		return;
	t = uk_thread_create_bare(a, (uintptr_t)look_at_area,
				  (uintptr_t)stack + STACK, 0,
				  ukarch_tls_init(area, tcb), true, true,
				  own_name, NULL, NULL);
	if (UK_EXPECT_NOT_NULL(t)) {
		uk_thread_uktls_var(t, in_area) = 6;
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
		uk_thread_join(t);
	}
	UK_EXPECT_EQ(seen, 6);
	UK_EXPECT_EQ(in_area, 5);
	UK_EXPECT_EQ(x.ninits, ninits);
	UK_EXPECT_EQ(x.nfinis, nfinis);
	uk_free(a, area);
}

UK_TEST(tls_ops, there_is_one_libc_in_an_image)
{
	UK_EXPECT_EQ(uk_tls_ops_register(&ops), -EBUSY);
}
