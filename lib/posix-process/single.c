/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program of one thread: its end is the end of both.
 */
#include "process_priv.h"

#include <uk/end.h>

void process_thread_exit(int status)
{
	uk_exit(status);
}
