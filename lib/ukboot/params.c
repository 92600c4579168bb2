/* SPDX-License-Identifier: BSD-3-Clause */
/* The parameters of the image, from its table. */
#include "boot_priv.h"

#include <stddef.h>

#include <uk/config.h>
#include <uk/libparam_parse.h>
#include <uk/log.h>

enum boot_args boot_params_set(int *argc, char **argv)
{
	const struct uk_libparam_table table = uk_libparam_image_table();

	switch (uk_libparam_parse(&table, argc, argv)) {
	case UK_LIBPARAM_OK:
		return BOOT_ARGS_OK;
	case UK_LIBPARAM_HELP:
		return BOOT_ARGS_HELP;
	case UK_LIBPARAM_BAD:
		break;
	}
	return BOOT_ARGS_BAD;
}

void boot_params_help(void)
{
	const struct uk_libparam_table table = uk_libparam_image_table();
	char line[UK_LOG_LINE + 1];

	uk_log_plain("parameters: " CONFIG_UK_NAME " [lib.parameter=value ...] "
		     "[-- argument ...]");
	for (size_t i = 0; i < table.count; i++) {
		(void)uk_libparam_describe(&table.first[i], line,
					   sizeof(line));
		uk_log_plain("%s", line);
	}
}
