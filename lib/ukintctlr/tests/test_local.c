/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts that each CPU has, and those that CPUs send each other. */
#include "fake.h"

#define LOCAL	20u

static unsigned int a;

static void begin(void)
{
	a = 0;
	fake_begin();
}

UK_TEST(intctlr_local, a_local_interrupt_is_off_until_its_cpu_wants_it)
{
	struct uk_intctlr_stat stat;

	begin();
	UK_EXPECT_EQ(uk_intctlr_local_register(LOCAL, fake_claims, &a, "l"),
		     0);
	UK_EXPECT(!fake.open[LOCAL]);
	uk_intctlr_local_enable(LOCAL);
	UK_EXPECT(fake.open[LOCAL]);
	uk_intctlr_dispatch(LOCAL);
	uk_intctlr_dispatch(LOCAL);
	UK_EXPECT_EQ(a, 2);
	uk_intctlr_local_disable(LOCAL);
	UK_EXPECT(!fake.open[LOCAL]);

	UK_EXPECT_EQ(uk_intctlr_stat(LOCAL, &stat), 0);
	UK_EXPECT_EQ(stat.count, 2);
	UK_EXPECT_STR_EQ(stat.name, "l");
	UK_EXPECT_EQ(uk_intctlr_stat(UK_IRQ_MAX, &stat), -EINVAL);
	fake_end();
}

UK_TEST(intctlr_local, it_has_one_handler)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_local_register(LOCAL, fake_claims, &a, "l"),
		     0);
	UK_EXPECT_EQ(uk_intctlr_local_register(LOCAL, fake_claims, &a, "l"),
		     -EBUSY);
	UK_EXPECT_EQ(uk_intctlr_local_register(31, fake_claims, &a, "l"),
		     -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_local_register(32, fake_claims, &a, "l"),
		     -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_local_register(UINT32_MAX, fake_claims, &a,
					       "l"), -EINVAL);
	fake_end();
}

UK_TEST(intctlr_local, an_ipi_is_on_once_it_has_a_handler)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_ipi_register(UK_IPI_RESCHED, fake_claims, &a,
					     "r"), 0);
	UK_EXPECT(fake.open[UK_IPI_RESCHED]);
	uk_intctlr_ipi_send(UK_IPI_RESCHED, 5);
	UK_EXPECT_EQ(fake.sent, 1);
	UK_EXPECT_EQ(fake.sent_to, 5);
	uk_intctlr_dispatch(UK_IPI_RESCHED);
	UK_EXPECT_EQ(a, 1);
	fake_end();
}

UK_TEST(intctlr_local, a_cpu_that_starts_opens_the_ipis)
{
	begin();
	UK_EXPECT_EQ(uk_intctlr_ipi_register(UK_IPI_CALL, fake_claims, &a,
					     "c"), 0);
	fake_mask(UK_IPI_CALL);
	UK_EXPECT_EQ(uk_intctlr_cpu_init(), 0);
	UK_EXPECT_EQ(fake.cpu_starts, 1);
	UK_EXPECT(fake.open[UK_IPI_CALL]);
	UK_EXPECT(!fake.open[UK_IPI_RESCHED]);
	uk_intctlr_cpu_exit();
	UK_EXPECT(!fake.open[UK_IPI_CALL]);
	fake_end();
}

UK_TEST(intctlr_local, others_are_all_that_are_there_and_not_this_one)
{
	static struct cpu far, gone;

	begin();
	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	far = (struct cpu){ .hwid = 0x100, .online = 1 };
	gone = (struct cpu){ .hwid = 0x200, .next = &far };
	far.next = intctlr.cpus;
	intctlr.cpus = &gone;
	uk_intctlr_ipi_send_others(UK_IPI_STOP);
	UK_EXPECT_EQ(fake.sent, 1);
	UK_EXPECT_EQ(fake.sent_to, 0x100);
	fake_end();
}

UK_TEST(intctlr_local, a_controller_of_one_cpu_refuses_ipis_and_cpus)
{
	static struct uk_intctlr_ops ops;

	begin();
	ops = fake_ops;
	ops.ipi = NULL;
	ops.cpu_start = NULL;
	ops.local_check = NULL;
	fake_ic.ops = &ops;
	UK_EXPECT_EQ(uk_intctlr_ipi_register(UK_IPI_CALL, fake_claims, &a,
					     "c"), -ENOTSUP);
	UK_EXPECT_EQ(uk_intctlr_local_register(LOCAL, fake_claims, &a, "l"),
		     -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_cpu_init(), -ENOTSUP);
	fake_end();
}
