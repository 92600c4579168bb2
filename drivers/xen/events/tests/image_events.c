/* SPDX-License-Identifier: BSD-3-Clause */
/* Event channels of a real Xen: two ends of one, both ours. */
#include <uk/xen_event.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/test.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>

#define MANY		200u

static struct {
	volatile unsigned int n;
	volatile unsigned int port;
} seen;

static void note(unsigned int port, void *arg)
{
	(void)arg;
	seen.port = port;
	seen.n++;
}

/* Returns whether there are two ends, @near and @far, now. */
static bool connect(unsigned int *near, unsigned int *far)
{
	seen.n = 0;
	return UK_EXPECT_EQ(uk_xen_event_offer(UK_XEN_DOMID_SELF, note, NULL,
					       near), 0) &&
	       UK_EXPECT_EQ(uk_xen_event_connect(UK_XEN_DOMID_SELF, *near,
						 note, NULL, far), 0);
}

#define NEED_XEN()							\
	do {								\
		if (!uk_xen_is_here())					\
			UK_TEST_SKIP("this machine is no domain of "	\
				     "Xen");				\
	} while (0)

/* Connected, with interrupts off, and what Xen told of that is over. */
static bool begin(unsigned int *near, unsigned int *far, unsigned long *irqs)
{
	if (!connect(near, far))
		return false;
	*irqs = ukarch_irq_save();
	uk_xen_event_unmask(*near);
	ukarch_irq_enable();
	ukarch_irq_disable();
	return true;
}

UK_TEST(xen_events_machine, an_event_comes_at_the_other_end)
{
	unsigned int near, far;
	unsigned long irqs;

	NEED_XEN();
	if (!begin(&near, &far, &irqs))
		return;
	seen.n = 0;
	for (unsigned int i = 1; i <= MANY; i++) {
		UK_EXPECT_EQ(uk_xen_event_send(far), 0);
		UK_EXPECT(uk_test_irq_comes(&seen.n, i));
	}
	UK_EXPECT_EQ(seen.port, near);
	ukarch_irq_restore(irqs);
	uk_xen_event_close(far);
	uk_xen_event_close(near);
}

UK_TEST(xen_events_machine, what_comes_while_it_is_masked_comes_once_after)
{
	unsigned int near, far;
	unsigned long irqs;

	NEED_XEN();
	if (!begin(&near, &far, &irqs))
		return;
	uk_xen_event_mask(near);
	seen.n = 0;
	for (unsigned int i = 0; i < 5; i++)
		UK_EXPECT_EQ(uk_xen_event_send(far), 0);
	ukarch_irq_enable();
	ukarch_irq_disable();
	UK_EXPECT_EQ(seen.n, 0);
	uk_xen_event_unmask(near);
	UK_EXPECT(uk_test_irq_comes(&seen.n, 1));
	UK_EXPECT_EQ(seen.n, 1);
	ukarch_irq_restore(irqs);
	uk_xen_event_close(near);
	uk_xen_event_close(far);
}

UK_TEST(xen_events_machine, who_sends_to_a_closed_end_is_told)
{
	unsigned int near, far, other;

	NEED_XEN();
	if (!connect(&near, &far))
		return;
	uk_xen_event_close(near);
	/* It waits for another one to connect, as an offer does. */
	UK_EXPECT_EQ(uk_xen_event_send(far), 0);
	uk_xen_event_close(far);
	UK_EXPECT_LT(uk_xen_event_send(far), 0);
	UK_EXPECT_LT(uk_xen_event_connect(UK_XEN_DOMID_SELF, far, note, NULL,
					  &other), 0);
	UK_EXPECT_LT(uk_xen_event_bind_virq(12345, note, NULL, &other), 0);
}

UK_TEST(xen_events_machine, ports_that_were_closed_can_be_had_again)
{
	unsigned int near, far, first;

	NEED_XEN();
	if (!connect(&near, &far))
		return;
	first = near;
	for (unsigned int i = 0; i < MANY; i++) {
		uk_xen_event_close(near);
		uk_xen_event_close(far);
		if (!connect(&near, &far))
			return;
		UK_EXPECT_EQ(near, first);
	}
	uk_xen_event_close(near);
	uk_xen_event_close(far);
}
