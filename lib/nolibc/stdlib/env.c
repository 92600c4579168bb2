/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include <string.h>
#include <unistd.h>

/* Nothing gives an image an environment yet; a program may set its own. */
static char *none[] = { NULL };

char **environ = none;

char *getenv(const char *name)
{
	const size_t len = strlen(name);

	for (char **var = environ; var && *var; var++) {
		if (len && strncmp(*var, name, len) == 0 && (*var)[len] == '=')
			return *var + len + 1;
	}
	return NULL;
}
