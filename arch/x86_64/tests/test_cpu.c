/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/regs.h>
#include <uk/test.h>

#include "../cpuid.h"
#include "../x86_priv.h"

UK_TEST(cpu, captured_registers_are_the_callers)
{
	struct ukarch_regs regs;
	uintptr_t rsp;

	ukarch_regs_capture(&regs);
	__asm__ volatile("movq %%rsp, %0" : "=r"(rsp));
	UK_EXPECT_EQ(ukarch_regs_sp(&regs), rsp);
	UK_EXPECT_EQ(regs.rdi, (uintptr_t)&regs);
	UK_EXPECT_EQ(regs.error, 0);
	UK_EXPECT(ukarch_regs_ip(&regs) > (uintptr_t)ukarch_regs_capture ||
		  ukarch_regs_ip(&regs) < (uintptr_t)ukarch_regs_capture);
}

UK_TEST(cpu, ticks_go_on)
{
	const uint64_t before = ukarch_ticks();

	UK_EXPECT_LT(before, ukarch_ticks());
}

UK_TEST(cpu, irq_state_nests)
{
	const bool before = ukarch_irq_enabled();
	const unsigned long outer = ukarch_irq_save();
	const unsigned long inner = ukarch_irq_save();

	UK_EXPECT(!ukarch_irq_enabled());
	ukarch_irq_restore(inner);
	UK_EXPECT(!ukarch_irq_enabled());
	ukarch_irq_restore(outer);
	UK_EXPECT_EQ(ukarch_irq_enabled(), before);
}

UK_TEST(cpu, physical_addresses_have_32_to_52_bits)
{
	UK_EXPECT_LE(32, ukarch_paddr_bits());
	UK_EXPECT_LE(ukarch_paddr_bits(), 52);
}

UK_TEST(cpu, tables_have_five_levels_where_asked_for_and_the_cpu_can)
{
	const bool can = ukarch_cpuid(0, 0).eax >= 7 &&
			 (ukarch_cpuid(7, 0).ecx & CPUID_7_ECX_LA57);
	const bool five = UKARCH_PT_LEVELS_MAX == 5 && can;
	uint64_t cr4;

	__asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
	UK_EXPECT_EQ(ukarch_pt_levels(), five ? 5 : 4);
	UK_EXPECT_EQ(cr4 >> 12 & 1, five);
}

UK_TEST(cpu, random_numbers_differ_where_there_are_any)
{
	uint64_t a = 42, b = 42;

	if (!ukarch_random_u64(&a)) {
		/* And then nothing was written. */
		UK_EXPECT_EQ(a, 42);
		UK_TEST_SKIP("this CPU has no random instruction");
	}
	UK_EXPECT(ukarch_random_u64(&b));
	UK_EXPECT_NE(a, b);
}

static unsigned int ndrawn;

/* The carry is clear, for ever. */
static bool runs_dry(uint64_t *val)
{
	*val = 0;
	ndrawn++;
	return false;
}

static bool all_ones(uint64_t *val)
{
	*val = UINT64_MAX;
	ndrawn++;
	return true;
}

/* Both of it, and then a number. */
static bool comes_late(uint64_t *val)
{
	if (ndrawn < 4)
		return runs_dry(val);
	if (ndrawn < 9)
		return all_ones(val);
	*val = 12345;
	return true;
}

UK_TEST(cpu, a_broken_random_instruction_is_given_up_after_ten_tries)
{
	uint64_t val = 42;

	ndrawn = 0;
	UK_EXPECT(!x86_random(runs_dry, &val));
	UK_EXPECT_EQ(ndrawn, 10);
	ndrawn = 0;
	UK_EXPECT(!x86_random(all_ones, &val));
	UK_EXPECT_EQ(ndrawn, 10);
	UK_EXPECT_EQ(val, 42);
	ndrawn = 0;
	UK_EXPECT(x86_random(comes_late, &val));
	UK_EXPECT_EQ(val, 12345);
}

UK_TEST(cpu, programs_may_use_every_vector_register_there_is)
{
	const uint32_t mxcsr_start = 0x1f80;
	uint32_t mxcsr, lo, hi;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	UK_EXPECT_EQ(mxcsr, mxcsr_start);
	if (!(ukarch_cpuid(1, 0).ecx & CPUID_1_ECX_XSAVE))
		UK_TEST_SKIP("this CPU has no XSAVE");
	if (!(ukarch_cpuid(1, 0).ecx & CPUID_1_ECX_OSXSAVE)) {
		/* Off where it would be repeated for ever, see fpu.c. */
		UK_EXPECT_EQ(ukarch_cpuid(0xd, 1).eax, 0);
		UK_TEST_SKIP("XSAVE cannot be switched on here");
	}
	__asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	/* x87 and SSE always; AVX exactly if XSAVE knows it. */
	UK_EXPECT_EQ(lo & 7, 3 | (ukarch_cpuid(0xd, 0).eax & 4));
	UK_EXPECT_EQ(hi, 0);
}
