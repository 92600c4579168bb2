/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Marker @number of the counting plugin; see support/tools/README.md. */
#define MARK(number)							\
	__asm__ volatile("movz xzr, #" #number ", lsl #16" ::: "memory")
