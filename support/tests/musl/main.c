/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that does what its first argument says and ends; the tests look
 * at the console. Without one it shows its environment.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "objects.h"
#include "threads.h"

extern char **environ;

static void last(void)
{
	puts("atexit: last");
}

static void first(void)
{
	puts("atexit: first");
}

static void quick(void)
{
	write(STDOUT_FILENO, "at_quick_exit\n", 14);
}

__attribute__((__destructor__)) static void destructor(void)
{
	puts("destructor");
}

static int environment(void)
{
	for (char **var = environ; *var; var++)
		puts(*var);
	return 0;
}

static int words(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("%d: %s\n", i, argv[i]);
	return argv[argc] != NULL;
}

static int echo(void)
{
	char line[64];

	if (fgets(line, sizeof(line), stdin))
		printf("read: %s", line);
	return 0;
}

int main(int argc, char **argv)
{
	const char *const what = argc > 1 ? argv[1] : "environment";
	const int status = argc > 2 ? atoi(argv[2]) : 0;

	if (!strcmp(what, "environment"))
		return environment();
	if (!strcmp(what, "words"))
		return words(argc, argv);
	if (!strcmp(what, "echo"))
		return echo();
	if (!strcmp(what, "objects"))
		return objects();

	atexit(last);
	atexit(first);
	at_quick_exit(quick);
	/* All of it waits for exit(). */
	if (!strcmp(what, "flush"))
		setvbuf(stdout, NULL, _IOFBF, 4096);
	/* No newline: it comes out when stdout is flushed. */
	fputs("main, ", stdout);
	if (!strcmp(what, "return"))
		return status;
	if (!strcmp(what, "exit") || !strcmp(what, "flush"))
		exit(status);
	if (!strcmp(what, "_Exit"))
		_Exit(status);
	if (!strcmp(what, "quick_exit"))
		quick_exit(status);
	if (!strcmp(what, "abort"))
		abort();
	if (!strcmp(what, "assert"))
		assert(status == 1);
	if (!strcmp(what, "leave"))
		leave_one(argc > 2 ? argv[2] : "");
	fprintf(stderr, "%s: %s\n", what, strerror(EINVAL));
	return 99;
}
