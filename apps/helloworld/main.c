/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include <uk/config.h>

/* Prints the greeting, and each argument on a line of its own. */
int main(int argc, char *argv[])
{
	puts(CONFIG_APPHELLOWORLD_GREETING);
	for (int i = 1; i < argc; i++) {
		fputs("argument: ", stdout);
		puts(argv[i]);
	}
	return CONFIG_APPHELLOWORLD_STATUS;
}
