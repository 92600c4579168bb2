/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/* Until when one waits: monotonic time, or wall time as it is set meanwhile. */
struct futex_end {
	uint64_t ns;		/* UK_TIME_NEVER: for ever */
	bool is_wall;
};

/* uk_futex_wait(), by either clock. */
UK_MUST_USE
int futex_wait(const uint32_t *addr, uint32_t val, uint32_t bits,
	       struct futex_end end);

/*
 * Wake at most @nwake of those who wait at @addr, and have at most @nmove more
 * wait at @to. If @val is not NULL, only if the word at @addr is *@val when no
 * other thread can begin to wait: else -EAGAIN, or -EFAULT. Returns how many
 * were woken or moved.
 */
UK_MUST_USE
long futex_requeue(const uint32_t *addr, unsigned int nwake,
		   const uint32_t *to, unsigned int nmove, const uint32_t *val);

/* FUTEX_WAKE_OP: see op.c. */
UK_MUST_USE
long futex_wake_op(const uint32_t *addr, unsigned int nwake, uint32_t *to,
		   unsigned int nwake_to, uint32_t op);

/* Can a word be at @addr, as far as its address tells? */
static inline bool futex_aligned(const uint32_t *addr)
{
	return (uintptr_t)addr % sizeof(*addr) == 0;
}
