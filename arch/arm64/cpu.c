/* SPDX-License-Identifier: BSD-3-Clause */
/* What the ID registers say (Arm ARM D19.2), random numbers, per-CPU data. */
#include <uk/arch/cpu.h>

#include <uk/arch/lcpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/percpu.h>
#include <uk/percpu.h>

#include "trap_priv.h"

UK_PERCPU(struct uk_cpu, uk_cpu);
static UK_PERCPU(struct uk_current, boot_current);

uint64_t ukarch_hwid(void)
{
	uint64_t mpidr;

	/* Aff3 in bits 39 to 32, Aff2 to Aff0 in 23 to 0, as PSCI has it. */
	__asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
	return mpidr & UINT64_C(0xff00ffffff);
}

void arm64_cpu_begin(uint32_t idx, uintptr_t trap_stack_top)
{
	struct uk_current *const cur = uk_this_cpu_ptr(boot_current);

	cur->name = "boot";
	cur->trap_stack_top = trap_stack_top;
	uk_this_cpu(uk_cpu) = (struct uk_cpu){
		.idx = idx,
		.hwid = ukarch_hwid(),
	};
	ukarch_current_set(cur);
}

void arm64_cpu_init(void)
{
	arm64_cpu_begin(0, (uintptr_t)ukarch_trap_stack_top);
}

/* @field is the lowest bit of a 4-bit field of @id. */
static unsigned int id_field(uint64_t id, unsigned int field)
{
	return (unsigned int)(id >> field) & 15u;
}

uint64_t ukarch_ticks_hz(void)
{
	uint64_t hz;

	/* Firmware sets it; the register is 32 bits wide. */
	__asm__("mrs %0, cntfrq_el0" : "=r"(hz));
	return hz & UINT32_MAX;
}

unsigned int ukarch_paddr_bits(void)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44 };
	unsigned int parange;
	uint64_t mmfr0;

	__asm__("mrs %0, id_aa64mmfr0_el1" : "=r"(mmfr0));
	parange = id_field(mmfr0, 0);

	/* More than 48 bits need larger granules or other descriptors. */
	return parange < 5 ? bits[parange] : 48;
}

unsigned int ukarch_pt_leaf_max(void)
{
	/* 1 GiB blocks belong to the 4 KiB granule. */
	return 2;
}

bool ukarch_random_u64(uint64_t *val)
{
	uint64_t isar0;

	__asm__("mrs %0, id_aa64isar0_el1" : "=r"(isar0));
	if (id_field(isar0, 60) == 0)
		return false;

	for (unsigned int i = 0; i < 10; i++) {
		uint64_t rnd;
		bool failed;

		/* RNDR; Z is set if it has no number now. */
		__asm__ volatile("mrs %0, s3_3_c2_c4_0\n\tcset %w1, eq"
				 : "=r"(rnd), "=r"(failed) : : "cc");
		if (!failed) {
			*val = rnd;
			return true;
		}
	}
	return false;
}
