/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The machine's own APICs, through lib/ukintctlr and <uk/apic.h>. What a line
 * does is tested with the lines of ISA devices (drivers/intctlr/pic); a
 * message that a device would write is sent by the CPU to itself.
 */
#include <uk/apic.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/arch/trap.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/intctlr.h>
#include <uk/percpu.h>
#include <uk/preempt.h>
#include <uk/test.h>

#include "../apic_priv.h"

#define PATIENCE	2000000u

/* No CPU has this id. */
#define NO_CPU		250u

static struct {
	volatile unsigned int count;
	volatile unsigned int irq;
	volatile bool in_irq;
	const struct ukarch_regs *volatile regs;
	volatile unsigned int nmis;
	bool expects_nmi;
} seen;

static enum uk_irq_result note(unsigned int irq, void *arg UK_UNUSED)
{
	seen.irq = irq;
	seen.in_irq = uk_in_irq();
	seen.regs = uk_intctlr_regs();
	seen.count++;
	return UK_IRQ_HANDLED;
}

static enum uk_event_result on_nmi(void *arg UK_UNUSED)
{
	if (!seen.expects_nmi)
		return UK_EVENT_NOT_HANDLED;
	seen.nmis++;
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER(ukarch_trap_nmi, on_nmi);

static uint32_t own_id(void)
{
	return (uint32_t)uk_this_cpu_ptr(uk_cpu)->hwid;
}

static bool has_apic(void)
{
	return uk_intctlr_start() == 0 && uk_apic_is_on();
}

/* A vector as a device would send it. */
static void send(unsigned int vector)
{
	UK_EXPECT_EQ(apic_send(APIC_ICR_FIXED | vector, own_id()), 0);
}

/* For good. false: it has an owner. */
static bool is_ours(unsigned int irq)
{
	static const char test[] = "test";
	struct uk_intctlr_stat stat;

	UK_EXPECT_EQ(uk_intctlr_stat(irq, &stat), 0);
	if (!stat.name)
		return UK_EXPECT_EQ(uk_intctlr_local_register(irq, note, NULL,
							      test), 0);
	return stat.name == test;
}

/* Picked by name for machines that have APICs (suites/inimage.py). */
UK_TEST(on_demand, the_apics_take_the_interrupts)
{
	unsigned int irq;

	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT(uk_apic_is_on());
	if (UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &irq), 0))
		uk_intctlr_msi_free(1, irq, 1);
}

UK_TEST(apic, an_interrupt_that_a_cpu_sends_itself_comes)
{
	if (!has_apic())
		UK_TEST_SKIP("no APIC on this machine");
	if (!is_ours(UK_IPI_RESCHED))
		UK_TEST_SKIP("the scheduler has this interrupt");
	seen.count = 0;
	uk_intctlr_ipi_send(UK_IPI_RESCHED, own_id());
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	UK_EXPECT_EQ(seen.count, 1);
	UK_EXPECT_EQ(seen.irq, UK_IPI_RESCHED);
	UK_EXPECT(seen.in_irq);
	UK_EXPECT_NOT_NULL(seen.regs);
	UK_EXPECT_NULL(uk_intctlr_regs());
}

UK_TEST(apic, a_stop_comes_with_interrupts_off)
{
	unsigned long irqs;

	if (!has_apic())
		UK_TEST_SKIP("no APIC on this machine");
	irqs = ukarch_irq_save();
	seen.nmis = 0;
	seen.expects_nmi = true;
	uk_intctlr_ipi_send(UK_IPI_STOP, own_id());
	for (unsigned int i = 0; i < PATIENCE && !seen.nmis; i++)
		ukarch_spin_wait();
	seen.expects_nmi = false;
	ukarch_irq_restore(irqs);
	UK_EXPECT_EQ(seen.nmis, 1);
}

UK_TEST(apic, numbers_are_each_cpus_as_the_local_apic_has_them)
{
	if (!has_apic())
		UK_TEST_SKIP("no APIC on this machine");
	UK_EXPECT(is_ours(UK_APIC_IRQ_PERF));
	UK_EXPECT_EQ(uk_intctlr_local_register(UK_APIC_IRQ_PERF, note, NULL,
					       "x"), -EBUSY);
	UK_EXPECT_EQ(uk_intctlr_local_register(UK_APIC_IRQ_ERROR, note, NULL,
					       "x"), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_local_register(31, note, NULL, "x"), -EINVAL);
}

/* Elsewhere the timer is drivers/timer/lapic's. */
UK_TEST(on_demand, the_local_apics_timer_interrupts_once)
{
	UK_EXPECT(has_apic());
	UK_EXPECT(is_ours(UK_APIC_IRQ_TIMER));
	uk_apic_timer_setup(UK_APIC_TIMER_ONESHOT, 1);
	seen.count = 0;
	/* It is off until it is enabled, and counts all the same. */
	uk_apic_timer_set(100000);
	UK_EXPECT(uk_apic_timer_get() <= 100000);
	while (uk_apic_timer_get())
		ukarch_spin_wait();
	UK_EXPECT(uk_test_irq_stays_away(&seen.count, 1));

	uk_intctlr_local_enable(UK_APIC_IRQ_TIMER);
	uk_apic_timer_set(100000);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	UK_EXPECT_EQ(seen.irq, UK_APIC_IRQ_TIMER);
	UK_EXPECT(uk_test_irq_stays_away(&seen.count, 2));
	uk_intctlr_local_disable(UK_APIC_IRQ_TIMER);
}

UK_TEST(apic, what_nobody_waits_for_is_counted_and_ended)
{
	const uint64_t before = uk_intctlr_spurious();
	struct uk_msi_msg msg;
	unsigned int irq;

	if (!has_apic())
		UK_TEST_SKIP("no APIC on this machine");
	/* The last is the error interrupt: nothing has gone wrong. */
	send(APIC_VECTOR_LOCAL - 1);
	send(APIC_VECTOR_LOCAL + 30);
	send(APIC_VECTOR_LOCAL + UK_APIC_IRQ_ERROR);
	seen.count = 0;
	UK_EXPECT(uk_test_irq_stays_away(&seen.count, 1));
	UK_EXPECT_EQ(uk_intctlr_spurious() - before, 2);

	/* All go before this one: it waits while they are in service. */
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(7, 1, &irq), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, note, NULL, "test"), 0);
	uk_intctlr_msi_compose(irq, &msg);
	send(msg.data);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	uk_intctlr_irq_unregister(irq, note, NULL);
	uk_intctlr_msi_free(7, irq, 1);
}

UK_TEST(apic, messages_of_a_block_differ_in_the_lower_bits)
{
	struct uk_msi_msg msg, first = { 0 };
	unsigned int irq;

	if (!has_apic())
		UK_TEST_SKIP("no APIC on this machine");
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(7, 8, &irq), 0);
	for (unsigned int i = 0; i < 8; i++) {
		uk_intctlr_msi_compose(irq + i, &msg);
		if (i == 0)
			first = msg;
		UK_EXPECT_EQ(msg.addr, 0xfee00000 | own_id() << 12);
		UK_EXPECT_EQ(msg.data, first.data + i);
		UK_EXPECT_EQ(msg.data & 7, i);
	}
	uk_intctlr_msi_free(7, irq, 8);
}

UK_TEST(apic, a_message_calls_its_handler_and_is_kept_while_masked)
{
	struct uk_msi_msg msg;
	unsigned int irq;

	if (!has_apic())
		UK_TEST_SKIP("no APIC on this machine");
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(7, 1, &irq), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, note, NULL, "test"), 0);
	uk_intctlr_msi_compose(irq, &msg);
	seen.count = 0;
	send(msg.data);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	UK_EXPECT_EQ(seen.irq, irq);

	uk_intctlr_irq_mask(irq);
	send(msg.data);
	UK_EXPECT(uk_test_irq_stays_away(&seen.count, 2));
	uk_intctlr_irq_unmask(irq);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 2));
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(irq, own_id()), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(irq, NO_CPU), -EINVAL);
	uk_intctlr_irq_unregister(irq, note, NULL);
	uk_intctlr_msi_free(7, irq, 1);
}

UK_TEST(apic, messages_that_were_given_back_can_be_had_again)
{
	unsigned int irq, again;
	unsigned int n = APIC_NVECTORS;

	if (!has_apic())
		UK_TEST_SKIP("no APIC on this machine");
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 2049, &irq), -EINVAL);
	/* Vectors that lines have are missing. */
	while (n > 0 && uk_intctlr_msi_alloc(1, n, &irq) == -ENOSPC)
		n--;
	UK_EXPECT(n > 100);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(2, 1, &again), -ENOSPC);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &again), -EBUSY);
	uk_intctlr_msi_free(1, irq, n);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, n, &again), 0);
	UK_EXPECT_EQ(again, irq);
	uk_intctlr_msi_free(1, again, n);
}

UK_TEST(apic, a_number_that_is_no_line_is_refused)
{
	unsigned int irq;

	if (!has_apic())
		UK_TEST_SKIP("no APIC on this machine");
	UK_EXPECT_EQ(uk_intctlr_irq_register(31, note, NULL, "x"), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_irq_register(100000, note, NULL, "x"),
		     -EINVAL);
	/* A message that nobody has taken any more. */
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &irq), 0);
	uk_intctlr_msi_free(1, irq, 1);
	UK_EXPECT_EQ(uk_intctlr_irq_register(irq, note, NULL, "x"), -EINVAL);
}
