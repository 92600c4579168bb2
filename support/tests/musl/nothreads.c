/* SPDX-License-Identifier: BSD-3-Clause */
#include "threads.h"

#include <unistd.h>

void leave_one(const char *how)
{
	(void)how;
	_exit(97);
}
