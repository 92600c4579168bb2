/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers about the system. Nobody samples how busy it was, so the loads are 0;
 * there is no swap, no shared memory of others and no page cache.
 */
#include <stddef.h>

#include <uk/abi/sysinfo.h>
#include <uk/alloc.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/init.h>
#include <uk/nofault.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/thread.h>
#include <uk/time.h>

static const struct uk_bootinfo *bootinfo;

static int sysinfo_init(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(SERVICE, sysinfo_init, NULL);

/* All RAM that the boot told of, the image's own included. */
static uint64_t total(void)
{
	uint64_t len = 0;

	for (uint32_t i = 0; i < bootinfo->nregions; i++)
		if (bootinfo->regions[i].flags & UK_REGIONF_RAM)
			len += bootinfo->regions[i].len;
	return len;
}

/*
 * Frames that nobody has, or what the default heap could give, which counts
 * them too if it takes them as it goes: that is the larger one.
 */
static uint64_t free_now(void)
{
	const struct uk_falloc *const fa = uk_falloc_get_default();
	const long heap = uk_alloc_availmem(uk_alloc_get_default());
	const uint64_t frames = fa ? __atomic_load_n(&fa->free_memory,
						     __ATOMIC_RELAXED) : 0;

	return heap > 0 ? UK_MAX((uint64_t)heap, frames) : frames;
}

/* An idle thread is in no queue of its scheduler. */
static int count(struct uk_thread *t, void *arg)
{
	const uint32_t flags = __atomic_load_n(&t->flags, __ATOMIC_RELAXED);

	*(uint64_t *)arg += flags & UK_THREADF_QUEUEABLE &&
			    !(flags & UK_THREADF_EXITED);
	return 0;
}

static uint16_t threads(void)
{
	uint64_t n = 0;

	(void)uk_sched_foreach_thread(count, &n);
	return (uint16_t)UK_MIN(n, (uint64_t)UINT16_MAX);
}

UK_SYSCALL_R_DEFINE(int, sysinfo, struct uk_abi_sysinfo *, to)
{
	/* Up to now, rounded up as Linux does. */
	const uint64_t up_ns = uk_time_now() + UK_TIME_NS_PER_SEC - 1;
	const struct uk_abi_sysinfo info = {
		.uptime = (int64_t)(up_ns / UK_TIME_NS_PER_SEC),
		.totalram = total(),
		.freeram = free_now(),
		.procs = threads(),
		.mem_unit = 1,
	};

	return uk_nofault_memcpy(to, &info, sizeof(info), 0) == sizeof(info) ?
	       0 : -EFAULT;
}

/* One node. The third argument has no meaning any more. */
UK_SYSCALL_R_DEFINE(int, getcpu, unsigned int *, cpu, unsigned int *, node,
		    void *, unused)
{
	const unsigned int idx = uk_thread_cpu(uk_thread_current()), zero = 0;

	(void)unused;
	if (cpu && uk_nofault_memcpy(cpu, &idx, sizeof(idx), 0) != sizeof(idx))
		return -EFAULT;
	if (node && uk_nofault_memcpy(node, &zero, sizeof(zero), 0) !=
		    sizeof(zero))
		return -EFAULT;
	return 0;
}
