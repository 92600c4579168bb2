/* SPDX-License-Identifier: BSD-3-Clause */
/* newlib's, with the numbers of clocks that the image's calls know. */
#pragma once

#include_next <time.h>

#undef CLOCK_REALTIME
#undef CLOCK_MONOTONIC
#undef CLOCK_PROCESS_CPUTIME_ID
#undef CLOCK_THREAD_CPUTIME_ID
#define CLOCK_REALTIME			((clockid_t)0)
#define CLOCK_MONOTONIC			((clockid_t)1)
#define CLOCK_PROCESS_CPUTIME_ID	((clockid_t)2)
#define CLOCK_THREAD_CPUTIME_ID		((clockid_t)3)

#ifdef CLOCK_BOOTTIME
#undef CLOCK_REALTIME_COARSE
#undef CLOCK_MONOTONIC_RAW
#undef CLOCK_MONOTONIC_COARSE
#undef CLOCK_BOOTTIME
#undef CLOCK_REALTIME_ALARM
#undef CLOCK_BOOTTIME_ALARM
#define CLOCK_MONOTONIC_RAW		((clockid_t)4)
#define CLOCK_REALTIME_COARSE		((clockid_t)5)
#define CLOCK_MONOTONIC_COARSE		((clockid_t)6)
#define CLOCK_BOOTTIME			((clockid_t)7)
#define CLOCK_REALTIME_ALARM		((clockid_t)8)
#define CLOCK_BOOTTIME_ALARM		((clockid_t)9)
#endif

#undef TIMER_ABSTIME
#define TIMER_ABSTIME			1
