/* SPDX-License-Identifier: BSD-3-Clause */
/* Firmware is a function here: it keeps what it was asked, and answers. */
#include <uk/smccc.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/errno.h>
#include <uk/test.h>

static uint64_t asked[UK_SMCCC_NREGS], answer[UK_SMCCC_NREGS];
static unsigned int ncalls;

static void fake(uint64_t *x)
{
	ncalls++;
	for (unsigned int i = 0; i < UK_SMCCC_NREGS; i++) {
		asked[i] = x[i];
		x[i] = answer[i];
	}
}

static struct uk_smccc service(uint32_t version)
{
	struct uk_smccc svc;

	ncalls = 0;
	for (unsigned int i = 0; i < UK_SMCCC_NREGS; i++)
		answer[i] = 0x100 + i;
	uk_smccc_init(&svc, fake);
	UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 0));
	svc.version = version;
	return svc;
}

/* The service answers x0 = @status from now on. */
static struct uk_smccc says(uint32_t version, int64_t status)
{
	const struct uk_smccc svc = service(version);

	answer[0] = (uint64_t)status;
	return svc;
}

UK_TEST(smccc, function_ids_are_those_of_the_convention)
{
	UK_EXPECT_EQ(UK_SMCCC_FN_VERSION, 0x80000000u);
	UK_EXPECT_EQ(UK_SMCCC_FN_ARCH_FEATURES, 0x80000001u);
	UK_EXPECT_EQ(UK_SMCCC_FN_ARCH_SOC_ID, 0x80000002u);
	UK_EXPECT_EQ(UK_SMCCC_FN64(UK_SMCCC_OWNER_STD, 3u), 0xc4000003u);
	UK_EXPECT_EQ(UK_SMCCC_FN(UK_SMCCC_OWNER_TRUSTED_OS, 1u), 0xb2000001u);
}

UK_TEST(smccc, a_call_passes_three_arguments_and_zeros)
{
	const struct uk_smccc svc = service(UK_SMCCC_VERSION(1, 0));

	uk_smccc_call(&svc, 0x84000001, 1, UINT64_MAX, 3);
	UK_EXPECT_EQ(ncalls, 1);
	UK_EXPECT_EQ(asked[0], 0x84000001);
	UK_EXPECT_EQ(asked[1], 1);
	UK_EXPECT_EQ(asked[2], UINT64_MAX);
	UK_EXPECT_EQ(asked[3], 3);
	for (unsigned int i = 4; i < UK_SMCCC_NREGS; i++)
		UK_EXPECT_EQ(asked[i], 0);
}

UK_TEST(smccc, the_status_has_the_width_of_the_function)
{
	const struct uk_smccc svc = says(UK_SMCCC_VERSION(1, 0), 0xffffffff);

	/* w0 with its sign; x0. */
	UK_EXPECT_EQ(uk_smccc_call(&svc, 0x84000000, 0, 0, 0), -1);
	UK_EXPECT_EQ(uk_smccc_call(&svc, 0xc4000000, 0, 0, 0), 0xffffffff);
	answer[0] = UINT64_C(0x123456789abcdef0);
	UK_EXPECT_EQ(uk_smccc_call(&svc, 0xc4000000, 0, 0, 0),
		     0x123456789abcdef0);
	UK_EXPECT_EQ(uk_smccc_call(&svc, 0x84000000, 0, 0, 0),
		     (int32_t)0x9abcdef0u);
}

UK_TEST(smccc, all_registers_go_in_and_those_of_the_version_come_out)
{
	const uint32_t versions[] = {
		UK_SMCCC_VERSION(1, 0), UK_SMCCC_VERSION(1, 1),
		UK_SMCCC_VERSION(1, 2), UK_SMCCC_VERSION(2, 0),
	};

	for (unsigned int v = 0; v < 4; v++) {
		const struct uk_smccc svc = service(versions[v]);
		const unsigned int nresults = v < 2 ? 4 : UK_SMCCC_NREGS;
		uint64_t x[UK_SMCCC_NREGS];

		for (unsigned int i = 0; i < UK_SMCCC_NREGS; i++)
			x[i] = 0x84000000 + i;
		uk_smccc_invoke(&svc, x);
		for (unsigned int i = 1; i < UK_SMCCC_NREGS; i++)
			UK_EXPECT_EQ(asked[i], 0x84000000 + i);
		for (unsigned int i = 0; i < UK_SMCCC_NREGS; i++)
			UK_EXPECT_EQ(x[i], i < nresults ? 0x100 + i : 0);
	}
}

UK_TEST(smccc, that_no_sve_state_is_live_is_said_from_1_3_on)
{
	struct uk_smccc svc = service(UK_SMCCC_VERSION(1, 2));

	uk_smccc_call(&svc, 0x84000001, 0, 0, 0);
	UK_EXPECT_EQ(asked[0], 0x84000001);
	svc.version = UK_SMCCC_VERSION(1, 3);
	uk_smccc_call(&svc, 0x84000001, 0, 0, 0);
	UK_EXPECT_EQ(asked[0], 0x84010001);
}

UK_TEST(smccc, a_service_that_nobody_provides_supports_nothing)
{
	uint64_t x[UK_SMCCC_NREGS] = { 0x84000000, 1, 2, 3, 4 };
	struct uk_smccc svc;

	uk_smccc_init(&svc, NULL);
	uk_smccc_invoke(&svc, x);
	UK_EXPECT_EQ(x[0], UINT64_MAX);
	for (unsigned int i = 1; i < UK_SMCCC_NREGS; i++)
		UK_EXPECT_EQ(x[i], 0);
	UK_EXPECT_EQ(uk_smccc_call(&svc, 0xc4000000, 0, 0, 0),
		     UK_SMCCC_NOT_SUPPORTED);
	UK_EXPECT_EQ(uk_smccc_discover(&svc), -ENOSYS);
	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0), -ENOSYS);
	UK_EXPECT_EQ(uk_smccc_soc_id(&svc, UK_SMCCC_SOC_VERSION), -ENOSYS);
}

UK_TEST(smccc, the_version_is_what_firmware_says)
{
	struct uk_smccc svc = says(UK_SMCCC_VERSION(1, 0), 0x10004);

	UK_EXPECT_EQ(uk_smccc_discover(&svc), 0);
	UK_EXPECT_EQ(asked[0], UK_SMCCC_FN_VERSION);
	UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 4));
}

UK_TEST(smccc, firmware_without_the_question_is_1_0)
{
	struct uk_smccc svc = says(UK_SMCCC_VERSION(1, 0), -1);

	UK_EXPECT_EQ(uk_smccc_discover(&svc), 0);
	UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 0));
}

UK_TEST(smccc, a_version_that_does_not_exist_is_refused)
{
	static const int64_t bad[] = {
		0, 1, 0xffff, -2, -3, 0x80010001, INT64_MIN,
	};

	for (unsigned int i = 0; i < 7; i++) {
		struct uk_smccc svc = says(UK_SMCCC_VERSION(1, 0), bad[i]);

		UK_EXPECT_EQ(uk_smccc_discover(&svc), -EPROTO);
		UK_EXPECT_EQ(svc.version, UK_SMCCC_VERSION(1, 0));
	}
}

UK_TEST(smccc, features_are_not_asked_of_1_0)
{
	struct uk_smccc svc = says(UK_SMCCC_VERSION(1, 0), 0);

	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0x80008000), -ENOTSUP);
	UK_EXPECT_EQ(ncalls, 0);
	svc.version = UK_SMCCC_VERSION(1, 1);
	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0x80008000), 0);
	UK_EXPECT_EQ(asked[0], UK_SMCCC_FN_ARCH_FEATURES);
	UK_EXPECT_EQ(asked[1], 0x80008000);
}

UK_TEST(smccc, a_workaround_that_is_not_required_is_told_from_one_missing)
{
	struct uk_smccc svc = says(UK_SMCCC_VERSION(1, 1), 1);

	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0x80008000), 1);
	answer[0] = (uint64_t)UK_SMCCC_NOT_REQUIRED;
	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0x80008000), -ENODATA);
	answer[0] = (uint64_t)UK_SMCCC_NOT_SUPPORTED;
	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0x80008000), -ENOTSUP);
	answer[0] = (uint64_t)-4;
	UK_EXPECT_EQ(uk_smccc_arch_features(&svc, 0x80008000), -EPROTO);
}

/* Has ARCH_SOC_ID if @have_soc_id; its answers are 0x1230000 + the type. */
static bool have_soc_id;

static void soc(uint64_t *x)
{
	ncalls++;
	if (!have_soc_id)
		x[0] = (uint64_t)UK_SMCCC_NOT_SUPPORTED;
	else if (x[0] == UK_SMCCC_FN_ARCH_FEATURES)
		x[0] = x[1] == UK_SMCCC_FN_ARCH_SOC_ID ? 0 : UINT64_MAX;
	else if (x[0] == UK_SMCCC_FN_ARCH_SOC_ID && x[1] <= 1)
		x[0] = 0x1230000 + x[1];
	else
		x[0] = (uint64_t)UK_SMCCC_INVALID_PARAMETER;
}

UK_TEST(smccc, the_soc_is_asked_for_only_if_it_is_a_feature)
{
	struct uk_smccc svc;

	uk_smccc_init(&svc, soc);
	have_soc_id = true;
	ncalls = 0;
	UK_EXPECT_EQ(uk_smccc_soc_id(&svc, UK_SMCCC_SOC_VERSION), -ENOTSUP);
	UK_EXPECT_EQ(ncalls, 0);

	svc.version = UK_SMCCC_VERSION(1, 2);
	UK_EXPECT_EQ(uk_smccc_soc_id(&svc, UK_SMCCC_SOC_VERSION), 0x1230000);
	UK_EXPECT_EQ(uk_smccc_soc_id(&svc, UK_SMCCC_SOC_REVISION), 0x1230001);
	UK_EXPECT_EQ(uk_smccc_soc_id(&svc, (enum uk_smccc_soc_id)2), -EINVAL);

	have_soc_id = false;
	ncalls = 0;
	UK_EXPECT_EQ(uk_smccc_soc_id(&svc, UK_SMCCC_SOC_VERSION), -ENOTSUP);
	UK_EXPECT_EQ(ncalls, 1);
}

UK_TEST(smccc, each_status_has_an_error_and_its_name)
{
	static const struct {
		int64_t status;
		int err;
		const char *name;
	} all[] = {
		{ 0, 0, "SUCCESS" },
		{ 7, 0, "SUCCESS" },
		{ -1, -ENOTSUP, "NOT_SUPPORTED" },
		{ -2, -ENODATA, "NOT_REQUIRED" },
		{ -3, -EINVAL, "INVALID_PARAMETER" },
		{ -4, -EPROTO, "an answer that SMCCC does not know" },
		{ INT64_MIN, -EPROTO, "an answer that SMCCC does not know" },
	};

	for (unsigned int i = 0; i < 7; i++) {
		UK_EXPECT_EQ(uk_smccc_errno(all[i].status), all[i].err);
		UK_EXPECT_STR_EQ(uk_smccc_strerror(all[i].err), all[i].name);
	}
	UK_EXPECT_STR_EQ(uk_smccc_strerror(-EPERM), "unknown error");
}
