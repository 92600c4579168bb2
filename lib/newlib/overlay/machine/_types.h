/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <machine/_default_types.h>

/* Wide enough for all that calls know; newlib's own have 16 bits. */
typedef __uint64_t	__dev_t;
#define __machine_dev_t_defined
typedef __uint64_t	__ino_t;
#define __machine_ino_t_defined
typedef __uint32_t	__uid_t;
#define __machine_uid_t_defined
typedef __uint32_t	__gid_t;
#define __machine_gid_t_defined
