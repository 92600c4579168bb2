/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs the program that the first argument names: argv[0] of that program is
 * this name, and what its main() gives is the end. The table is made with the
 * programs (programs.py).
 */
#include <stdio.h>
#include <string.h>

struct program {
	const char *name;
	int (*main)(int argc, char **argv);
};

extern const struct program programs[];	/* the last has no name */

#define NONE	99

int main(int argc, char **argv)
{
	const struct program *p = programs;

	if (argc < 2) {
		for (; p->name; p++)
			puts(p->name);
		return NONE;
	}
	while (p->name && strcmp(p->name, argv[1]))
		p++;
	if (!p->name) {
		printf("there is no program %s\n", argv[1]);
		return NONE;
	}
	return p->main(argc - 1, argv + 1);
}
