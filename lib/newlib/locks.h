/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* The locks that newlib has by name: ONCE(name), AGAIN(name) if recursive. */
#define NEWLIB_LOCKS(ONCE, AGAIN)	\
	ONCE(__arc4random_mutex)	\
	ONCE(__at_quick_exit_mutex)	\
	AGAIN(__atexit_recursive_mutex)	\
	ONCE(__dd_hash_mutex)		\
	AGAIN(__env_recursive_mutex)	\
	AGAIN(__malloc_recursive_mutex)	\
	AGAIN(__sfp_recursive_mutex)	\
	AGAIN(__sinit_recursive_mutex)	\
	ONCE(__tz_mutex)
