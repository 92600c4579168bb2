/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Where again_leap_arm64.S, at the begin of the block, finds what it needs. */
#define AGAIN_CODE_LEN	1024
#define AGAIN_TO	1024	/* both multiples of 16 */
#define AGAIN_FROM	1032
#define AGAIN_LEN	1040	/* multiples of 16: of the file, of all of it */
#define AGAIN_SIZE	1048
#define AGAIN_DTB	1056
