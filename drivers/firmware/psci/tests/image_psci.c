/* SPDX-License-Identifier: BSD-3-Clause */
/* The firmware that QEMU's virt machine is; with -smp 2 it has more to say. */
#include "../psci_priv.h"

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bits/arch/cache.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/sections.h>
#include <uk/test.h>

/* How the other CPU reports; image_cpu.S has the offsets. */
struct mail {
	uint64_t here;
	uint64_t mpidr;
	uint64_t current_el;
	uint64_t conduit;
};

_Static_assert(offsetof(struct mail, mpidr) == 8 &&
	       offsetof(struct mail, current_el) == 16 &&
	       offsetof(struct mail, conduit) == 24, "as image_cpu.S has them");

extern char psci_test_cpu[];

static volatile struct mail mail UK_ALIGNED(4096);

static uint64_t text_paddr;
static uint32_t conduit;

static int keep_place(const struct uk_boot_ctx *ctx)
{
	conduit = ctx->bi->psci;
	for (uint32_t i = 0; i < ctx->bi->nregions; i++)
		if (ctx->bi->regions[i].type == UK_REGION_TEXT)
			text_paddr = ctx->bi->regions[i].base;
	return 0;
}

UK_INIT(LATE, keep_place, NULL);

static uint64_t paddr_of(const volatile void *ptr)
{
	return (uintptr_t)ptr - (uintptr_t)_text + text_paddr;
}

static uint64_t this_cpu(void)
{
	uint64_t mpidr;

	__asm__("mrs %0, mpidr_el1" : "=r"(mpidr));
	return mpidr & PSCI_AFFINITY;
}

/*
 * KVM is the firmware of its guests, and not strict (its unique id by the call
 * of SMCCC 1.1, 6.2, in the range of hypervisors).
 */
static bool is_kvm(void)
{
	uint64_t x[UK_SMCCC_NREGS] = { 0x8600ff01 };
	struct uk_smccc svc;

	if (uk_psci_smccc(&svc) < 0 || svc.version < UK_SMCCC_VERSION(1, 1))
		return false;
	uk_smccc_invoke(&svc, x);
	return (uint32_t)x[0] == 0xb66fb428 && (uint32_t)x[1] == 0xe911c52e &&
	       (uint32_t)x[2] == 0x564bcaa9 && (uint32_t)x[3] == 0x743a004d;
}

UK_TEST(psci_machine, firmware_is_psci_1_1)
{
	uint32_t version = 0;

	UK_EXPECT_EQ(uk_psci_version(&version), 0);
	UK_EXPECT_EQ(version, UK_PSCI_VERSION(1, 1));
}

UK_TEST(psci_machine, functions_that_exist_are_told_from_others)
{
	UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_CPU_ON_64), 0);
	UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_SYSTEM_OFF), 0);
	UK_EXPECT_GE(uk_psci_features(UK_PSCI_FN_CPU_SUSPEND_64), 0);
	UK_EXPECT_EQ(uk_psci_features(0x8400001f), -ENOTSUP);
}

UK_TEST(psci_machine, smccc_is_what_the_sequence_finds)
{
	struct uk_smccc svc;

	UK_EXPECT_EQ(uk_psci_smccc(&svc), 0);
	UK_EXPECT_GE(svc.version, UK_SMCCC_VERSION(1, 0));
	UK_EXPECT_EQ(uk_smccc_call(&svc, UK_PSCI_FN_VERSION, 0, 0, 0),
		     UK_PSCI_VERSION(1, 1));
}

UK_TEST(psci_machine, the_cpu_this_runs_on_is_on)
{
	UK_EXPECT_EQ(uk_psci_affinity_info(this_cpu(), 0),
		     UK_PSCI_AFFINITY_ON);
	UK_EXPECT_EQ(uk_psci_cpu_on(this_cpu(), paddr_of(psci_test_cpu), 0),
		     -EALREADY);
}

UK_TEST(psci_machine, a_cpu_that_does_not_exist_is_invalid)
{
	UK_EXPECT_EQ(uk_psci_affinity_info(0xff00ffffff, 0), -EINVAL);
	UK_EXPECT_EQ(uk_psci_cpu_on(0xff00ffffff, paddr_of(psci_test_cpu), 0),
		     -EINVAL);
}

UK_TEST(psci_machine, an_entry_that_is_not_aligned_is_invalid)
{
	if (is_kvm())
		UK_TEST_SKIP("KVM does not look at the entry");
	UK_EXPECT_EQ(uk_psci_cpu_on(this_cpu() ^ 1, text_paddr + 2, 0),
		     -EINVAL);
}

UK_TEST(psci_machine, a_power_state_that_firmware_does_not_have_is_invalid)
{
	if (uk_psci_state_is_extended())
		UK_TEST_SKIP("firmware has the extended format");
	if (is_kvm())
		UK_TEST_SKIP("KVM waits for an interrupt in every state");
	UK_EXPECT_EQ(uk_psci_cpu_standby(0x03000000), -EINVAL);
}

UK_TEST(psci_machine, no_trusted_os_needs_migration)
{
	uint64_t mpidr;

	UK_EXPECT_EQ(uk_psci_migrate_info_type(), UK_PSCI_MIGRATE_NOT_NEEDED);
	UK_EXPECT_EQ(uk_psci_migrate_info_up_cpu(&mpidr), -ENOTSUP);
}

/* Is @done() before a second is over? */
static bool within_a_second(bool (*done)(uint64_t cpu), uint64_t cpu)
{
	const uint64_t start = ukarch_ticks(), hz = ukarch_ticks_hz();

	while (!done(cpu))
		if (ukarch_ticks() - start > hz)
			return false;
	return true;
}

static bool mail_is_here(uint64_t cpu UK_UNUSED)
{
	ukarch_dcache_flush(&mail, sizeof(mail));
	return mail.here;
}

static bool is_off(uint64_t cpu)
{
	return uk_psci_affinity_info(cpu, 0) == UK_PSCI_AFFINITY_OFF;
}

UK_TEST(psci_machine, another_cpu_starts_and_stops)
{
	const uint64_t cpu = this_cpu() ^ 1;

	if (uk_psci_affinity_info(cpu, 0) == -EINVAL)
		UK_TEST_SKIP("this machine has one CPU");
	if (!is_off(cpu) && UK_IS_ENABLED(CONFIG_LIBUKSCHED_SMP))
		UK_TEST_SKIP("the other one runs threads");
	UK_EXPECT(is_off(cpu));

	/* Twice: one that went can come again. */
	for (unsigned int i = 0; i < 2; i++) {
		mail = (struct mail){ .conduit = conduit };
		ukarch_dcache_flush(&mail, sizeof(mail));
		UK_EXPECT_EQ(uk_psci_cpu_on(cpu, paddr_of(psci_test_cpu),
					    paddr_of(&mail)), 0);
		if (!UK_EXPECT(within_a_second(mail_is_here, cpu)))
			return;
		UK_EXPECT_EQ(mail.mpidr & PSCI_AFFINITY, cpu);
		UK_EXPECT_EQ(mail.current_el,
			     conduit == UK_PSCI_SMC ? 2 << 2 : 1 << 2);
		UK_EXPECT(within_a_second(is_off, cpu));
	}
}

UK_TEST(psci_machine, a_restart_that_nobody_defined_is_not_supported)
{
	if (is_kvm())
		UK_TEST_SKIP("KVM leaves it to the VMM, which restarts");
	UK_EXPECT_EQ(uk_psci_system_reset2(UK_PSCI_RESET_VENDOR | 0x123, 0),
		     -ENOTSUP);
}

/* For the hypervisor of support/tests/boot/stubs/arm64_el2.S. */
UK_TEST(on_demand, smccc_1_3_is_found_behind_psci)
{
	uint64_t x[UK_SMCCC_NREGS] = { 0xc6000001, 1 };
	struct uk_smccc svc;

	if (!UK_EXPECT_EQ(uk_psci_smccc(&svc), 0))
		return;
	UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 3));
	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0x80008000), 1);
	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0x80000099), -ENOTSUP);
	UK_EXPECT_EQ(uk_smccc_soc_id(&svc, UK_SMCCC_SOC_VERSION), 0x5a0000);
	UK_EXPECT_EQ(uk_smccc_soc_id(&svc, UK_SMCCC_SOC_REVISION), 0x5a0001);

	/* It gives back the function id that it saw, and all registers. */
	uk_smccc_invoke(&svc, x);
	UK_EXPECT_EQ(x[17], (0xc6000001 | UK_SMCCC_NO_SVE) + 17);
	UK_EXPECT_EQ(x[16], 1 + 16);
	UK_EXPECT_EQ(x[4], 4);
}

/* The console shows whether it did: see suites/firmware.py. */
UK_TEST(on_demand, the_machine_restarts)
{
	UK_EXPECT_EQ(uk_psci_system_reset(), 0);
}
