/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * signalfd(2), as Linux's ABI has it: what a read tells of a signal. What does
 * not belong to a signal of its kind is 0.
 */
#define UK_ABI_SFD_NONBLOCK	04000
#define UK_ABI_SFD_CLOEXEC	02000000

struct uk_abi_signalfd_siginfo {
	uint32_t signo;
	int32_t error;
	int32_t code;
	uint32_t pid;
	uint32_t uid;
	int32_t fd;
	uint32_t tid;		/* of a timer: its number */
	uint32_t band;
	uint32_t overrun;
	uint32_t trapno;
	int32_t status;
	int32_t value_int;	/* the low half of value_ptr */
	uint64_t value_ptr;
	uint64_t utime;
	uint64_t stime;
	uint64_t addr;
	uint16_t addr_lsb;
	uint8_t pad[46];
};

_Static_assert(sizeof(struct uk_abi_signalfd_siginfo) == 128, "Linux ABI");
