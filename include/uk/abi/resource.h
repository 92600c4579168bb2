/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/abi/time.h>

/*
 * Limits and usage, as the Linux kernel's ABI has them: getrlimit(2),
 * getrusage(2).
 */

#define UK_ABI_RLIMIT_CPU		0
#define UK_ABI_RLIMIT_FSIZE		1
#define UK_ABI_RLIMIT_DATA		2
#define UK_ABI_RLIMIT_STACK		3
#define UK_ABI_RLIMIT_CORE		4
#define UK_ABI_RLIMIT_RSS		5
#define UK_ABI_RLIMIT_NPROC		6
#define UK_ABI_RLIMIT_NOFILE		7
#define UK_ABI_RLIMIT_MEMLOCK		8
#define UK_ABI_RLIMIT_AS		9
#define UK_ABI_RLIMIT_LOCKS		10
#define UK_ABI_RLIMIT_SIGPENDING	11
#define UK_ABI_RLIMIT_MSGQUEUE		12
#define UK_ABI_RLIMIT_NICE		13
#define UK_ABI_RLIMIT_RTPRIO		14
#define UK_ABI_RLIMIT_RTTIME		15
#define UK_ABI_RLIM_NLIMITS		16

#define UK_ABI_RLIM_INFINITY		UINT64_MAX

struct uk_abi_rlimit {
	uint64_t cur;
	uint64_t max;
};

_Static_assert(sizeof(struct uk_abi_rlimit) == 16 &&
	       offsetof(struct uk_abi_rlimit, max) == 8, "Linux ABI, 64 bit");

#define UK_ABI_RUSAGE_SELF		0
#define UK_ABI_RUSAGE_CHILDREN		(-1)
#define UK_ABI_RUSAGE_THREAD		1

struct uk_abi_rusage {
	struct uk_abi_timeval utime;
	struct uk_abi_timeval stime;
	long maxrss;
	long ixrss;
	long idrss;
	long isrss;
	long minflt;
	long majflt;
	long nswap;
	long inblock;
	long oublock;
	long msgsnd;
	long msgrcv;
	long nsignals;
	long nvcsw;		/* left the CPU by itself */
	long nivcsw;		/* was made to */
};

_Static_assert(sizeof(struct uk_abi_rusage) == 144, "Linux ABI, 64 bit");
