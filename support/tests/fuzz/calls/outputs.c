/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The outputs of calls: which argument is the address, and how many bytes are
 * there; or a count, which is another argument. A call that is not here has
 * none.
 */
#include "outputs.h"

#include <uk/abi/epoll.h>
#include <uk/essentials.h>
#include <uk/syscall.h>

/* Bytes for each of the number that argument @i is. */
#define EACH(i, bytes)	((int)((i) + 1) << 16 | (int)(bytes))

#define EVENT	sizeof(struct uk_abi_epoll_event)

struct output {
	short nr;
	short arg;
	int len;	/* bytes, or EACH() */
};

static const struct output table[] = {
	{ SYS_read, 1, EACH(2, 1) },
	{ SYS_pread64, 1, EACH(2, 1) },
	{ SYS_getrandom, 0, EACH(1, 1) },
	{ SYS_uname, 0, 390 },
	{ SYS_sysinfo, 0, 112 },
	{ SYS_clock_gettime, 1, 16 },
	{ SYS_clock_getres, 1, 16 },
	{ SYS_nanosleep, 1, 16 },
	{ SYS_clock_nanosleep, 3, 16 },
	{ SYS_gettimeofday, 0, 16 },
	{ SYS_gettimeofday, 1, 8 },
	{ SYS_times, 0, 32 },
	{ SYS_adjtimex, 0, 208 },
	{ SYS_clock_adjtime, 1, 208 },
	{ SYS_getrusage, 1, 144 },
	{ SYS_getcpu, 0, 4 },
	{ SYS_getcpu, 1, 4 },
	{ SYS_getresuid, 0, 4 },
	{ SYS_getresuid, 1, 4 },
	{ SYS_getresuid, 2, 4 },
	{ SYS_getresgid, 0, 4 },
	{ SYS_getresgid, 1, 4 },
	{ SYS_getresgid, 2, 4 },
	{ SYS_getgroups, 1, EACH(0, 4) },
	{ SYS_capget, 0, 8 },
	{ SYS_capget, 1, 24 },
	{ SYS_pipe2, 0, 8 },
	{ SYS_epoll_pwait, 1, EACH(2, EVENT) },
	{ SYS_epoll_pwait2, 1, EACH(2, EVENT) },
	{ SYS_ppoll, 0, EACH(1, 8) },
	{ SYS_ppoll, 2, 16 },
	{ SYS_pselect6, 1, 128 },
	{ SYS_pselect6, 2, 128 },
	{ SYS_pselect6, 3, 128 },
	{ SYS_pselect6, 4, 16 },
	{ SYS_timerfd_settime, 3, 32 },
	{ SYS_timerfd_gettime, 1, 32 },
	{ SYS_timer_create, 2, 4 },
	{ SYS_timer_settime, 3, 32 },
	{ SYS_timer_gettime, 1, 32 },
	{ SYS_setitimer, 2, 32 },
	{ SYS_getitimer, 1, 32 },
	{ SYS_rt_sigaction, 2, 32 },
	{ SYS_rt_sigprocmask, 2, 8 },
	{ SYS_rt_sigpending, 0, 8 },
	{ SYS_rt_sigtimedwait, 1, 128 },
	{ SYS_sigaltstack, 1, 24 },
	{ SYS_get_robust_list, 1, 8 },
	{ SYS_get_robust_list, 2, 8 },
	{ SYS_futex, 0, 4 },
	{ SYS_futex, 4, 4 },
	{ SYS_prlimit64, 3, 16 },
	{ SYS_getrlimit, 1, 16 },
	{ SYS_sched_getparam, 1, 4 },
	{ SYS_sched_getaffinity, 2, EACH(1, 1) },
	{ SYS_sched_rr_get_interval, 1, 16 },
#ifdef SYS_arch_prctl
	{ SYS_arch_prctl, 1, 8 },
#endif
#ifdef SYS_pipe
	{ SYS_pipe, 0, 8 },
	{ SYS_time, 0, 8 },
	{ SYS_epoll_wait, 1, EACH(2, EVENT) },
	{ SYS_poll, 0, EACH(1, 8) },
	{ SYS_select, 1, 128 },
	{ SYS_select, 2, 128 },
	{ SYS_select, 3, 128 },
	{ SYS_select, 4, 16 },
#endif
};

/* A list of pieces says where, or a command what. */
static const short anywhere[] = {
	SYS_readv, SYS_preadv, SYS_preadv2, SYS_ioctl, SYS_prctl,
};

static void add(struct outputs *o, const struct output *from,
		const long *args)
{
	const int by = from->len >> 16;
	const uint64_t unit = (uint64_t)(from->len & 0xffff);
	const uint64_t n = by ? (uint64_t)args[by - 1] : 1;
	uint64_t len;

	if (__builtin_mul_overflow(n, unit, &len))
		len = UINT64_MAX;
	o->of[o->n].addr = (uint64_t)args[from->arg];
	o->of[o->n].len = len;
	o->n++;
}

void outputs_find(struct outputs *o, long nr, const long *args)
{
	*o = (struct outputs){ .anywhere = false };
	for (size_t i = 0; i < UK_ARRAY_SIZE(anywhere); i++)
		if (anywhere[i] == nr)
			o->anywhere = true;
	for (size_t i = 0; i < UK_ARRAY_SIZE(table); i++)
		if (table[i].nr == nr)
			add(o, &table[i], args);
}

bool outputs_have(const struct outputs *o, uint64_t addr, size_t len)
{
	for (unsigned int i = 0; i < o->n; i++) {
		const uint64_t off = addr - o->of[i].addr;

		if (off <= o->of[i].len && len <= o->of[i].len - off)
			return true;
	}
	return o->anywhere;
}
