/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * The instructions that call firmware (SMC) or the hypervisor (HVC), by the
 * SMC Calling Convention (Arm DEN 0028). Which of the two is answered is not
 * to be found out by trying: the device tree or ACPI says so, for each
 * service. Services, versions and errors are drivers/firmware/smccc's.
 *
 * Each function loads @x into x0 to x17, executes its instruction, and stores
 * x0 to x17 back. x[0] is the function id going in and the status coming out.
 * What the others hold afterwards depends on the convention's version:
 *
 *	x[1] to x[3]	results
 *	x[4] to x[17]	1.0: anything. 1.1: as they were. From 1.2 on: results,
 *			or as they were
 *
 * Whoever answers keeps x18 to x30 and sp, in every version. It also keeps
 * v0 to v31, FPSR and FPCR, if it follows the convention; for one that does
 * not the functions with _fpsimd save them, on 576 bytes of stack. They need
 * FP to be enabled, which it is when C runs.
 *
 * Context: any. If nobody answers, the instruction traps as an undefined one.
 */
#define UKARCH_SMCCC_NREGS	18

void ukarch_smccc_hvc(uint64_t *x);
void ukarch_smccc_smc(uint64_t *x);
void ukarch_smccc_hvc_fpsimd(uint64_t *x);
void ukarch_smccc_smc_fpsimd(uint64_t *x);
