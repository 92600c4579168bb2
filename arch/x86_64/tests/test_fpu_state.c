/* SPDX-License-Identifier: BSD-3-Clause */
/* The whole FPU state goes into an area and comes back. */
#include "../cpuid.h"
#include "../x86_priv.h"

#include <uk/arch/ctx.h>
#include <uk/compiler.h>
#include <uk/test.h>

/* AVX-512 with all its parts takes 2,696 bytes (SDM volume 1, 13.5). */
static char area_a[4096] UK_ALIGNED(UKARCH_ECTX_ALIGN);
static char area_b[4096] UK_ALIGNED(UKARCH_ECTX_ALIGN);

static void fill_xmm(uint64_t val)
{
	__asm__ volatile("movq %0, %%xmm0\n\tmovq %0, %%xmm7\n\t"
			 "movq %0, %%xmm15" : : "r"(val));
}

static uint64_t xmm15(void)
{
	uint64_t val;

	__asm__ volatile("movq %%xmm15, %0" : "=r"(val));
	return val;
}

UK_TEST(fpu_state, an_area_holds_what_is_enabled)
{
	UK_EXPECT_GE(ukarch_ectx_size(), 512);
	UK_EXPECT_LE(ukarch_ectx_size(), sizeof(area_a));
}

UK_TEST(fpu_state, two_states_do_not_mix)
{
	ukarch_ectx_init(area_a);
	ukarch_ectx_init(area_b);
	fill_xmm(1);
	ukarch_ectx_save(area_a);
	fill_xmm(2);
	ukarch_ectx_save(area_b);
	ukarch_ectx_restore(area_a);
	UK_EXPECT_EQ(xmm15(), 1);
	ukarch_ectx_restore(area_b);
	UK_EXPECT_EQ(xmm15(), 2);
}

UK_TEST(fpu_state, a_fresh_state_is_that_of_a_program_s_start)
{
	uint32_t mxcsr, odd = X86_MXCSR | 0x2000;
	uint16_t fcw;

	fill_xmm(3);
	__asm__ volatile("ldmxcsr %0" : : "m"(odd));
	ukarch_ectx_init(area_a);
	ukarch_ectx_restore(area_a);
	__asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(fcw));
	UK_EXPECT_EQ(xmm15(), 0);
	UK_EXPECT_EQ(mxcsr, X86_MXCSR);
	UK_EXPECT_EQ(fcw, X86_FCW);
}

UK_TEST(fpu_state, the_upper_halves_of_avx_are_part_of_it)
{
	uint64_t val[4] = { 1, 2, 3, 4 }, got[4] = { 0 };

	if (x86_fpu_save_kind == X86_FXSAVE ||
	    !(ukarch_cpuid(1, 0).ecx & (1u << 28)))
		UK_TEST_SKIP("this CPU has no AVX");

	ukarch_ectx_init(area_a);
	__asm__ volatile("vmovdqu %0, %%ymm9" : : "m"(val));
	ukarch_ectx_save(area_a);
	__asm__ volatile("vxorps %%ymm9, %%ymm9, %%ymm9" : : : "memory");
	ukarch_ectx_restore(area_a);
	__asm__ volatile("vmovdqu %%ymm9, %0" : "=m"(got));
	UK_EXPECT_MEM_EQ(got, val, sizeof(val));
}
