/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * What the system is called, as Linux's ABI has it: uname(2).
 */

/* Bytes of a name, with the 0 behind it. */
#define UK_ABI_UTS_LEN		65

/* `struct utsname` of C libraries. */
struct uk_abi_utsname {
	char sysname[UK_ABI_UTS_LEN];
	char nodename[UK_ABI_UTS_LEN];
	char release[UK_ABI_UTS_LEN];
	char version[UK_ABI_UTS_LEN];
	char machine[UK_ABI_UTS_LEN];
	char domainname[UK_ABI_UTS_LEN];
};

_Static_assert(sizeof(struct uk_abi_utsname) == 390, "Linux ABI");
