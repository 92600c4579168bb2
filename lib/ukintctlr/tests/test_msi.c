/* SPDX-License-Identifier: BSD-3-Clause */
#include "fake.h"

static unsigned int a;

UK_TEST(intctlr_msi, a_block_is_aligned_to_its_size)
{
	unsigned int one, four, three;

	fake_begin();
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &one), 0);
	UK_EXPECT_EQ(one, FAKE_MSI_FIRST);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(2, 4, &four), 0);
	UK_EXPECT_EQ(four, 68);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(3, 3, &three), 0);
	UK_EXPECT_EQ(three, 72);
	fake_end();
}

UK_TEST(intctlr_msi, what_does_not_fit_is_refused_and_takes_nothing)
{
	unsigned int irq = 0;

	fake_begin();
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 0, &irq), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 2049, &irq), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, UINT32_MAX, &irq), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, FAKE_NMSIS + 1, &irq), -ENOSPC);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 2048, &irq), -ENOSPC);
	UK_EXPECT_EQ(irq, 0);

	/* From 66 to 89: one block of 16, from 72 two of 8. */
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 8, &irq), 0);
	UK_EXPECT_EQ(irq, 72);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(2, 8, &irq), 0);
	UK_EXPECT_EQ(irq, 80);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(3, 8, &irq), -ENOSPC);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(3, 4, &irq), 0);
	UK_EXPECT_EQ(irq, 68);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(4, 3, &irq), -ENOSPC);
	fake_end();
}

UK_TEST(intctlr_msi, a_device_takes_its_messages_at_once)
{
	unsigned int irq, again;

	fake_begin();
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(9, 2, &irq), 0);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(9, 2, &again), -EBUSY);
	uk_intctlr_msi_free(9, irq, 2);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(9, 2, &again), 0);
	UK_EXPECT_EQ(again, irq);
	fake_end();
}

UK_TEST(intctlr_msi, an_error_of_the_controller_gives_the_numbers_back)
{
	unsigned int irq;

	fake_begin();
	fake.msi_rc = -ENOMEM;
	for (unsigned int i = 0; i < 2 * FAKE_NMSIS; i++)
		UK_EXPECT_EQ(uk_intctlr_msi_alloc(i, 1, &irq), -ENOMEM);
	fake.msi_rc = 0;
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 8, &irq), 0);
	fake_end();
}

UK_TEST(intctlr_msi, a_message_that_is_taken_can_have_handlers)
{
	struct uk_msi_msg msg;
	unsigned int irq;

	a = 0;
	fake_begin();
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(FAKE_MSI_FIRST, fake_claims, &a,
					     "a"), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &irq), 0);
	uk_intctlr_msi_compose(irq, &msg);
	UK_EXPECT_EQ(msg.data, irq);
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, fake_claims, &a, "a"), 0);
	/* It was set up as a message, and not as a line. */
	UK_EXPECT_EQ(fake.setups[irq], 0);
	uk_intctlr_dispatch(irq);
	UK_EXPECT_EQ(a, 1);
	uk_intctlr_irq_unregister(irq, fake_claims, &a);
	uk_intctlr_msi_free(1, irq, 1);
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, fake_claims, &a, "a"),
		     -EINVAL);
	fake_end();
}

UK_TEST(intctlr_msi, a_controller_without_messages_says_so)
{
	static struct uk_intctlr_ops ops;
	unsigned int irq;

	fake_begin();
	ops = fake_ops;
	ops.msi_setup = NULL;
	fake_ic.ops = &ops;
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &irq), -ENOTSUP);
	fake_end();
}

UK_TEST(intctlr_msi, messages_are_not_to_be_had_before_the_controller)
{
	unsigned int irq;

	fake_begin_early();
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &irq), -EAGAIN);
	fake_end();
}
