/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

/* What identifies the program among shared objects: there is one only. */
extern void *const __dso_handle;
void *const __dso_handle = (void *)&__dso_handle;

_Noreturn void __cxa_pure_virtual(void);
_Noreturn void __cxa_deleted_virtual(void);

/* In the place of virtual functions that have no body, or are deleted. */
_Noreturn void __cxa_pure_virtual(void)
{
	abort();
}

_Noreturn void __cxa_deleted_virtual(void)
{
	abort();
}
