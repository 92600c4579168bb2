/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/abi/signal.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_file.h>
#include <uk/test_signal.h>
#include <uk/thread.h>

#define BIT(sig)	UK_ABI_SIGBIT(sig)
#define USR1		UK_ABI_SIGUSR1
#define USR2		UK_ABI_SIGUSR2
#define RT		(UK_ABI_SIGRTMIN + 3)

/* Short names, for there are many of them. */
#define act		uk_test_act
#define act_plain	uk_test_act_plain
#define mask_now	uk_test_mask_now
#define set_mask	uk_test_set_mask
#define pending_now	uk_test_pending_now
#define raise_one	uk_test_raise_one
#define queue_one	uk_test_queue_one
