/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Commands of ioctl(2) that are about any file, as Linux's ABI has them; alike
 * on x86_64 and arm64. Those of terminals are in <uk/abi/termios.h>.
 */

#define UK_ABI_FIONREAD		0x541b	/* int: bytes that can be read */
#define UK_ABI_FIONBIO		0x5421	/* const int: O_NONBLOCK or not */
#define UK_ABI_FIONCLEX		0x5450	/* no FD_CLOEXEC */
#define UK_ABI_FIOCLEX		0x5451	/* FD_CLOEXEC */
