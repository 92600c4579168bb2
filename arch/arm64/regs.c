/* SPDX-License-Identifier: BSD-3-Clause */
/* The registers by name, in the order in which a crash screen shows them. */
#include <uk/arch/regs.h>

#include <uk/essentials.h>

#define X(n)	{ "x" #n, offsetof(struct ukarch_regs, x[n]) }
#define R(n)	{ #n, offsetof(struct ukarch_regs, n) }

const struct ukarch_reg_name ukarch_reg_names[] = {
	R(pc), R(pstate), R(sp), R(esr), R(far),
	X(0), X(1), X(2), X(3), X(4), X(5), X(6), X(7), X(8), X(9),
	X(10), X(11), X(12), X(13), X(14), X(15), X(16), X(17), X(18), X(19),
	X(20), X(21), X(22), X(23), X(24), X(25), X(26), X(27), X(28), X(29),
	X(30),
};

const size_t ukarch_nreg_names = UK_ARRAY_SIZE(ukarch_reg_names);
