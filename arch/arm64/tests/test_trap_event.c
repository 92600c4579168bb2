/* SPDX-License-Identifier: BSD-3-Clause */
#include "../trap_priv.h"

#include <uk/arch/regs.h>
#include <uk/test.h>

#define ESR(ec, iss)	((uint64_t)(ec) << 26 | (iss))
#define DABORT		0x25
#define IABORT		0x21
#define WNR		0x40
#define CM		0x100
#define FNV		0x400

static struct uk_trap trap;

static const uk_event_fn *decode(uint64_t esr)
{
	static struct ukarch_regs regs;

	regs.esr = esr;
	regs.far = 0x123456789;
	return arm64_trap_decode(&trap, &regs, TRAP_SYNC);
}

static const uk_event_fn *decode_class(unsigned int ec)
{
	return decode(ESR(ec, 0));
}

UK_TEST(trap_event, instructions_the_cpu_does_not_have_are_invalid)
{
	/* Unknown, WFx, FP, illegal state, HVC, SMC, MRS, SVE, SME. */
	static const unsigned int classes[] = {
		0x00, 0x01, 0x07, 0x0e, 0x16, 0x17, 0x18, 0x19, 0x1d,
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		UK_EXPECT_EQ(decode_class(classes[i]),
			     uk_event_ukarch_trap_invalid_op);
}

UK_TEST(trap_event, breakpoints_steps_and_watchpoints_are_debug)
{
	UK_EXPECT_EQ(decode_class(0x31), uk_event_ukarch_trap_debug);
	UK_EXPECT_EQ(decode_class(0x33), uk_event_ukarch_trap_debug);
	UK_EXPECT(!trap.has_addr);
	UK_EXPECT_EQ(decode_class(0x35), uk_event_ukarch_trap_debug);
	UK_EXPECT(trap.has_addr);
	UK_EXPECT_EQ(decode_class(0x3c), uk_event_ukarch_trap_debug);
}

UK_TEST(trap_event, translation_access_flag_and_rights_are_page_faults)
{
	for (unsigned int fsc = 0x04; fsc < 0x10; fsc++) {
		UK_EXPECT_EQ(decode(ESR(DABORT, fsc)),
			     uk_event_ukarch_trap_page_fault);
		UK_EXPECT_EQ(trap.mapped, fsc >= 0x0c);
		UK_EXPECT_EQ(trap.access, UK_TRAP_READ);
		UK_EXPECT(trap.has_addr);
		UK_EXPECT_EQ(trap.addr, 0x123456789);
		UK_EXPECT_EQ(decode(ESR(IABORT, fsc)),
			     uk_event_ukarch_trap_page_fault);
		UK_EXPECT_EQ(trap.access, UK_TRAP_EXEC);
	}
}

UK_TEST(trap_event, a_write_is_told_from_cache_maintenance)
{
	(void)decode(ESR(DABORT, 0x0f | WNR));
	UK_EXPECT_EQ(trap.access, UK_TRAP_WRITE);
	(void)decode(ESR(DABORT, 0x0f | WNR | CM));
	UK_EXPECT_EQ(trap.access, UK_TRAP_READ);
	/* Of an instruction abort, these bits say nothing. */
	(void)decode(ESR(IABORT, 0x0f | WNR));
	UK_EXPECT_EQ(trap.access, UK_TRAP_EXEC);
}

UK_TEST(trap_event, other_aborts_and_misalignment_are_bus_errors)
{
	/* External, on a walk, parity, alignment, TLB conflict, atomics. */
	static const unsigned int codes[] = {
		0x00, 0x10, 0x13, 0x17, 0x18, 0x1f, 0x21, 0x30, 0x34, 0x35,
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		UK_EXPECT_EQ(decode(ESR(DABORT, codes[i])),
			     uk_event_ukarch_trap_bus_error);
		UK_EXPECT(trap.has_addr);
	}
	UK_EXPECT_EQ(decode(ESR(DABORT, 0x10 | FNV)),
		     uk_event_ukarch_trap_bus_error);
	UK_EXPECT(!trap.has_addr);
	UK_EXPECT_EQ(decode_class(0x22), uk_event_ukarch_trap_bus_error);
	UK_EXPECT(trap.has_addr);
	UK_EXPECT_EQ(decode_class(0x26), uk_event_ukarch_trap_bus_error);
	UK_EXPECT(!trap.has_addr);
}

UK_TEST(trap_event, pointer_and_branch_checks_are_security)
{
	/* PAuth, BTI, FPAC, GCS; a tag check. */
	UK_EXPECT_EQ(decode_class(0x09), uk_event_ukarch_trap_security);
	UK_EXPECT_EQ(decode_class(0x0d), uk_event_ukarch_trap_security);
	UK_EXPECT_EQ(decode_class(0x1c), uk_event_ukarch_trap_security);
	UK_EXPECT_EQ(decode_class(0x2d), uk_event_ukarch_trap_security);
	UK_EXPECT_EQ(decode(ESR(DABORT, 0x11)),
		     uk_event_ukarch_trap_security);
}

UK_TEST(trap_event, floating_point_exceptions_are_math)
{
	UK_EXPECT_EQ(decode_class(0x2c), uk_event_ukarch_trap_math);
}

UK_TEST(trap_event, what_nobody_can_handle_is_not_raised)
{
	struct ukarch_regs regs = { .esr = ESR(DABORT, 0x07) };

	UK_EXPECT_NULL(decode_class(0x15));	/* SVC */
	UK_EXPECT_NULL(decode_class(0x3f));	/* unknown class */
	UK_EXPECT_NULL(decode(ESR(0x24, 0x07)));	/* from below EL1 */
	UK_EXPECT_NULL(arm64_trap_decode(&trap, &regs, TRAP_LOWER_EL));
	UK_EXPECT_NULL(arm64_trap_decode(&trap, &regs,
					 TRAP_STACK_OVERFLOW));
}

UK_TEST(trap_event, an_serror_is_a_bus_error_without_an_address)
{
	struct ukarch_regs regs = { .esr = ESR(0x2f, 0) };

	UK_EXPECT_EQ(arm64_trap_decode(&trap, &regs, TRAP_SERROR),
		     uk_event_ukarch_trap_bus_error);
	UK_EXPECT(!trap.has_addr);
	UK_EXPECT_EQ(trap.regs, &regs);
}
