/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Where again_leap_x86.S, at the begin of the block, finds what it needs. */
#define AGAIN_CODE_LEN	1024
#define AGAIN_GDTR	1024
#define AGAIN_ENTRY	1040
#define AGAIN_INFO	1044
#define AGAIN_NSEGS	1048
#define AGAIN_SEGS	1056	/* 16 bytes each: to, from, bytes, zeros */
#define AGAIN_MAX_SEGS	8
#define AGAIN_STACK_TOP	4096

/* The descriptors there. */
#define AGAIN_CODE32	8
#define AGAIN_DATA	16
#define AGAIN_TSS	24
