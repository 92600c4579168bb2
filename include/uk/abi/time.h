/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Time, as Linux's ABI has it on 64-bit machines: clock_gettime(2),
 * gettimeofday(2), times(2), adjtimex(2), timerfd_create(2).
 */

/* `struct timespec`, `struct itimerspec`, `struct timeval` of C libraries. */
struct uk_abi_timespec {
	long tv_sec;
	long tv_nsec;		/* 0 to 999999999 */
};

struct uk_abi_itimerspec {
	struct uk_abi_timespec it_interval;
	struct uk_abi_timespec it_value;
};

struct uk_abi_timeval {
	long tv_sec;
	long tv_usec;		/* 0 to 999999 */
};

struct uk_abi_timezone {
	int tz_minuteswest;
	int tz_dsttime;		/* of no meaning */
};

_Static_assert(sizeof(struct uk_abi_timespec) == 16, "Linux ABI, 64 bit");
_Static_assert(sizeof(struct uk_abi_timezone) == 8, "Linux ABI");

/* Clocks, alike on all architectures. */
#define UK_ABI_CLOCK_REALTIME			0
#define UK_ABI_CLOCK_MONOTONIC			1
#define UK_ABI_CLOCK_PROCESS_CPUTIME_ID		2
#define UK_ABI_CLOCK_THREAD_CPUTIME_ID		3
#define UK_ABI_CLOCK_MONOTONIC_RAW		4
#define UK_ABI_CLOCK_REALTIME_COARSE		5
#define UK_ABI_CLOCK_MONOTONIC_COARSE		6
#define UK_ABI_CLOCK_BOOTTIME			7
#define UK_ABI_CLOCK_REALTIME_ALARM		8
#define UK_ABI_CLOCK_BOOTTIME_ALARM		9
#define UK_ABI_CLOCK_TAI			11
/* A kernel's own, in between and above: */
#define UK_ABI_CLOCK_SGI_CYCLE			10
#define UK_ABI_CLOCK_MAX			15

/*
 * CPU time of process or thread N: ~N << 3, and in the lowest bits what is
 * counted, and whether N is a thread's. N 0 is the caller.
 */
#define UK_ABI_CPUCLOCK_ID(clk)		(~((clk) >> 3))
#define UK_ABI_CPUCLOCK_WHICH(clk)	((clk) & 3)
#define UK_ABI_CPUCLOCK_PROF		0	/* user and system time */
#define UK_ABI_CPUCLOCK_VIRT		1	/* user time */
#define UK_ABI_CPUCLOCK_SCHED		2	/* time on a CPU */
#define UK_ABI_CPUCLOCK_THREAD		4

/* Flag of clock_nanosleep(2), timer_settime(2): a time, not how long. */
#define UK_ABI_TIMER_ABSTIME		1

/* times(2): in ticks of a hundredth of a second, AT_CLKTCK. */
#define UK_ABI_CLK_TCK			100

struct uk_abi_tms {
	long tms_utime;
	long tms_stime;
	long tms_cutime;	/* of children */
	long tms_cstime;
};

/* adjtimex(2). */
struct uk_abi_timex {
	unsigned int modes;	/* ADJ_…: what is to be changed */
	long offset;
	long freq;
	long maxerror;		/* us */
	long esterror;		/* us */
	int status;		/* STA_… */
	long constant;
	long precision;		/* us */
	long tolerance;		/* parts per million, 16 bits of fraction */
	struct uk_abi_timeval time;
	long tick;		/* us between two ticks */
	long ppsfreq;
	long jitter;
	int shift;
	long stabil;
	long jitcnt;
	long calcnt;
	long errcnt;
	long stbcnt;
	int tai;		/* seconds that TAI is ahead */
	int reserved[11];
};

_Static_assert(sizeof(struct uk_abi_timex) == 208, "Linux ABI, 64 bit");

#define UK_ABI_ADJ_OFFSET_SINGLESHOT	0x8001u	/* adjtime(3) */
#define UK_ABI_ADJ_OFFSET_SS_READ	0xa001u	/* the same, only read */

#define UK_ABI_STA_UNSYNC		0x40
#define UK_ABI_TIME_ERROR		5	/* result: not in step */

/* timerfd_create(2) and timerfd_settime(2). */
#define UK_ABI_TFD_NONBLOCK		04000
#define UK_ABI_TFD_CLOEXEC		02000000
#define UK_ABI_TFD_TIMER_ABSTIME	1
#define UK_ABI_TFD_TIMER_CANCEL_ON_SET	2
