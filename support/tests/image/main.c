/* SPDX-License-Identifier: BSD-3-Clause */
/* The image in which the libraries' tests run. */
#include <uk/test.h>

int main(void)
{
	return uk_test_run_all();
}
