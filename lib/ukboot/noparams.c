/* SPDX-License-Identifier: BSD-3-Clause */
/* An image without parameters: words before "--" are not for its program. */
#include "boot_priv.h"

#include <stddef.h>

#include <uk/string.h>

enum boot_args boot_params_set(int *argc, char **argv)
{
	int in = 1, out = 1;

	while (in < *argc && !uk_streq(argv[in], "--"))
		in++;
	if (in == *argc)
		return BOOT_ARGS_OK;
	for (in++; in < *argc; in++)
		argv[out++] = argv[in];
	argv[out] = NULL;
	*argc = out;
	return BOOT_ARGS_OK;
}

void boot_params_help(void)
{
}
