/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FUTEX_WAKE_OP: change a word, wake who waits at another one, and, by what
 * the word was, who waits at it. The word is changed before anybody is woken;
 * so who enters a queue later sees it changed, and no lock has to be held
 * around both.
 */
#include <uk/errno.h>
#include <uk/futex.h>
#include <uk/nofault.h>

#include "futex_priv.h"

/* futex(2): what to do, with what, what to compare, with what. */
#define OP(op)		((op) >> 28 & 7)
#define OP_SHIFT	(1u << 31)
#define CMP(op)		((op) >> 24 & 0xf)
#define OP_ARG(op)	((op) >> 12 & 0xfff)
#define CMP_ARG(op)	((op) & 0xfff)

enum { OP_SET, OP_ADD, OP_OR, OP_ANDN, OP_XOR };
enum { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE };

/* The arguments are signed, of 12 bits. */
static uint32_t extend(uint32_t arg)
{
	return (arg ^ 0x800) - 0x800;
}

static uint32_t arg_of(uint32_t op)
{
	const uint32_t arg = extend(OP_ARG(op));

	/* A bit's number; Linux takes what is beyond modulo 32. */
	return op & OP_SHIFT ? UINT32_C(1) << (arg & 31) : arg;
}

/* What @was becomes. */
static uint32_t apply(uint32_t op, uint32_t was)
{
	const uint32_t arg = arg_of(op);

	switch (OP(op)) {
	case OP_SET:
		return arg;
	case OP_ADD:
		return was + arg;
	case OP_OR:
		return was | arg;
	case OP_ANDN:
		return was & ~arg;
	default:
		return was ^ arg;
	}
}

static bool holds(uint32_t op, int32_t was)
{
	const int32_t arg = (int32_t)extend(CMP_ARG(op));

	switch (CMP(op)) {
	case CMP_EQ:
		return was == arg;
	case CMP_NE:
		return was != arg;
	case CMP_LT:
		return was < arg;
	case CMP_LE:
		return was <= arg;
	case CMP_GT:
		return was > arg;
	default:
		return was >= arg;
	}
}

long futex_wake_op(const uint32_t *addr, unsigned int nwake, uint32_t *to,
		   unsigned int nwake_to, uint32_t op)
{
	uint32_t was, tried;
	unsigned int done;

	if (OP(op) > OP_XOR || CMP(op) > CMP_GE)
		return -ENOSYS;
	if (!uk_nofault_load32(&was, to, 0))
		return -EFAULT;
	do {
		tried = was;
		if (!uk_nofault_cas32(to, &was, apply(op, tried), 0))
			return -EFAULT;
	} while (was != tried);
	done = uk_futex_wake(addr, nwake, UK_FUTEX_ANY);
	if (holds(op, (int32_t)was))
		done += uk_futex_wake(to, nwake_to, UK_FUTEX_ANY);
	return done;
}
