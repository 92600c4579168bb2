/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The image's time by a counter that somebody sets back, as debuggers and
 * hypervisors do with counters that cannot be written from here. Picked by name
 * for machines where this one is the clock (suites/clocks.py).
 */
#include "../hpet_priv.h"

#include <stddef.h>

#include <uk/acpi.h>
#include <uk/acpi_timer.h>
#include <uk/arch/cpu.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/test.h>
#include <uk/time.h>
#include <uk/timer.h>

#define CONFIG		(0x10 / 8)
#define COUNTER		(0xf0 / 8)
#define CONFIG_ENABLE	UINT64_C(1)

static const struct uk_bootinfo *bootinfo;
static volatile unsigned int fired;

static int keep_bootinfo(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(EARLY, keep_bootinfo, NULL);

static volatile uint64_t *registers(void)
{
	struct uk_acpi_hpet table;
	struct uk_acpi *acpi;
	void *regs;

	if (uk_acpi_get(bootinfo, &acpi) < 0 ||
	    uk_acpi_hpet_read(acpi, 0, &table) < 0 ||
	    uk_paging_map_device(table.addr, HPET_LEN, &regs) < 0)
		return NULL;
	return regs;
}

/* It is written while it stands still (2.3.7). */
static void add(volatile uint64_t *regs, uint64_t counts)
{
	const unsigned long irq = ukarch_irq_save();

	regs[CONFIG] &= ~CONFIG_ENABLE;
	regs[COUNTER] += counts;
	regs[CONFIG] |= CONFIG_ENABLE;
	ukarch_irq_restore(irq);
}

static void note(struct uk_timer *timer UK_UNUSED)
{
	fired++;
}

/* A timer of 5 ms is not early, and comes. */
static void sleep_5_ms(void)
{
	const uint64_t begin_ns = uk_time_now();
	struct uk_timer timer;

	fired = 0;
	uk_timer_init(&timer, note);
	uk_timer_start(&timer, begin_ns + 5 * UK_TIME_NS_PER_MS);
	UK_EXPECT(uk_test_irq_comes(&fired, 1));
	UK_EXPECT_GE(uk_time_now(), begin_ns + 5 * UK_TIME_NS_PER_MS);
	(void)uk_timer_stop_wait(&timer);
}

UK_TEST(on_demand, time_goes_on_when_its_counter_is_set_back)
{
	/* In counts of 10 ns: 20 ms, 1 s, an hour. */
	static const uint64_t counts[] = { 2000000, 100000000, 360000000000 };
	volatile uint64_t *const regs = registers();

	if (!UK_EXPECT(regs != NULL))
		return;
	/* A day: QEMU's counter does not go below 0. */
	add(regs, 8640000000000);
	for (unsigned int i = 0; i < 3 * UK_ARRAY_SIZE(counts); i++) {
		uint64_t before_ns, after_ns;

		sleep_5_ms();
		before_ns = uk_time_now();
		add(regs, -counts[i % UK_ARRAY_SIZE(counts)]);
		after_ns = uk_time_now();
		UK_EXPECT_GE(after_ns, before_ns);
		UK_EXPECT_LE(after_ns - before_ns, 5 * UK_TIME_NS_PER_SEC);
	}
	sleep_5_ms();
}
