/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/nofault.h>

/*
 * cpu.c, or nocpu.c where nobody counts: time on CPUs, of the process and of
 * the caller. Return 0, or
 *   -EINVAL  nobody counts, or the counter's rate is unknown
 */
UK_MUST_USE int ptime_process(uint64_t *ns);
UK_MUST_USE int ptime_thread(uint64_t *ns);

/*
 * CPU clock @clk, which is negative: the number of one as clock_getcpuclockid()
 * and pthread_getcpuclockid() make them. Likewise, or -EINVAL: it is another's.
 */
UK_MUST_USE int ptime_cpu_clock(int clk, uint64_t *ns);

/*
 * numbers.c, or nonumbers.c: CPU time of the thread or process @id, which is
 * not 0. Likewise.
 */
UK_MUST_USE int ptime_by_number(int id, bool is_thread, uint64_t *ns);

/*
 * memory.c, or nomemory.c where the image has no address spaces: the most that
 * the process's has had mapped, in bytes, and its page faults that were met;
 * both 0 if it has none.
 */
void ptime_memory(size_t *most, uint64_t *nfaults);

/* Set the wall clock to @sec and @nsec, which have been read only. */
UK_MUST_USE int ptime_set(long sec, long nsec);

/* Write @len bytes at @data to a caller. Returns 0, or -EFAULT. */
UK_MUST_USE static inline int ptime_put(void *to, const void *data, size_t len)
{
	return UK_LIKELY(uk_nofault_memcpy(to, data, len, 0) == len) ? 0 :
	       -EFAULT;
}

/* The other way. */
UK_MUST_USE static inline int ptime_take(void *data, const void *from,
					 size_t len)
{
	return uk_nofault_memcpy(data, from, len, 0) == len ? 0 : -EFAULT;
}
