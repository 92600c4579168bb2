/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Machine checks (Intel SDM volume 3B, chapter 16): memory that is broken, and
 * what else the hardware finds in itself. Without CR4.MCE the first one resets
 * the machine, and nobody learns why; with it, the crash screen tells what the
 * first bank that has an error says. The image does not go on after one.
 *
 * The text is a form into which digits are put, since nothing is known of the
 * memory that a formatter would use.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/bits/arch/msr.h>

#include "cpuid.h"
#include "x86_priv.h"

#define CR4_MCE			(UINT64_C(1) << 6)

#define MSR_MCG_CAP		0x179u
#define MSR_MCG_CTL		0x17bu
#define MSR_MC_CTL(bank)	(0x400u + 4 * (bank))
#define MSR_MC_STATUS(bank)	(0x401u + 4 * (bank))
#define MSR_MC_ADDR(bank)	(0x402u + 4 * (bank))

#define MCG_CAP_COUNT		0xffu
#define MCG_CAP_CTL_P		0x100u

#define STATUS_VAL		(UINT64_C(1) << 63)
#define STATUS_ADDRV		(UINT64_C(1) << 58)

#define FORM	"machine check: bank __, status 0x________________" \
		", address 0x________________"
#define AT_BANK		20u
#define AT_STATUS	33u
#define AT_COMMA	49u
#define AT_ADDR		61u

_Static_assert(sizeof(FORM) == X86_MCHECK_TEXT, "what callers have");
_Static_assert(sizeof(FORM) == AT_ADDR + 16 + 1, "see the form");

static bool has_banks(void)
{
	const uint32_t both = CPUID_1_EDX_MCE | CPUID_1_EDX_MCA;

	return (ukarch_cpuid(1, 0).edx & both) == both;
}

/* The first bank whose control is not the firmware's alone (16.3.2.1). */
static uint32_t first_bank(void)
{
	const uint32_t version = ukarch_cpuid(1, 0).eax;
	const uint32_t family = version >> 8 & 0xf;
	const uint32_t model = (version >> 4 & 0xf) | (version >> 12 & 0xf0);

	return family == 6 && model < 0x1a ? 1 : 0;
}

void x86_mcheck_init(void)
{
	uint64_t cap, cr4;

	if (!has_banks())
		return;
	cap = ukarch_msr_read(MSR_MCG_CAP);
	if (cap & MCG_CAP_CTL_P)
		ukarch_msr_write(MSR_MCG_CTL, UINT64_MAX);
	for (uint32_t i = 0; i < (cap & MCG_CAP_COUNT); i++) {
		if (i >= first_bank())
			ukarch_msr_write(MSR_MC_CTL(i), UINT64_MAX);
		/* What is there from before the start is told by nobody. */
		ukarch_msr_write(MSR_MC_STATUS(i), 0);
	}
	__asm__ volatile("movq %%cr4, %0\n\t"
			 "orq %1, %0\n\t"
			 "movq %0, %%cr4" : "=&r"(cr4) : "r"(CR4_MCE));
}

/* The low @n digits of @val, to base @base, at @to. */
static void put(char *to, unsigned int n, unsigned int base, uint64_t val)
{
	while (n-- > 0) {
		to[n] = "0123456789abcdef"[val % base];
		val /= base;
	}
}

const char *x86_mcheck_text(char *text, unsigned int bank, uint64_t status,
			    uint64_t addr)
{
	static const char form[] = FORM;

	__builtin_memcpy(text, form, sizeof(form));
	put(text + AT_BANK, 2, 10, bank);
	put(text + AT_STATUS, 16, 16, status);
	if (status & STATUS_ADDRV)
		put(text + AT_ADDR, 16, 16, addr);
	else
		text[AT_COMMA] = '\0';
	return text;
}

const char *x86_mcheck_cause(char *text)
{
	const uint64_t n = has_banks() ?
		ukarch_msr_read(MSR_MCG_CAP) & MCG_CAP_COUNT : 0;

	for (uint32_t i = 0; i < n; i++) {
		const uint64_t status = ukarch_msr_read(MSR_MC_STATUS(i));

		if (!(status & STATUS_VAL))
			continue;
		/* A bank without addresses may not have the register. */
		return x86_mcheck_text(text, i, status,
				       status & STATUS_ADDRV ?
				       ukarch_msr_read(MSR_MC_ADDR(i)) : 0);
	}
	return NULL;
}
