/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "../intctlr_priv.h"

#include <stddef.h>

#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

/*
 * A controller that remembers what it was told, in place of the machine's:
 * fake_begin() puts the library's state aside until fake_end(). No other CPU
 * runs meanwhile: its interrupts and messages are the machine's.
 */
#define FAKE_NIRQS	64u	/* lines 32 to 63 */
#define FAKE_MSI_FIRST	66u
#define FAKE_NMSIS	24u

struct fake {
	int start_rc, setup_rc, msi_rc;
	unsigned int starts, cpu_starts;
	uint8_t open[UK_IRQ_MAX];	/* not masked */
	uint8_t trigger[UK_IRQ_MAX];
	uint8_t setups[UK_IRQ_MAX];
	unsigned int retriggered;	/* the last one */
	uint64_t cpu;			/* of the last set_cpu() */
	unsigned int sent;		/* IPIs, of all kinds */
	uint64_t sent_to;
};

static struct fake fake;
static struct intctlr_state fake_saved;
static struct cpu fake_saved_cpu;
static struct uk_intctlr fake_ic;

static inline int fake_start(const struct uk_bootinfo *bi UK_UNUSED)
{
	fake.starts++;
	if (fake.start_rc < 0)
		return fake.start_rc;
	fake_ic.nirqs = FAKE_NIRQS;
	fake_ic.msi_first = FAKE_MSI_FIRST;
	fake_ic.nmsis = FAKE_NMSIS;
	return 0;
}

static inline int fake_cpu_start(void)
{
	fake.cpu_starts++;
	return 0;
}

static inline void fake_take(struct ukarch_regs *regs UK_UNUSED,
			     unsigned int vector)
{
	uk_intctlr_dispatch(vector);
}

static inline int fake_setup(unsigned int irq, enum uk_irq_trigger trigger)
{
	if (fake.setup_rc < 0)
		return fake.setup_rc;
	fake.setups[irq]++;
	fake.trigger[irq] = (uint8_t)trigger;
	return 0;
}

static inline void fake_mask(unsigned int irq)
{
	fake.open[irq] = 0;
}

static inline void fake_unmask(unsigned int irq)
{
	fake.open[irq] = 1;
}

static inline void fake_retrigger(unsigned int irq)
{
	fake.retriggered = irq;
}

static inline int fake_set_cpu(unsigned int irq UK_UNUSED, uint64_t hwid)
{
	fake.cpu = hwid;
	return 0;
}

static inline int fake_msi_setup(uint32_t devid UK_UNUSED,
				 unsigned int irq UK_UNUSED,
				 unsigned int n UK_UNUSED)
{
	return fake.msi_rc;
}

static inline void fake_msi_free(uint32_t devid UK_UNUSED,
				 unsigned int irq UK_UNUSED,
				 unsigned int n UK_UNUSED)
{
}

static inline void fake_msi_compose(unsigned int irq, struct uk_msi_msg *msg)
{
	msg->addr = 0x1000;
	msg->data = irq;
}

static inline int fake_local_check(unsigned int irq)
{
	return irq == 31 ? -EINVAL : 0;
}

static inline void fake_ipi(enum uk_ipi ipi UK_UNUSED, uint64_t hwid)
{
	fake.sent++;
	fake.sent_to = hwid;
}

static const struct uk_intctlr_ops fake_ops = {
	.start = fake_start,
	.cpu_start = fake_cpu_start,
	.take = fake_take,
	.setup = fake_setup,
	.mask = fake_mask,
	.unmask = fake_unmask,
	.retrigger = fake_retrigger,
	.set_cpu = fake_set_cpu,
	.msi_setup = fake_msi_setup,
	.msi_free = fake_msi_free,
	.msi_compose = fake_msi_compose,
	.local_check = fake_local_check,
	.local_unmask = fake_unmask,
	.local_mask = fake_mask,
	.ipi = fake_ipi,
};

/* Before stage CPU, with the fake offered. */
static inline void fake_begin_early(void)
{
	uk_test_alone_begin();
	fake_saved = intctlr;
	fake_saved_cpu = *uk_this_cpu_ptr(intctlr_cpu);
	memset(&intctlr, 0, sizeof(intctlr));
	memset(uk_this_cpu_ptr(intctlr_cpu), 0, sizeof(struct cpu));
	memset(&fake, 0, sizeof(fake));
	fake_ic = (struct uk_intctlr){
		.name = "fake",
		.ops = &fake_ops,
		.rank = 1,
	};
	uk_intctlr_offer(&fake_ic);
}

/* The stage has come. */
static inline void fake_stage_cpu(void)
{
	static const struct uk_bootinfo bi;

	intctlr.bi = &bi;
}

static inline void fake_begin(void)
{
	fake_begin_early();
	fake_stage_cpu();
}

static inline void fake_end(void)
{
	*uk_this_cpu_ptr(intctlr_cpu) = fake_saved_cpu;
	intctlr = fake_saved;
	uk_test_alone_end();
}

/* Handlers: count in *@arg, and claim it or not. */
static inline enum uk_irq_result fake_claims(unsigned int irq UK_UNUSED,
					     void *arg)
{
	++*(unsigned int *)arg;
	return UK_IRQ_HANDLED;
}

static inline enum uk_irq_result fake_declines(unsigned int irq UK_UNUSED,
					       void *arg)
{
	++*(unsigned int *)arg;
	return UK_IRQ_NOT_MINE;
}
