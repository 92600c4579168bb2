/* SPDX-License-Identifier: BSD-3-Clause */
/* Registration, sharing and masks, over a controller that does nothing. */
#include "fake.h"

#define LINE	40u

static unsigned int a, b;

static void begin(void)
{
	a = 0;
	b = 0;
	fake_begin();
}

UK_TEST(intctlr, a_handler_is_called_with_its_number_and_argument)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	UK_EXPECT(fake.open[LINE]);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT_EQ(a, 1);
	uk_intctlr_dispatch(LINE + 1);
	UK_EXPECT_EQ(a, 1);
	fake_end();
}

UK_TEST(intctlr, nothing_is_started_before_somebody_asks)
{
	begin();
	UK_EXPECT_EQ(fake.starts, 0);
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT_EQ(fake.starts, 1);
	fake_end();
}

UK_TEST(intctlr, what_is_registered_early_is_opened_when_the_stage_comes)
{
	a = 0;
	fake_begin_early();
	UK_EXPECT_EQ(uk_intctlr_start(), -EAGAIN);
	UK_EXPECT_EQ(uk_intctlr_irq_configure(LINE, UK_IRQ_LEVEL_LOW), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	UK_EXPECT_EQ(uk_intctlr_local_register(16, fake_claims, &a, "l"), 0);
	UK_EXPECT_EQ(uk_intctlr_ipi_register(UK_IPI_CALL, fake_claims, &a,
					     "i"), 0);
	UK_EXPECT_EQ(fake.starts, 0);
	UK_EXPECT(!fake.open[LINE]);

	fake_stage_cpu();
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT(fake.open[LINE]);
	UK_EXPECT(fake.open[UK_IPI_CALL]);
	UK_EXPECT(!fake.open[16]);
	UK_EXPECT_EQ(fake.trigger[LINE], UK_IRQ_LEVEL_LOW);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT_EQ(a, 1);
	fake_end();
}

UK_TEST(intctlr, early_masks_hold_when_the_stage_comes)
{
	fake_begin_early();
	uk_intctlr_irq_mask(LINE);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	fake_stage_cpu();
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT(!fake.open[LINE]);
	uk_intctlr_irq_unmask(LINE);
	UK_EXPECT(fake.open[LINE]);
	fake_end();
}

UK_TEST(intctlr, an_early_line_that_the_controller_lacks_stays_closed)
{
	fake_begin_early();
	UK_EXPECT_EQ(uk_intctlr_irq_register(FAKE_NIRQS, fake_claims, &a, "a"),
		     0);
	fake_stage_cpu();
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT(!fake.open[FAKE_NIRQS]);
	fake_end();
}

UK_TEST(intctlr, without_a_controller_registration_says_so)
{
	begin();
	fake.start_rc = -ENODEV;
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"),
		     -ENODEV);
	UK_EXPECT_EQ(uk_intctlr_local_register(16, fake_claims, &a, "a"),
		     -ENODEV);
	UK_EXPECT_EQ(uk_intctlr_start(), -ENODEV);
	UK_EXPECT_EQ(fake.starts, 1);
	fake_end();
}

static int second_starts;

static int start_second(const struct uk_bootinfo *bi)
{
	second_starts++;
	return fake_start(bi);
}

UK_TEST(intctlr, the_next_driver_is_asked_if_the_first_finds_nothing)
{
	static struct uk_intctlr_ops ops;
	static struct uk_intctlr low, high;

	begin();
	second_starts = 0;
	ops = fake_ops;
	ops.start = start_second;
	fake.start_rc = 0;
	low = (struct uk_intctlr){ .name = "low", .ops = &fake_ops };
	high = (struct uk_intctlr){ .name = "high", .ops = &ops, .rank = 9 };
	uk_intctlr_offer(&low);
	uk_intctlr_offer(&high);
	fake.start_rc = -ENODEV;
	UK_EXPECT_EQ(uk_intctlr_start(), -ENODEV);
	UK_EXPECT_EQ(second_starts, 1);
	UK_EXPECT_EQ(fake.starts, 3);
	fake_end();
}

UK_TEST(intctlr, all_handlers_of_a_shared_line_are_called)
{
	struct uk_intctlr_stat stat;

	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_declines, &a, "a"), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &b, "b"), 0);
	UK_EXPECT_EQ(fake.setups[LINE], 1);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT_EQ(a, 1);
	UK_EXPECT_EQ(b, 1);

	UK_EXPECT_EQ(uk_intctlr_stat(LINE, &stat), 0);
	UK_EXPECT_STR_EQ(stat.name, "a");
	UK_EXPECT_EQ(stat.count, 1);
	UK_EXPECT_EQ(stat.unclaimed, 0);

	uk_intctlr_irq_unregister(LINE, fake_declines, &a);
	UK_EXPECT(fake.open[LINE]);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT_EQ(a, 1);
	UK_EXPECT_EQ(b, 2);
	uk_intctlr_irq_unregister(LINE, fake_claims, &b);
	UK_EXPECT(!fake.open[LINE]);
	fake_end();
}

UK_TEST(intctlr, a_claimed_interrupt_reaches_the_other_handlers_too)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &b, "b"), 0);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT_EQ(a, 1);
	UK_EXPECT_EQ(b, 1);
	fake_end();
}

UK_TEST(intctlr, slots_run_out_by_name_and_come_back)
{
	const unsigned int n = CONFIG_LIBUKINTCTLR_NSLOTS;

	begin();
	for (unsigned int i = 0; i < n; i++)
		UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a,
						     "a"), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &b, "b"),
		     -ENOMEM);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT_EQ(a, n);
	UK_EXPECT_EQ(b, 0);

	uk_intctlr_irq_unregister(LINE, fake_claims, &a);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &b, "b"), 0);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT_EQ(a, 2 * n - 1);
	UK_EXPECT_EQ(b, 1);
	fake_end();
}

UK_TEST(intctlr, a_line_that_cannot_be_set_up_takes_no_slot)
{
	begin();
	fake.setup_rc = -ENOSPC;
	for (unsigned int i = 0; i <= CONFIG_LIBUKINTCTLR_NSLOTS; i++)
		UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a,
						     "a"), -ENOSPC);
	UK_EXPECT(!fake.open[LINE]);
	fake.setup_rc = 0;
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	fake_end();
}

UK_TEST(intctlr, numbers_that_are_no_line_are_refused)
{
	static const unsigned int bad[] = {
		0, 16, 31, FAKE_NIRQS, FAKE_MSI_FIRST, UK_IRQ_MAX,
		UK_IRQ_MAX + 1, 0x80000000, UINT32_MAX,
	};

	begin();
	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		UK_EXPECT_EQ(uk_intctlr_irq_register(bad[i], fake_claims, &a,
						     "a"), -EINVAL);
		UK_EXPECT_EQ(uk_intctlr_irq_configure(bad[i],
						      UK_IRQ_EDGE_RISING),
			     -EINVAL);
		UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(bad[i], 0), -EINVAL);
	}
	fake_end();
}

UK_TEST(intctlr, an_interrupt_of_no_known_number_is_counted_as_spurious)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	uk_intctlr_dispatch(UINT32_MAX);
	uk_intctlr_dispatch(UK_IRQ_MAX);
	uk_intctlr_dispatch(17);
	uk_intctlr_unknown();
	UK_EXPECT_EQ(uk_intctlr_spurious(), 4);
	fake_end();
}

UK_TEST(intctlr, masks_nest)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	uk_intctlr_irq_mask(LINE);
	uk_intctlr_irq_mask(LINE);
	UK_EXPECT(!fake.open[LINE]);
	uk_intctlr_irq_unmask(LINE);
	UK_EXPECT(!fake.open[LINE]);
	uk_intctlr_irq_unmask(LINE);
	UK_EXPECT(fake.open[LINE]);
	fake_end();
}

UK_TEST(intctlr, masks_nest_255_deep)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	for (unsigned int i = 0; i < 255; i++)
		uk_intctlr_irq_mask(LINE);
	for (unsigned int i = 0; i < 255; i++) {
		UK_EXPECT(!fake.open[LINE]);
		uk_intctlr_irq_unmask(LINE);
	}
	UK_EXPECT(fake.open[LINE]);
	fake_end();
}

UK_TEST(intctlr, what_a_controller_cannot_do_is_refused_by_name)
{
	static struct uk_intctlr_ops ops;
	struct uk_intctlr_stat stat;

	begin();
	ops = fake_ops;
	ops.set_cpu = NULL;
	fake_ic.ops = &ops;
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(LINE, uk_this_cpu(uk_cpu).hwid),
		     -ENOTSUP);

	fake.setup_rc = -ENOTSUP;
	UK_EXPECT_EQ(uk_intctlr_irq_configure(LINE, UK_IRQ_EDGE_FALLING),
		     -ENOTSUP);
	/* And the line is as it was. */
	fake.setup_rc = 0;
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	UK_EXPECT_EQ(fake.trigger[LINE], UK_IRQ_TRIGGER_DEFAULT);
	UK_EXPECT_EQ(uk_intctlr_stat(LINE, &stat), 0);
	UK_EXPECT_STR_EQ(stat.name, "a");
	fake_end();
}

UK_TEST(intctlr, without_a_controller_every_question_says_so)
{
	unsigned int irq = 7;

	begin();
	fake.start_rc = -ENODEV;
	UK_EXPECT_EQ(uk_intctlr_irq_configure(LINE, UK_IRQ_EDGE_RISING),
		     -ENODEV);
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(LINE, uk_this_cpu(uk_cpu).hwid),
		     -ENODEV);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &irq), -ENODEV);
	UK_EXPECT_EQ(irq, 7);
	UK_EXPECT_EQ(uk_intctlr_ipi_register(UK_IPI_CALL, fake_claims, &a,
					     "a"), -ENODEV);
	UK_EXPECT_EQ(uk_intctlr_cpu_init(), -ENODEV);
	fake_end();
}

UK_TEST(intctlr, what_comes_while_masked_is_raised_again_at_the_unmasking)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	uk_intctlr_irq_mask(LINE);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT_EQ(a, 0);
	UK_EXPECT_EQ(fake.retriggered, 0);
	uk_intctlr_irq_unmask(LINE);
	UK_EXPECT_EQ(fake.retriggered, LINE);

	fake.retriggered = 0;
	uk_intctlr_irq_mask(LINE);
	uk_intctlr_irq_unmask(LINE);
	UK_EXPECT_EQ(fake.retriggered, 0);
	fake_end();
}

static enum uk_irq_result masks_itself(unsigned int irq, void *arg UK_UNUSED)
{
	uk_intctlr_irq_mask(irq);
	return UK_IRQ_HANDLED;
}

UK_TEST(intctlr, a_handler_may_mask_its_own_line)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, masks_itself, NULL, "m"),
		     0);
	uk_intctlr_dispatch(LINE);
	UK_EXPECT(!fake.open[LINE]);
	uk_intctlr_irq_unmask(LINE);
	UK_EXPECT(fake.open[LINE]);
	fake_end();
}

UK_TEST(intctlr, the_trigger_of_a_line_in_use_does_not_change)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_configure(LINE, UK_IRQ_EDGE_RISING), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &a, "a"), 0);
	UK_EXPECT_EQ(fake.trigger[LINE], UK_IRQ_EDGE_RISING);
	UK_EXPECT_EQ(uk_intctlr_irq_configure(LINE, UK_IRQ_EDGE_RISING), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_configure(LINE, UK_IRQ_LEVEL_LOW), -EBUSY);
	UK_EXPECT_EQ(fake.trigger[LINE], UK_IRQ_EDGE_RISING);
	uk_intctlr_irq_unregister(LINE, fake_claims, &a);
	UK_EXPECT_EQ(uk_intctlr_irq_configure(LINE, UK_IRQ_LEVEL_LOW), 0);
	UK_EXPECT_EQ(fake.trigger[LINE], UK_IRQ_LEVEL_LOW);
	fake_end();
}

UK_TEST(intctlr, a_line_goes_to_a_cpu_that_takes_part)
{
	static struct cpu far;

	begin();
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(LINE, 0x100), -EINVAL);
	far = (struct cpu){ .hwid = 0x100, .online = 1 };
	far.next = intctlr.cpus;
	intctlr.cpus = &far;
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(LINE, 0x100), 0);
	UK_EXPECT_EQ(fake.cpu, 0x100);
	UK_EXPECT_EQ(fake.setups[LINE], 1);
	far.online = 0;
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(LINE, 0x100), -EINVAL);
	fake_end();
}

static void unregister(void *arg)
{
	uk_intctlr_irq_unregister(LINE, fake_claims, arg);
}

UK_TEST(intctlr, taking_back_what_is_not_registered_is_a_bug)
{
	begin();
	UK_EXPECT_CRASH(unregister, &a);
	fake_end();
}

static void unmask(void *arg UK_UNUSED)
{
	uk_intctlr_irq_unmask(LINE);
}

UK_TEST(intctlr, unmasking_what_nobody_masked_is_a_bug)
{
	begin();
	UK_EXPECT_CRASH(unmask, NULL);
	fake_end();
}
