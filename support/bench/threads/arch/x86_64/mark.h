/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Marker @number of the counting plugin; see support/tools/README.md. */
#define MARK(number)							\
	__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00\n"		\
			 ".long 0x554b0000 | " #number ::: "memory")
