/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#define _NEWLIB_VERSION		"3.3.0"
#define __NEWLIB__		3
#define __NEWLIB_MINOR__	3
#define __NEWLIB_PATCHLEVEL__	0
