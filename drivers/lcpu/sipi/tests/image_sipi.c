/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own tables, and what lib/uklcpu has of them. */
#include <uk/acpi.h>
#include <uk/acpi_madt.h>
#include <uk/apic.h>
#include <uk/arch/cpu.h>
#include <uk/arch/lcpu.h>
#include <uk/bits/arch/ioport.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/lcpu.h>
#include <uk/mptable.h>
#include <uk/test.h>

static const struct uk_bootinfo *bootinfo;

static int keep_bootinfo(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(EARLY, keep_bootinfo, NULL);

static unsigned int listed_by_acpi(void)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
	struct uk_acpi_madt madt;
	struct uk_acpi *acpi;
	unsigned int n = 0;

	if (uk_acpi_get(bootinfo, &acpi) < 0 ||
	    uk_acpi_madt_read(acpi, &madt) < 0)
		return 0;
	while (uk_acpi_madt_next(&madt, &e))
		if (e.type == UK_ACPI_MADT_LAPIC && e.cpu.enabled) {
			UK_EXPECT_GE(uk_lcpu_find(e.cpu.apic_id), 0);
			n++;
		}
	return n;
}

static unsigned int listed_by_mptable(void)
{
	struct uk_mptable_entry e = UK_MPTABLE_FIRST;
	const struct uk_mptable *table;
	unsigned int n = 0;

	if (uk_mptable_get(bootinfo, &table) < 0)
		return 0;
	while (uk_mptable_next(table, &e))
		if (e.type == UK_MPTABLE_CPU && e.cpu.enabled) {
			UK_EXPECT_GE(uk_lcpu_find(e.cpu.apic_id), 0);
			n++;
		}
	return n;
}

UK_TEST(lcpu_sipi, every_cpu_that_firmware_lists_has_an_index)
{
	unsigned int n;

	(void)uk_lcpu_count();
	if (!uk_apic_is_on())
		UK_TEST_SKIP("a CPU without an APIC is alone");
	n = listed_by_acpi();
	if (n == 0)
		n = listed_by_mptable();
	if (n == 0)
		n = 1;
	UK_EXPECT_EQ(uk_lcpu_count(), n);
	UK_EXPECT_EQ(uk_lcpu_find(ukarch_hwid()), 0);
}

/* The first 16550: "transmitter is empty" asks once, when it is allowed. */
#define SERIAL_IRQ	uk_intctlr_isa_irq(4)
#define UART_IER	0x3f9
#define UART_IER_THRI	0x02
#define UART_MCR	0x3fc
#define UART_MCR_OUT2	0x08
#define UART_SCRATCH	0x3ff

#define PATIENCE	2000000u

static struct {
	uint32_t count;
	unsigned int idx;
} serial;

/* A register that keeps whatever is written, on a bus that floats. */
static bool has_uart(void)
{
	ukarch_out8(UART_SCRATCH, 0x5a);
	return ukarch_in8(UART_SCRATCH) == 0x5a;
}

static enum uk_irq_result on_serial(unsigned int irq UK_UNUSED,
				    void *arg UK_UNUSED)
{
	ukarch_out8(UART_IER, 0);
	serial.idx = uk_lcpu_idx();
	__atomic_fetch_add(&serial.count, 1, __ATOMIC_RELEASE);
	return UK_IRQ_HANDLED;
}

static bool serial_came(uint32_t n)
{
	const unsigned long irq = ukarch_irq_save();
	bool came = false;

	ukarch_out8(UART_MCR, ukarch_in8(UART_MCR) | UART_MCR_OUT2);
	ukarch_out8(UART_IER, UART_IER_THRI);
	ukarch_irq_enable();
	for (unsigned int i = 0; i < PATIENCE && !came; i++) {
		came = __atomic_load_n(&serial.count, __ATOMIC_ACQUIRE) >= n;
		ukarch_spin_wait();
	}
	ukarch_irq_restore(irq);
	return came;
}

static void expect_serial_at(unsigned int idx)
{
	UK_EXPECT_EQ(uk_intctlr_irq_set_cpu(SERIAL_IRQ, uk_lcpu_id(idx)), 0);
	if (UK_EXPECT(serial_came(serial.count + 1)))
		UK_EXPECT_EQ(serial.idx, idx);
}

UK_TEST(lcpu_sipi, a_line_interrupts_the_cpu_that_it_is_set_to)
{
	UK_EXPECT_GE(uk_lcpu_start_all(), 1);
	if (!uk_apic_is_on())
		UK_TEST_SKIP("a CPU without an APIC is alone");
	if (!has_uart())
		UK_TEST_SKIP("this machine has no UART that interrupts");
	UK_EXPECT_EQ(uk_intctlr_irq_configure(SERIAL_IRQ, UK_IRQ_EDGE_RISING),
		     0);
	UK_EXPECT_EQ(uk_intctlr_irq_register(SERIAL_IRQ, on_serial, NULL,
					     "test"), 0);
	for (unsigned int i = 1; i < uk_lcpu_count(); i++)
		if (uk_lcpu_state(i) == UK_LCPU_UP)
			expect_serial_at(i);
	/* And back. */
	expect_serial_at(0);
	uk_intctlr_irq_unregister(SERIAL_IRQ, on_serial, NULL);
}
