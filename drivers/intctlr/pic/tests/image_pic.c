/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ISA lines of the running machine, whichever controller they arrive at: that
 * of the timer (8254, channel 0) and that of the first serial port, whose
 * request stays until it is taken back, so that it can be a level, too.
 */
#include <uk/intctlr.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/bits/arch/ioport.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/preempt.h>
#include <uk/test.h>

#define TIMER_IRQ	uk_intctlr_isa_irq(0)
#define SERIAL_IRQ	uk_intctlr_isa_irq(4)

/* 8254: channel 0, two bytes, mode 0: an edge when the count is over. */
#define PIT_CHANNEL0	0x40
#define PIT_COMMAND	0x43
#define PIT_ONESHOT	0x30
#define PIT_LATCH	0x00

/* 8259A: the mask is read back. */
#define PIC1_DATA	0x21

/* 16550: "transmitter is empty" asks until IIR is read. */
#define UART_IER	0x3f9
#define UART_IER_THRI	0x02
#define UART_IIR	0x3fa
#define UART_MCR	0x3fc
#define UART_MCR_OUT2	0x08	/* lets the request out */
#define UART_LSR	0x3fd

#define PATIENCE	2000000u

static struct {
	volatile unsigned int count;
	volatile unsigned int declined;
	volatile unsigned int irq;
	volatile bool in_irq, irqs_on;
	const struct ukarch_regs *volatile regs;
	unsigned int take_back_at;	/* serial: this many come */
} seen;

static enum uk_irq_result note(unsigned int irq, void *arg UK_UNUSED)
{
	seen.irq = irq;
	seen.in_irq = uk_in_irq();
	seen.irqs_on = ukarch_irq_enabled();
	seen.regs = uk_intctlr_regs();
	seen.count++;
	return UK_IRQ_HANDLED;
}

static enum uk_irq_result decline(unsigned int irq UK_UNUSED,
				  void *arg UK_UNUSED)
{
	seen.declined++;
	return UK_IRQ_NOT_MINE;
}

static enum uk_irq_result serial(unsigned int irq, void *arg)
{
	if (seen.count + 1 >= seen.take_back_at)
		ukarch_out8(UART_IER, 0);
	return note(irq, arg);
}

/* Give an interrupt that should not come the time to. */
static void let_come(void)
{
	const unsigned long irqs = ukarch_irq_save();

	ukarch_irq_enable();
	for (unsigned int i = 0; i < 1000; i++)
		(void)ukarch_in8(UART_LSR);
	ukarch_irq_restore(irqs);
}

static uint16_t pit_count(void)
{
	uint8_t low;

	ukarch_out8(PIT_COMMAND, PIT_LATCH);
	low = ukarch_in8(PIT_CHANNEL0);
	return (uint16_t)(low | ukarch_in8(PIT_CHANNEL0) << 8);
}

static void pit_shoot(uint16_t count)
{
	ukarch_out8(PIT_COMMAND, PIT_ONESHOT);
	ukarch_out8(PIT_CHANNEL0, (uint8_t)count);
	ukarch_out8(PIT_CHANNEL0, (uint8_t)(count >> 8));
}

/* Mode 0 counts on below 0: the edge was a while ago. */
static bool pit_is_over(void)
{
	for (unsigned int i = 0; i < PATIENCE; i++)
		if (pit_count() > 0x8000)
			return true;
	return false;
}

static bool has_pit(void)
{
	uint16_t first;

	pit_shoot(0xffff);
	first = pit_count();
	for (unsigned int i = 0; i < 1000; i++)
		if (pit_count() != first)
			return true;
	return false;
}

static bool has_serial(void)
{
	return uk_intctlr_start() == 0 && ukarch_in8(UART_LSR) != 0xff;
}

static void serial_ask(void)
{
	ukarch_out8(UART_MCR, ukarch_in8(UART_MCR) | UART_MCR_OUT2);
	ukarch_out8(UART_IER, UART_IER_THRI);
}

static void begin(void)
{
	seen.count = 0;
	seen.declined = 0;
	seen.take_back_at = 1;
}

UK_TEST(isa_line, the_timer_interrupts_when_its_count_is_over)
{
	if (!has_pit())
		UK_TEST_SKIP("no PIT on this machine");
	begin();
	pit_shoot(1000);
	UK_EXPECT_EQ(uk_intctlr_irq_register(TIMER_IRQ, note, NULL, "test"),
		     0);
	seen.count = 0;
	pit_shoot(1000);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	UK_EXPECT_EQ(seen.count, 1);
	UK_EXPECT_EQ(seen.irq, TIMER_IRQ);
	UK_EXPECT(seen.in_irq && !seen.irqs_on);
	UK_EXPECT_NOT_NULL(seen.regs);
	UK_EXPECT_NULL(uk_intctlr_regs());
	UK_EXPECT(!uk_in_irq());
	uk_intctlr_irq_unregister(TIMER_IRQ, note, NULL);
}

UK_TEST(isa_line, a_masked_one_calls_nobody)
{
	if (!has_pit())
		UK_TEST_SKIP("no PIT on this machine");
	begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(TIMER_IRQ, note, NULL, "test"),
		     0);
	/* An edge of before may have waited for this. */
	let_come();
	uk_intctlr_irq_mask(TIMER_IRQ);
	seen.count = 0;
	pit_shoot(1000);
	UK_EXPECT(pit_is_over());
	let_come();
	UK_EXPECT_EQ(seen.count, 0);

	uk_intctlr_irq_unmask(TIMER_IRQ);
	let_come();
	/* Some controllers kept the edge, others did not. */
	seen.count = 0;
	pit_shoot(1000);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	uk_intctlr_irq_unregister(TIMER_IRQ, note, NULL);
}

UK_TEST(isa_line, an_edge_comes_once_though_nobody_takes_it_back)
{
	if (!has_serial())
		UK_TEST_SKIP("no serial port on this machine");
	UK_EXPECT_EQ(uk_intctlr_irq_configure(SERIAL_IRQ, UK_IRQ_EDGE_RISING),
		     0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(SERIAL_IRQ, serial, NULL, "test"),
		     0);
	begin();
	seen.take_back_at = 3;
	serial_ask();
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));
	let_come();
	ukarch_out8(UART_IER, 0);
	(void)ukarch_in8(UART_IIR);
	UK_EXPECT_EQ(seen.count, 1);
	UK_EXPECT_EQ(seen.irq, SERIAL_IRQ);
	uk_intctlr_irq_unregister(SERIAL_IRQ, serial, NULL);
}

UK_TEST(isa_line, a_level_comes_until_it_is_taken_back)
{
	if (!has_serial())
		UK_TEST_SKIP("no serial port on this machine");
	if (uk_intctlr_irq_configure(SERIAL_IRQ, UK_IRQ_LEVEL_HIGH) ==
	    -ENOTSUP)
		UK_TEST_SKIP("all lines are edges");
	/* Shared, by somebody whose device it is not. */
	UK_EXPECT_EQ(uk_intctlr_irq_register(SERIAL_IRQ, decline, NULL, "no"),
		     0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(SERIAL_IRQ, serial, NULL, "test"),
		     0);
	begin();
	seen.take_back_at = 3;
	serial_ask();
	UK_EXPECT(uk_test_irq_comes(&seen.count, 3));
	let_come();
	UK_EXPECT_EQ(seen.count, 3);
	UK_EXPECT_EQ(seen.declined, 3);

	/* One that is there at the unmasking comes then. */
	begin();
	uk_intctlr_irq_mask(SERIAL_IRQ);
	serial_ask();
	let_come();
	UK_EXPECT_EQ(seen.count, 0);
	uk_intctlr_irq_unmask(SERIAL_IRQ);
	UK_EXPECT(uk_test_irq_comes(&seen.count, 1));

	uk_intctlr_irq_unregister(SERIAL_IRQ, serial, NULL);
	uk_intctlr_irq_unregister(SERIAL_IRQ, decline, NULL);
	UK_EXPECT_EQ(uk_intctlr_irq_configure(SERIAL_IRQ, UK_IRQ_EDGE_RISING),
		     0);
}

/* Picked by name for a machine without (suites/kvm.py). */
UK_TEST(on_demand, neither_pics_nor_a_pit_answer)
{
	const uint8_t was = ukarch_in8(PIC1_DATA);

	ukarch_out8(PIC1_DATA, (uint8_t)~was);
	UK_EXPECT_EQ(ukarch_in8(PIC1_DATA), 0xff);
	ukarch_out8(PIC1_DATA, was);
	UK_EXPECT(!has_pit());
}

/* Picked by name for a CPU without an APIC (suites/inimage.py). */
UK_TEST(on_demand, the_pics_take_the_interrupts)
{
	unsigned int irq;

	UK_EXPECT_EQ(uk_intctlr_start(), 0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(uk_intctlr_isa_irq(2), note, NULL,
					     "test"), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_irq_register(uk_intctlr_isa_irq(16), note,
					     NULL, "test"), -EINVAL);
	UK_EXPECT_EQ(uk_intctlr_irq_configure(SERIAL_IRQ, UK_IRQ_EDGE_FALLING),
		     -ENOTSUP);
	UK_EXPECT_EQ(uk_intctlr_ipi_register(UK_IPI_CALL, note, NULL, "test"),
		     -ENOTSUP);
	UK_EXPECT_EQ(uk_intctlr_cpu_init(), -ENOTSUP);
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(SERIAL_IRQ, 0), -ENOTSUP);
	UK_EXPECT_EQ(uk_intctlr_msi_alloc(1, 1, &irq), -ENOTSUP);
}
