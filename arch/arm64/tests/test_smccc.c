/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The calls, against firmware that answers with what it was given (support/
 * tests/boot/stubs/arm64_el2.S). On demand: nothing else answers so.
 */
#include <uk/bits/arch/smccc.h>

#include <stdint.h>

#include <uk/arch/trap.h>
#include <uk/essentials.h>
#include <uk/test.h>

#define FN_PERMUTE	0xc6000001u	/* x[i] = x[17 - i] + i */
#define FN_SCRIBBLE	0xc6000002u	/* also over v0 to v31, FPSR, FPCR */
#define FN_SERROR	0xc6000003u	/* … is pending when it returns */

/* v0 to v31, then FPSR and FPCR. */
#define NVECTOR		66

void ukarch_test_fpsimd_load(const uint64_t *v);
void ukarch_test_fpsimd_store(uint64_t *v);

static const struct {
	void (*call)(uint64_t *x);
	void (*keeping)(uint64_t *x);
} conduits[] = {
	{ ukarch_smccc_hvc, ukarch_smccc_hvc_fpsimd },
	{ ukarch_smccc_smc, ukarch_smccc_smc_fpsimd },
};

static void expect_permuted(void (*call)(uint64_t *x), uint32_t fn)
{
	uint64_t in[UKARCH_SMCCC_NREGS], x[UKARCH_SMCCC_NREGS + 2];

	for (uint64_t i = 0; i < UKARCH_SMCCC_NREGS; i++)
		in[i] = i ? UINT64_C(0x0123456789abcdef) * (2 * i + 1) : fn;
	for (unsigned int i = 0; i < UKARCH_SMCCC_NREGS; i++)
		x[i] = in[i];
	/* Nothing behind the registers is touched. */
	x[18] = x[19] = 0x5a5a;
	call(x);
	for (unsigned int i = 0; i < UKARCH_SMCCC_NREGS; i++)
		UK_EXPECT_EQ(x[i], in[17 - i] + i);
	UK_EXPECT_EQ(x[18], 0x5a5a);
	UK_EXPECT_EQ(x[19], 0x5a5a);
}

UK_TEST(on_demand, firmware_gets_and_gives_every_register)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(conduits); i++) {
		expect_permuted(conduits[i].call, FN_PERMUTE);
		expect_permuted(conduits[i].keeping, FN_PERMUTE);
		expect_permuted(conduits[i].keeping, FN_SCRIBBLE);
	}
}

/* How many of the vector registers' words @call changes. */
static unsigned int nchanged(void (*call)(uint64_t *x))
{
	uint64_t x[UKARCH_SMCCC_NREGS] = { FN_SCRIBBLE };
	static uint64_t before[NVECTOR], after[NVECTOR];
	unsigned int n = 0;

	for (uint64_t i = 0; i < 64; i++)
		before[i] = UINT64_C(0x1111111111111111) * (i % 15 + 1) + i;
	before[64] = 0x08000010;	/* QC, IXC */
	before[65] = 0x00800000;	/* RMode: towards minus infinity */
	ukarch_test_fpsimd_load(before);
	call(x);
	ukarch_test_fpsimd_store(after);
	for (unsigned int i = 0; i < NVECTOR; i++)
		n += before[i] != after[i];
	return n;
}

UK_TEST(on_demand, vector_registers_survive_firmware_that_loses_them)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(conduits); i++) {
		/* That it does lose them all is what makes this a test. */
		UK_EXPECT_EQ(nchanged(conduits[i].call), NVECTOR);
		UK_EXPECT_EQ(nchanged(conduits[i].keeping), 0);
	}
	/* As at the start of a program. */
	ukarch_test_fpsimd_load((const uint64_t[NVECTOR]){ 0 });
}

/* What to do with an SError. */
static bool serror_is_handled;
static volatile unsigned int nserrors;

static enum uk_event_result on_bus_error(void *data)
{
	const struct uk_trap *const trap = data;

	if (!serror_is_handled || trap->has_addr)
		return UK_EVENT_NOT_HANDLED;
	nserrors++;
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_bus_error, on_bus_error,
		      UK_EVENT_PRIO_FIRST);

static void ask_for_serror(void *arg UK_UNUSED)
{
	uint64_t x[UKARCH_SMCCC_NREGS] = { FN_SERROR };

	ukarch_smccc_hvc(x);
	__asm__ volatile("isb" : : : "memory");
}

UK_TEST(on_demand, an_serror_is_an_event_or_else_a_crash)
{
	serror_is_handled = true;
	ask_for_serror(NULL);
	serror_is_handled = false;
	UK_EXPECT_EQ(nserrors, 1);

	UK_EXPECT_CRASH(ask_for_serror, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "SError: a memory access failed some time ago");
}
