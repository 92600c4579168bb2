/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * PSCI with firmware that is a function here: it keeps the last call, counts,
 * and answers by version and table. Each case ends with what was there before.
 */
#include "../psci_priv.h"

#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test.h>

#define MPIDR	UINT64_C(0x0100000203)
#define ENTRY	UINT64_C(0x123456780)

static struct {
	uint32_t version;		/* of PSCI; its answer as it is */
	uint32_t smccc;			/* 0: SMCCC_VERSION is no feature */
	int64_t suspend_features;
	int64_t status;			/* of all other functions */
	uint64_t x[UK_SMCCC_NREGS];	/* the last call */
	unsigned int ncalls;
	unsigned int nversions;		/* calls of PSCI_VERSION */
} fw;

static uint64_t features(uint64_t fn)
{
	if (fn == UK_SMCCC_FN_VERSION)
		return fw.smccc ? 0 : UINT64_MAX;
	if (fn == UK_PSCI_FN_CPU_SUSPEND_64)
		return (uint64_t)fw.suspend_features;
	return (uint64_t)fw.status;
}

static void fake(uint64_t *x)
{
	fw.ncalls++;
	for (unsigned int i = 0; i < UK_SMCCC_NREGS; i++)
		fw.x[i] = x[i];
	if (x[0] == UK_PSCI_FN_VERSION) {
		fw.nversions++;
		x[0] = fw.version;
	} else if (x[0] == UK_SMCCC_FN_VERSION) {
		x[0] = fw.smccc;
	} else if (x[0] == UK_PSCI_FN_FEATURES) {
		x[0] = features(x[1]);
	} else {
		x[0] = (uint64_t)fw.status;
	}
}

static struct psci before;

/* Firmware of @version from now on. */
static void begin(uint32_t version)
{
	before = psci_state;
	uk_psci_init(UK_PSCI_HVC);
	psci_state.fw.conduit = fake;
	__builtin_memset(&fw, 0, sizeof(fw));
	fw.version = version;
}

static void begin_0_1(const struct uk_psci_ids *ids)
{
	begin(0);
	uk_psci_init_0_1(UK_PSCI_SMC, ids);
	psci_state.fw.conduit = fake;
}

static void end(void)
{
	psci_state = before;
}

UK_TEST(psci, a_machine_without_psci_says_so)
{
	struct uk_smccc svc;
	uint32_t version;
	uint64_t mpidr;

	begin(0);
	uk_psci_init(UK_PSCI_NONE);
	UK_EXPECT_EQ(uk_psci_version(&version), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_CPU_OFF), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_smccc(&svc), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_cpu_on(0, ENTRY, 0), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_cpu_off(), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_affinity_info(0, 0), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_state_is_extended(), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_cpu_standby(0), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_cpu_powerdown(UK_PSCI_STATE_DOWN, 0, 0), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_migrate_info_type(), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_migrate_info_up_cpu(&mpidr), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_migrate(0), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_system_off(), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_system_reset(), -ENOSYS);
	UK_EXPECT_EQ(uk_psci_system_reset2(0, 0), -ENOSYS);
	end();
}

UK_TEST(psci, the_version_is_asked_for_once)
{
	uint32_t version = 0;

	begin(UK_PSCI_VERSION(1, 3));
	UK_EXPECT_EQ(uk_psci_version(&version), 0);
	UK_EXPECT_EQ(version, UK_PSCI_VERSION(1, 3));
	UK_EXPECT_EQ(fw.x[0], 0x84000000);
	UK_EXPECT_EQ(uk_psci_version(&version), 0);
	UK_EXPECT_EQ(fw.ncalls, 1);
	end();
}

UK_TEST(psci, a_version_that_does_not_exist_is_refused)
{
	static const uint32_t bad[] = {
		0, 1, 3, 0xffff, 0x80010000, UINT32_MAX,
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		uint32_t version = 7;

		begin(bad[i]);
		UK_EXPECT_EQ(uk_psci_version(&version), -EPROTO);
		UK_EXPECT_EQ(version, 7);
		UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_CPU_OFF), -EPROTO);
		UK_EXPECT_EQ(uk_psci_cpu_standby(0), -EPROTO);
		/* The way out needs no version. */
		fw.status = UK_PSCI_DENIED;
		UK_EXPECT_EQ(uk_psci_system_off(), -EPERM);
		end();
	}
}

UK_TEST(psci, features_are_asked_from_1_0_on)
{
	begin(UK_PSCI_VERSION(0, 2));
	UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_CPU_OFF), -ENOTSUP);
	UK_EXPECT_EQ(fw.ncalls, 1);
	end();

	begin(UK_PSCI_VERSION(1, 0));
	UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_CPU_OFF), 0);
	UK_EXPECT_EQ(fw.x[0], 0x8400000a);
	UK_EXPECT_EQ(fw.x[1], UK_PSCI_FN_CPU_OFF);
	fw.status = 5;
	UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_CPU_OFF), 5);
	fw.status = UK_PSCI_NOT_SUPPORTED;
	UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_CPU_OFF), -ENOTSUP);
	fw.status = UK_PSCI_DENIED;
	UK_EXPECT_EQ(uk_psci_features(UK_PSCI_FN_CPU_OFF), -EPROTO);
	end();
}

UK_TEST(psci, smccc_is_discovered_in_the_order_of_its_specification)
{
	struct uk_smccc svc;

	/* 0.2: it may not be asked. */
	begin(UK_PSCI_VERSION(0, 2));
	fw.smccc = UK_SMCCC_VERSION(1, 1);
	UK_EXPECT_EQ(uk_psci_smccc(&svc), 0);
	UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 0));
	UK_EXPECT(svc.conduit == fake);
	UK_EXPECT_EQ(fw.ncalls, 1);
	end();

	/* 1.0 without the feature: it may not be asked either. */
	begin(UK_PSCI_VERSION(1, 0));
	UK_EXPECT_EQ(uk_psci_smccc(&svc), 0);
	UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 0));
	UK_EXPECT_EQ(fw.x[0], UK_PSCI_FN_FEATURES);
	UK_EXPECT_EQ(fw.x[1], UK_SMCCC_FN_VERSION);
	UK_EXPECT_EQ(fw.ncalls, 2);
	end();

	begin(UK_PSCI_VERSION(1, 1));
	fw.smccc = UK_SMCCC_VERSION(1, 2);
	UK_EXPECT_EQ(uk_psci_smccc(&svc), 0);
	UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 2));
	UK_EXPECT_EQ(fw.x[0], UK_SMCCC_FN_VERSION);
	UK_EXPECT_EQ(fw.ncalls, 3);
	end();

	begin(UK_PSCI_VERSION(1, 1));
	fw.smccc = 7;
	UK_EXPECT_EQ(uk_psci_smccc(&svc), -EPROTO);
	end();
}

UK_TEST(psci, cpu_on_passes_cpu_entry_and_context)
{
	begin(UK_PSCI_VERSION(0, 2));
	UK_EXPECT_EQ(uk_psci_cpu_on(MPIDR, ENTRY, 0xabc), 0);
	UK_EXPECT_EQ(fw.x[0], 0xc4000003);
	UK_EXPECT_EQ(fw.x[1], MPIDR);
	UK_EXPECT_EQ(fw.x[2], ENTRY);
	UK_EXPECT_EQ(fw.x[3], 0xabc);
	UK_EXPECT_EQ(fw.ncalls, 1);
	end();
}

UK_TEST(psci, what_is_no_affinity_is_no_cpu)
{
	begin(UK_PSCI_VERSION(1, 1));
	/* MPIDR_EL1 has bit 31 set; only its affinity fields name a CPU. */
	UK_EXPECT_EQ(uk_psci_cpu_on(0x80000001, ENTRY, 0), -EINVAL);
	UK_EXPECT_EQ(uk_psci_affinity_info(0x80000001, 0), -EINVAL);
	UK_EXPECT_EQ(uk_psci_affinity_info(0, 4), -EINVAL);
	UK_EXPECT_EQ(uk_psci_migrate(UINT64_C(1) << 40), -EINVAL);
	UK_EXPECT_EQ(fw.ncalls, 0);
	end();
}

UK_TEST(psci, affinity_info_is_one_of_three_states)
{
	begin(UK_PSCI_VERSION(0, 2));
	for (int state = 0; state <= 2; state++) {
		fw.status = state;
		UK_EXPECT_EQ(uk_psci_affinity_info(MPIDR, 1), state);
	}
	UK_EXPECT_EQ(fw.x[0], 0xc4000004);
	UK_EXPECT_EQ(fw.x[1], MPIDR);
	UK_EXPECT_EQ(fw.x[2], 1);
	fw.status = 3;
	UK_EXPECT_EQ(uk_psci_affinity_info(MPIDR, 0), -EPROTO);
	fw.status = UK_PSCI_DISABLED;
	UK_EXPECT_EQ(uk_psci_affinity_info(MPIDR, 0), -EACCES);
	/* A 64-bit function's status is 32 bits, with or without its sign. */
	fw.status = (uint32_t)UK_PSCI_NOT_PRESENT;
	UK_EXPECT_EQ(uk_psci_affinity_info(MPIDR, 0), -ENODEV);
	end();
}

UK_TEST(psci, the_format_of_power_states_is_asked_for_once)
{
	begin(UK_PSCI_VERSION(1, 0));
	UK_EXPECT_EQ(uk_psci_state_is_extended(), 0);
	UK_EXPECT_EQ(uk_psci_state_is_extended(), 0);
	UK_EXPECT_EQ(fw.ncalls, 2);
	end();

	begin(UK_PSCI_VERSION(1, 0));
	fw.suspend_features = 3;
	UK_EXPECT_EQ(uk_psci_state_is_extended(), 1);
	end();

	begin(UK_PSCI_VERSION(0, 2));
	fw.suspend_features = 3;
	UK_EXPECT_EQ(uk_psci_state_is_extended(), 0);
	end();
}

UK_TEST(psci, standby_and_powerdown_take_states_of_their_kind)
{
	begin(UK_PSCI_VERSION(1, 0));
	UK_EXPECT_EQ(uk_psci_cpu_standby(0x01000042), 0);
	UK_EXPECT_EQ(fw.x[0], 0xc4000001);
	UK_EXPECT_EQ(fw.x[1], 0x01000042);
	UK_EXPECT_EQ(fw.x[2], 0);
	UK_EXPECT_EQ(uk_psci_cpu_powerdown(0x02010001, ENTRY, 0xabc), 0);
	UK_EXPECT_EQ(fw.x[1], 0x02010001);
	UK_EXPECT_EQ(fw.x[2], ENTRY);
	UK_EXPECT_EQ(fw.x[3], 0xabc);
	fw.ncalls = 0;
	UK_EXPECT_EQ(uk_psci_cpu_standby(UK_PSCI_STATE_DOWN), -EINVAL);
	UK_EXPECT_EQ(uk_psci_cpu_powerdown(0x42, ENTRY, 0), -EINVAL);
	UK_EXPECT_EQ(uk_psci_cpu_standby(0x00020000), -EINVAL);
	UK_EXPECT_EQ(uk_psci_cpu_standby(0x40000000), -EINVAL);
	UK_EXPECT_EQ(fw.ncalls, 0);
	end();

	begin(UK_PSCI_VERSION(1, 0));
	fw.suspend_features = 2;
	UK_EXPECT_EQ(uk_psci_cpu_standby(0x0fff0042), 0);
	UK_EXPECT_EQ(uk_psci_cpu_powerdown(0x40000001, ENTRY, 0), 0);
	UK_EXPECT_EQ(uk_psci_cpu_standby(0x40000001), -EINVAL);
	UK_EXPECT_EQ(uk_psci_cpu_powerdown(0x00010001, ENTRY, 0), -EINVAL);
	UK_EXPECT_EQ(uk_psci_cpu_standby(0x10000000), -EINVAL);
	UK_EXPECT_EQ(uk_psci_cpu_standby(0x80000000), -EINVAL);
	fw.status = UK_PSCI_INVALID_ADDRESS;
	UK_EXPECT_EQ(uk_psci_cpu_powerdown(0x40000001, 1, 0), -EFAULT);
	end();
}

UK_TEST(psci, firmware_without_migrate_info_needs_no_migration)
{
	begin(UK_PSCI_VERSION(0, 2));
	fw.status = UK_PSCI_NOT_SUPPORTED;
	UK_EXPECT_EQ(uk_psci_migrate_info_type(), UK_PSCI_MIGRATE_NOT_NEEDED);
	for (int type = 0; type <= 2; type++) {
		fw.status = type;
		UK_EXPECT_EQ(uk_psci_migrate_info_type(), type);
	}
	fw.status = 3;
	UK_EXPECT_EQ(uk_psci_migrate_info_type(), -EPROTO);
	fw.status = UK_PSCI_INTERNAL_FAILURE;
	UK_EXPECT_EQ(uk_psci_migrate_info_type(), -EIO);
	UK_EXPECT_EQ(fw.x[0], 0x84000006);
	end();
}

/* A trusted OS on one CPU, which @fw.status names. */
static void with_trusted_os(uint64_t *x)
{
	x[0] = x[0] == UK_PSCI_FN_MIGRATE_INFO_TYPE ? 0 :
						      (uint64_t)fw.status;
}

UK_TEST(psci, the_cpu_of_a_trusted_os_is_told)
{
	uint64_t mpidr = 7;

	begin(UK_PSCI_VERSION(0, 2));
	fw.status = UK_PSCI_MIGRATE_NOT_NEEDED;
	UK_EXPECT_EQ(uk_psci_migrate_info_up_cpu(&mpidr), -ENOTSUP);
	psci_state.fw.conduit = with_trusted_os;
	fw.status = -1;
	UK_EXPECT_EQ(uk_psci_migrate_info_up_cpu(&mpidr), -EPROTO);
	UK_EXPECT_EQ(mpidr, 7);
	fw.status = MPIDR;
	UK_EXPECT_EQ(uk_psci_migrate_info_up_cpu(&mpidr), 0);
	UK_EXPECT_EQ(mpidr, MPIDR);
	end();
}

UK_TEST(psci, migrate_passes_the_cpu)
{
	begin(UK_PSCI_VERSION(0, 2));
	UK_EXPECT_EQ(uk_psci_migrate(MPIDR), 0);
	UK_EXPECT_EQ(fw.x[0], 0xc4000005);
	UK_EXPECT_EQ(fw.x[1], MPIDR);
	fw.status = UK_PSCI_NOT_PRESENT;
	UK_EXPECT_EQ(uk_psci_migrate(MPIDR), -ENODEV);
	end();
}

UK_TEST(psci, the_end_is_one_call_and_nothing_before_it)
{
	begin(UK_PSCI_VERSION(1, 1));
	fw.status = UK_PSCI_INTERNAL_FAILURE;
	UK_EXPECT_EQ(uk_psci_system_off(), -EIO);
	UK_EXPECT_EQ(fw.x[0], 0x84000008);
	UK_EXPECT_EQ(uk_psci_system_reset(), -EIO);
	UK_EXPECT_EQ(fw.x[0], 0x84000009);
	UK_EXPECT_EQ(fw.ncalls, 2);
	end();
}

UK_TEST(psci, an_end_that_returns_with_success_is_an_error)
{
	begin(UK_PSCI_VERSION(1, 1));
	UK_EXPECT_EQ(uk_psci_system_off(), -EPROTO);
	UK_EXPECT_EQ(uk_psci_system_reset(), -EPROTO);
	UK_EXPECT_EQ(uk_psci_system_reset2(UK_PSCI_RESET_WARM, 0), -EPROTO);
	UK_EXPECT_EQ(uk_psci_cpu_off(), -EPROTO);
	end();
}

UK_TEST(psci, a_reset_with_a_type_is_there_from_1_1_on)
{
	begin(UK_PSCI_VERSION(1, 0));
	UK_EXPECT_EQ(uk_psci_system_reset2(UK_PSCI_RESET_WARM, 0), -ENOTSUP);
	UK_EXPECT_EQ(fw.ncalls, fw.nversions);
	end();

	begin(UK_PSCI_VERSION(1, 1));
	fw.status = UK_PSCI_INVALID_PARAMETERS;
	UK_EXPECT_EQ(uk_psci_system_reset2(UK_PSCI_RESET_VENDOR | 5, 0xabc),
		     -EINVAL);
	UK_EXPECT_EQ(fw.x[0], 0xc4000012);
	UK_EXPECT_EQ(fw.x[1], 0x80000005);
	UK_EXPECT_EQ(fw.x[2], 0xabc);
	end();
}

UK_TEST(psci, version_0_1_has_the_functions_of_the_tree)
{
	static const struct uk_psci_ids ids = {
		.cpu_suspend = 0x95c1ba5e, .cpu_off = 0x95c1ba5f,
		.cpu_on = 0x95c1ba60, .migrate = 0x95c1ba61,
	};
	struct uk_smccc svc;
	uint32_t version;

	begin_0_1(&ids);
	UK_EXPECT_EQ(uk_psci_cpu_on(1, ENTRY, 0), 0);
	UK_EXPECT_EQ(fw.x[0], 0x95c1ba60);
	UK_EXPECT_EQ(uk_psci_cpu_standby(1), 0);
	UK_EXPECT_EQ(fw.x[0], 0x95c1ba5e);
	UK_EXPECT_EQ(uk_psci_migrate(1), 0);
	UK_EXPECT_EQ(fw.x[0], 0x95c1ba61);
	fw.status = UK_PSCI_DENIED;
	UK_EXPECT_EQ(uk_psci_cpu_off(), -EPERM);
	UK_EXPECT_EQ(fw.x[0], 0x95c1ba5f);
	UK_EXPECT_EQ(fw.x[1], UK_PSCI_STATE_DOWN);
	UK_EXPECT_EQ(fw.ncalls, 4);

	/* What it does not have is not called. */
	UK_EXPECT_EQ(uk_psci_version(&version), 0);
	UK_EXPECT_EQ(version, UK_PSCI_VERSION(0, 1));
	UK_EXPECT_EQ(uk_psci_affinity_info(1, 0), -ENOTSUP);
	UK_EXPECT_EQ(uk_psci_migrate_info_type(), -ENOTSUP);
	UK_EXPECT_EQ(uk_psci_features(ids.cpu_on), -ENOTSUP);
	UK_EXPECT_EQ(uk_psci_system_off(), -ENOTSUP);
	UK_EXPECT_EQ(uk_psci_system_reset(), -ENOTSUP);
	UK_EXPECT_EQ(uk_psci_smccc(&svc), 0);
	UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 0));
	UK_EXPECT_EQ(fw.ncalls, 4);
	end();
}

UK_TEST(psci, a_function_that_0_1_does_not_number_is_not_supported)
{
	static const struct uk_psci_ids none;

	begin_0_1(&none);
	UK_EXPECT_EQ(uk_psci_cpu_on(1, ENTRY, 0), -ENOTSUP);
	UK_EXPECT_EQ(uk_psci_cpu_off(), -ENOTSUP);
	UK_EXPECT_EQ(uk_psci_cpu_standby(0), -ENOTSUP);
	UK_EXPECT_EQ(uk_psci_migrate(1), -ENOTSUP);
	UK_EXPECT_EQ(fw.ncalls, 0);
	end();
}

UK_TEST(psci, each_status_has_an_error_and_its_name)
{
	static const struct {
		int err;
		const char *name;
	} all[] = {
		{ 0, "SUCCESS" },
		{ -ENOTSUP, "NOT_SUPPORTED" },
		{ -EINVAL, "INVALID_PARAMETERS" },
		{ -EPERM, "DENIED" },
		{ -EALREADY, "ALREADY_ON" },
		{ -EINPROGRESS, "ON_PENDING" },
		{ -EIO, "INTERNAL_FAILURE" },
		{ -ENODEV, "NOT_PRESENT" },
		{ -EACCES, "DISABLED" },
		{ -EFAULT, "INVALID_ADDRESS" },
	};

	begin(UK_PSCI_VERSION(1, 1));
	for (int i = 0; i < 10; i++) {
		UK_EXPECT_EQ(uk_psci_errno(-i), all[i].err);
		UK_EXPECT_STR_EQ(uk_psci_strerror(all[i].err), all[i].name);
		fw.status = -i;
		UK_EXPECT_EQ(uk_psci_cpu_on(1, ENTRY, 0), all[i].err);
	}
	end();
	UK_EXPECT_STR_EQ(uk_psci_strerror(-ENOSYS), "this machine has no PSCI");
	UK_EXPECT_STR_EQ(uk_psci_strerror(-ENOMEM), "unknown error");
}

UK_TEST(psci, an_answer_that_psci_does_not_know_is_told_as_such)
{
	static const int64_t bad[] = {
		1, INT32_MAX, -10, -11, INT32_MIN, 0x7fffffff00000001,
	};

	begin(UK_PSCI_VERSION(1, 1));
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		fw.status = bad[i];
		UK_EXPECT_EQ(uk_psci_cpu_on(1, ENTRY, 0), -EPROTO);
		UK_EXPECT_EQ(uk_psci_migrate(1), -EPROTO);
		UK_EXPECT_EQ(uk_psci_system_off(), -EPROTO);
	}
	end();
	UK_EXPECT_STR_EQ(uk_psci_strerror(-EPROTO),
			 "an answer that PSCI does not know");
}

UK_TEST(psci, the_conduit_is_the_one_that_was_told)
{
	struct uk_smccc hvc, smc;

	begin(0);
	uk_psci_init(UK_PSCI_HVC);
	hvc = psci_state.fw;
	uk_psci_init(UK_PSCI_SMC);
	smc = psci_state.fw;
	UK_EXPECT(hvc.conduit && smc.conduit && hvc.conduit != smc.conduit);
	uk_psci_init((enum uk_psci_conduit)77);
	UK_EXPECT_NULL(psci_state.fw.conduit);
	end();
}
