/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Numbers of an architecture. Flows of control are the host's threads; nothing
 * switches between two of them (contract.c).
 */
#define UKARCH_SP_ALIGN		16
#define UKARCH_TRAP_STACK_SIZE	8192
#define UKARCH_TRAP_STACK_ALIGN	16384
#define UKARCH_TRAP_STACK_SKEW	8192
#define UKARCH_ECTX_ALIGN	64
#define UKARCH_LCPU_EXTRA	0
