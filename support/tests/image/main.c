/* SPDX-License-Identifier: BSD-3-Clause */
/* The image in which the libraries' tests run. */
#include <uk/errno.h>
#include <uk/test.h>
#include <uk/thread.h>

/*
 * Cases run on the boot CPU, and so do the threads they make: one after the
 * other, as their cases say. What is to run on others is told so.
 */
static int keep_to_boot_cpu(void)
{
	const int rc = uk_thread_set_affinity(uk_thread_current(), 1);

	return rc == -ENOTSUP ? 0 : rc;
}

int main(void)
{
	if (keep_to_boot_cpu() < 0)
		return 1;
	return uk_test_run_all();
}
