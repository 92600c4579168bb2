/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/smccc.h>

/*
 * PSCI, the Power State Coordination Interface (Arm DEN 0022): CPUs on, off
 * and asleep, and the end of the machine. Versions 0.1 to 1.x.
 *
 * The platform says how PSCI is called before it starts the image. Until then,
 * and on a machine without it, every function returns -ENOSYS. What firmware
 * can do is asked when the first function needs it; booting costs no call.
 *
 * CPUs are named by their affinity fields as MPIDR_EL1 has them: bits 39-32
 * and 23-0, others 0.
 *
 * Errors of every function here, the specification's and those that we add:
 *
 *   -ENOTSUP      NOT_SUPPORTED, or not in the version that is there
 *   -EINVAL       INVALID_PARAMETERS
 *   -EPERM        DENIED
 *   -EALREADY     ALREADY_ON
 *   -EINPROGRESS  ON_PENDING
 *   -EIO          INTERNAL_FAILURE
 *   -ENODEV       NOT_PRESENT
 *   -EACCES       DISABLED
 *   -EFAULT       INVALID_ADDRESS
 *   -ENOSYS       this machine has no PSCI
 *   -EPROTO       firmware answered what the specification does not know
 *
 * Context: any, on any CPU, unless said otherwise; nothing takes a lock or
 * allocates. uk_psci_system_off() and uk_psci_system_reset() also print
 * nothing and ask nothing: they are for the end of a crash.
 */
#define UK_PSCI_SUCCESS			0
#define UK_PSCI_NOT_SUPPORTED		(-1)
#define UK_PSCI_INVALID_PARAMETERS	(-2)
#define UK_PSCI_DENIED			(-3)
#define UK_PSCI_ALREADY_ON		(-4)
#define UK_PSCI_ON_PENDING		(-5)
#define UK_PSCI_INTERNAL_FAILURE	(-6)
#define UK_PSCI_NOT_PRESENT		(-7)
#define UK_PSCI_DISABLED		(-8)
#define UK_PSCI_INVALID_ADDRESS		(-9)

/* Function ids from 0.2 on; _64: arguments of 64 bits. */
#define UK_PSCI_FN_VERSION		0x84000000u
#define UK_PSCI_FN_CPU_SUSPEND_64	0xc4000001u
#define UK_PSCI_FN_CPU_OFF		0x84000002u
#define UK_PSCI_FN_CPU_ON_64		0xc4000003u
#define UK_PSCI_FN_AFFINITY_INFO_64	0xc4000004u
#define UK_PSCI_FN_MIGRATE_64		0xc4000005u
#define UK_PSCI_FN_MIGRATE_INFO_TYPE	0x84000006u
#define UK_PSCI_FN_MIGRATE_INFO_UP_CPU_64	0xc4000007u
#define UK_PSCI_FN_SYSTEM_OFF		0x84000008u
#define UK_PSCI_FN_SYSTEM_RESET		0x84000009u
#define UK_PSCI_FN_FEATURES		0x8400000au
#define UK_PSCI_FN_SYSTEM_RESET2_64	0xc4000012u

/* 0.1 has these four, with ids that the device tree tells; 0: not there. */
struct uk_psci_ids {
	uint32_t cpu_suspend;
	uint32_t cpu_off;
	uint32_t cpu_on;
	uint32_t migrate;
};

#define UK_PSCI_VERSION(major, minor)	((uint32_t)(major) << 16 | (minor))

/*
 * PSCI is called by @conduit, and of version 0.2 or later; UK_PSCI_NONE: there
 * is none. May be called again when more is known.
 * Context: boot, one CPU.
 */
void uk_psci_init(enum uk_psci_conduit conduit);

/* PSCI is of version 0.1, with the function ids @ids. */
void uk_psci_init_0_1(enum uk_psci_conduit conduit,
		      const struct uk_psci_ids *ids);

/*
 * The version, asked for once, into *@version. A version that does not exist
 * is -EPROTO, with a line in the log.
 */
UK_MUST_USE
int uk_psci_version(uint32_t *version);

/*
 * What firmware has of function @fn (PSCI_FEATURES, from 1.0 on): flags, 0
 * or greater. -ENOTSUP: not this function, or a version before 1.0.
 */
UK_MUST_USE
int uk_psci_features(uint32_t fn);

/*
 * The calling convention behind PSCI's conduit, for other services there,
 * into *@svc: with the version that firmware has, found out as DEN 0028,
 * "Discovery" says: PSCI 1.0, PSCI_FEATURES of SMCCC_VERSION, SMCCC_VERSION.
 * Asked anew with each call: the caller keeps @svc.
 */
UK_MUST_USE
int uk_psci_smccc(struct uk_smccc *svc);

/*
 * Start the CPU @mpidr at the physical address @entry: MMU off, interrupts
 * masked, at EL2 where the machine has one for us, else at EL1; @context in x0
 * (0.1: x0 is anything). Returns 0 when it has been told to start, not when it
 * runs.
 *   -EALREADY, -EINPROGRESS  it is on, it is about to be
 *   -EINVAL                  no such CPU; before 1.0 also a bad @entry
 *   -EFAULT                  a bad @entry
 */
UK_MUST_USE
int uk_psci_cpu_on(uint64_t mpidr, uint64_t entry, uint64_t context);

/*
 * Switch off the CPU this runs on. Interrupts are off, and nobody needs what
 * is in its caches. Returns only if that fails: -EPERM (a trusted OS lives
 * here).
 */
UK_MUST_USE
int uk_psci_cpu_off(void);

enum uk_psci_affinity {
	UK_PSCI_AFFINITY_ON,
	UK_PSCI_AFFINITY_OFF,
	UK_PSCI_AFFINITY_ON_PENDING,
};

/*
 * The state of the CPU @mpidr for @level 0, else of the group of CPUs that
 * shares the affinity fields from @level (at most 3) up. Returns enum
 * uk_psci_affinity; -ENOTSUP also before 0.2.
 */
UK_MUST_USE
int uk_psci_affinity_info(uint64_t mpidr, unsigned int level);

/*
 * A power state, as the device tree has it (arm,psci-suspend-param), in one
 * of two formats (DEN 0022, CPU_SUSPEND); from 1.0 on firmware says which.
 */
#define UK_PSCI_STATE_DOWN		0x00010000u	/* else standby */
#define UK_PSCI_STATE_BITS		0x0301ffffu
#define UK_PSCI_STATE_EXT_DOWN		0x40000000u
#define UK_PSCI_STATE_EXT_BITS		0x4fffffffu

/* Does firmware use the extended format? 1 or 0. */
UK_MUST_USE
int uk_psci_state_is_extended(void);

/*
 * Sleep in the standby state @state until there is an interrupt; it is taken
 * when they are enabled. Returns 0 then. -EINVAL: not a standby state, bits
 * that the format does not have, or firmware does not know the state.
 */
UK_MUST_USE
int uk_psci_cpu_standby(uint32_t state);

/*
 * Lose the CPU's state until there is an interrupt. It wakes up at the
 * physical address @entry as after uk_psci_cpu_on(). Whoever calls has saved
 * what is needed. Returns only if that fails, or with 0 if there was an
 * interrupt before the state was lost.
 *   -EINVAL  not a state that powers down, or as above
 *   -EFAULT  a bad @entry
 *   -EPERM   the state is not to be had now
 */
UK_MUST_USE
int uk_psci_cpu_powerdown(uint32_t state, uint64_t entry, uint64_t context);

/* What a trusted OS that runs on one CPU only means for that CPU. */
enum uk_psci_migrate {
	UK_PSCI_MIGRATE_UP,		/* it can be moved away */
	UK_PSCI_MIGRATE_UP_FIXED,	/* it cannot */
	UK_PSCI_MIGRATE_NOT_NEEDED,	/* there is none, or on all CPUs */
};

/*
 * The kind of trusted OS: enum uk_psci_migrate. Firmware that does not
 * support the question has none: UK_PSCI_MIGRATE_NOT_NEEDED.
 */
UK_MUST_USE
int uk_psci_migrate_info_type(void);

/* The CPU that a UP trusted OS is on, into *@mpidr. */
UK_MUST_USE
int uk_psci_migrate_info_up_cpu(uint64_t *mpidr);

/* Move the trusted OS to the CPU @mpidr. -EPERM: it does not want that. */
UK_MUST_USE
int uk_psci_migrate(uint64_t mpidr);

/*
 * Power off; restart. They return only if that fails. 0.1 has neither:
 * -ENOTSUP. Firmware that returns with success is -EPROTO.
 */
UK_MUST_USE
int uk_psci_system_off(void);
UK_MUST_USE
int uk_psci_system_reset(void);

#define UK_PSCI_RESET_WARM	0u	/* memory keeps its content */
#define UK_PSCI_RESET_VENDOR	0x80000000u	/* | the vendor's number */

/*
 * Restart in the way @type (SYSTEM_RESET2, from 1.1 on), of which a vendor's
 * uses @cookie. -ENOTSUP: not that way.
 */
UK_MUST_USE
int uk_psci_system_reset2(uint32_t type, uint64_t cookie);

/* The error for a status of PSCI: 0 for @status 0, else one of those above. */
int uk_psci_errno(int32_t status);

/*
 * One of the errors above by its name in the specification
 * ("INVALID_PARAMETERS"), or in words, for a message.
 */
const char *uk_psci_strerror(int err);
