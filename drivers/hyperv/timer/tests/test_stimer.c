/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A hypervisor's side of a CPU's timer and messages, as the specification has
 * it, with time that only the cases move; and one that does odd things.
 */
#include "../timer_priv.h"

#include <uk/compiler.h>
#include <uk/hyperv.h>
#include <uk/test.h>

#define ENABLE		UINT64_C(1)
#define AUTO		UINT64_C(8)
#define DIRECT		UINT64_C(0x1000)
#define PAGE		UINT64_C(0x7000)
#define VECTOR		0xf4u

static struct hypervisor {
	uint64_t now;
	uint64_t config, count;		/* timer 0 */
	uint64_t scontrol, simp, sint[HYPERV_NSINTS];
	bool waiting;			/* a message that had no slot */
	unsigned int taken;		/* interrupts by VECTOR */
	unsigned int eoms, others;
} hv;

static struct hyperv_messages messages;

static void post(unsigned int sint)
{
	struct hyperv_message *const slot = &messages.slot[sint];

	if (!(hv.scontrol & 1) || !(hv.simp & 1) ||
	    (hv.sint[sint] & UINT64_C(0x10000)))
		return;
	if (slot->type != HYPERV_MESSAGE_NONE) {
		slot->flags |= HYPERV_MESSAGE_PENDING;
		hv.waiting = true;
		return;
	}
	hv.waiting = false;
	slot->flags = 0;
	slot->type = HYPERV_MESSAGE_TIMER;
	hv.taken += (hv.sint[sint] & 0xff) == VECTOR;
}

/* What is due fires. */
static void advance(uint64_t to)
{
	hv.now = to;
	if (!(hv.config & ENABLE) || hv.count > to)
		return;
	hv.config &= ~ENABLE;
	if (hv.config & DIRECT)
		hv.taken += (hv.config >> 4 & 0xff) == VECTOR;
	else
		post(hv.config >> 16 & 0xf);
}

static uint64_t hv_read(uint32_t msr)
{
	if (msr == UK_HYPERV_MSR_SCONTROL)
		return hv.scontrol;
	hv.others++;
	return 0;
}

static void hv_write(uint32_t msr, uint64_t val)
{
	switch (msr) {
	case UK_HYPERV_MSR_STIMER_CONFIG:
		hv.config = val;
		/* Message mode knows no source 0. */
		if (!(val & DIRECT) && (val >> 16 & 0xf) == 0)
			hv.config &= ~ENABLE;
		advance(hv.now);
		break;
	case UK_HYPERV_MSR_STIMER_COUNT:
		hv.count = val;
		if (val == 0)
			hv.config &= ~ENABLE;
		else if (hv.config & AUTO)
			hv.config |= ENABLE;
		advance(hv.now);
		break;
	case UK_HYPERV_MSR_SCONTROL:
		hv.scontrol = val;
		break;
	case UK_HYPERV_MSR_SIMP:
		hv.simp = val;
		break;
	case UK_HYPERV_MSR_EOM:
		hv.eoms++;
		if (hv.waiting)
			post(HYPERV_SINT_TIMER);
		break;
	default:
		if (msr - UK_HYPERV_MSR_SINT < HYPERV_NSINTS)
			hv.sint[msr - UK_HYPERV_MSR_SINT] = val;
		else
			hv.others++;
	}
}

static const struct hyperv_regs regs = { .read = hv_read, .write = hv_write };

static struct hyperv_message *slot(void)
{
	return &messages.slot[HYPERV_SINT_TIMER];
}

static void begin(unsigned int vector)
{
	/* As whoever ran before may have left it: long past. */
	hv = (struct hypervisor){ .now = 5000, .count = 17,
				  .config = DIRECT | VECTOR << 4 };
	slot()->type = HYPERV_MESSAGE_NONE;
	slot()->flags = 0;
	if (!vector)
		hyperv_synic_on(&regs, PAGE, HYPERV_SINT_TIMER, VECTOR);
	hyperv_stimer_on(&regs, vector);
}

UK_TEST(hyperv_stimer, it_is_silent_until_it_is_set)
{
	begin(VECTOR);
	advance(UINT64_MAX);
	UK_EXPECT_EQ(hv.taken, 0);
	UK_EXPECT_EQ(hv.config & ENABLE, 0);
	UK_EXPECT_EQ(hv.others, 0);
}

UK_TEST(hyperv_stimer, it_interrupts_once_and_not_before_its_time)
{
	begin(VECTOR);
	hyperv_stimer_set(&regs, hv.now, 1000);
	/* The unit that had begun is not a whole one. */
	advance(hv.now + 10);
	UK_EXPECT_EQ(hv.taken, 0);
	advance(hv.now + 2);
	UK_EXPECT_EQ(hv.taken, 1);
	advance(hv.now + 1000000);
	UK_EXPECT_EQ(hv.taken, 1);
	hyperv_stimer_set(&regs, hv.now, 100);
	advance(hv.now + 3);
	UK_EXPECT_EQ(hv.taken, 2);
}

UK_TEST(hyperv_stimer, a_new_time_takes_the_place_of_the_old_one)
{
	begin(VECTOR);
	hyperv_stimer_set(&regs, hv.now, 1000);
	hyperv_stimer_set(&regs, hv.now, 100000);
	advance(hv.now + 500);
	UK_EXPECT_EQ(hv.taken, 0);
	hyperv_stimer_set(&regs, hv.now, 1000);
	advance(hv.now + 12);
	UK_EXPECT_EQ(hv.taken, 1);
	advance(hv.now + 100000);
	UK_EXPECT_EQ(hv.taken, 1);
}

UK_TEST(hyperv_stimer, a_count_that_wraps_to_0_does_not_switch_it_off)
{
	begin(VECTOR);
	hyperv_stimer_set(&regs, UINT64_MAX - 1, 0);
	UK_EXPECT_NE(hv.count, 0);
}

UK_TEST(hyperv_stimer, by_message_it_uses_a_source_that_is_not_reserved)
{
	begin(0);
	UK_EXPECT_EQ(hv.simp, PAGE | 1);
	UK_EXPECT_EQ(hv.scontrol, 1);
	UK_EXPECT_EQ(hv.sint[0], 0);
	UK_EXPECT_EQ(hv.sint[HYPERV_SINT_TIMER], VECTOR);
	UK_EXPECT_EQ(hv.config >> 16, HYPERV_SINT_TIMER);
	hyperv_stimer_set(&regs, hv.now, 1000);
	advance(hv.now + 12);
	UK_EXPECT_EQ(hv.taken, 1);
	UK_EXPECT_EQ(hyperv_message_take(&regs, slot()), HYPERV_MESSAGE_TIMER);
	UK_EXPECT_EQ(slot()->type, HYPERV_MESSAGE_NONE);
	/* Nobody waits: there is nothing to tell. */
	UK_EXPECT_EQ(hv.eoms, 0);
	UK_EXPECT_EQ(hyperv_message_take(&regs, slot()), HYPERV_MESSAGE_NONE);
}

UK_TEST(hyperv_stimer, what_was_on_in_the_controller_stays_on)
{
	begin(0);
	hv.scontrol = 0x8000;
	hyperv_synic_on(&regs, PAGE, HYPERV_SINT_TIMER, VECTOR);
	UK_EXPECT_EQ(hv.scontrol, 0x8001);
}

UK_TEST(hyperv_stimer, a_message_that_waits_comes_when_the_slot_is_free)
{
	begin(0);
	hyperv_stimer_set(&regs, hv.now, 1000);
	advance(hv.now + 12);
	hyperv_stimer_set(&regs, hv.now, 1000);
	advance(hv.now + 12);
	UK_EXPECT_EQ(hv.taken, 1);
	UK_EXPECT(hv.waiting);
	UK_EXPECT_EQ(hyperv_message_take(&regs, slot()), HYPERV_MESSAGE_TIMER);
	UK_EXPECT_EQ(hv.eoms, 1);
	UK_EXPECT_EQ(hv.taken, 2);
	UK_EXPECT_EQ(hyperv_message_take(&regs, slot()), HYPERV_MESSAGE_TIMER);
	UK_EXPECT_EQ(hv.eoms, 1);
}

UK_TEST(hyperv_stimer, a_message_that_nobody_knows_does_not_block_the_slot)
{
	begin(0);
	slot()->type = 0x1;
	slot()->flags = 0xff;
	UK_EXPECT_EQ(hyperv_message_take(&regs, slot()), 0x1);
	UK_EXPECT_EQ(slot()->type, HYPERV_MESSAGE_NONE);
	UK_EXPECT_EQ(hv.eoms, 1);
}
