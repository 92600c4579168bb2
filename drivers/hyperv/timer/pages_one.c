/* SPDX-License-Identifier: BSD-3-Clause */
/* The page of messages of an image with one CPU. */
#include "timer_priv.h"

static struct hyperv_messages page UK_SECTION(".bss..pages");

int hyperv_pages_make(void)
{
	return 0;
}

struct hyperv_messages *hyperv_pages_own(void)
{
	return &page;
}
