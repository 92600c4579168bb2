/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A program that does what the boot tests ask for, by its arguments:
 *
 *	exit N		return N from main()
 *	call-exit N	the same through exit()
 *	args ...	print every argument on a line of its own
 *	echo		copy lines from the input, until one is "quit"
 *	print N		N lines of output
 *	fault NAME	see faults.c
 *	canary		show the stack protector's value
 *	cpus		start the other CPUs (arm64)
 *	initrd		show length and sum of the initrd
 *	heap NAME	see heap.c
 *	reboot		restart the machine
 *	asked HOW	raise ukplat_end_asked: poweroff, reboot, or "mine" or
 *			"mine-reboot" if the program sees to it
 *	again N		hand the machine over N times, see again.c
 *	hang		never end
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uk/console.h>
#include <uk/end.h>
#include <uk/plat/terminate.h>

#include "probe.h"

static int print_args(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("argv[%d]=<%s>\n", i, argv[i]);
	printf("argc=%d, argv[argc] is %s\n", argc,
	       argv[argc] ? "not NULL" : "NULL");
	return 0;
}

static int echo(void)
{
	char line[256];

	printf("ready%s\n", uk_console_notify() ? ", keys interrupt" : "");
	while (fgets(line, sizeof(line), stdin)) {
		if (strcmp(line, "quit\n") == 0)
			return 0;
		printf("got <%.*s>\n", (int)strcspn(line, "\n"), line);
	}
	return 1;
}

static int print_lines(int n)
{
	for (int i = 0; i < n; i++)
		printf("line %d of %d, and some more text behind it\n", i, n);
	return 0;
}

static bool mine;

static enum uk_event_result on_asked(void *data)
{
	if (!mine)
		return UK_EVENT_NOT_HANDLED;
	printf("asked for %d\n", (int)*(const enum uk_end *)data);
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER(ukplat_end_asked, on_asked);

static int ask(const char *how)
{
	enum uk_end end = UK_END_POWEROFF;

	mine = strncmp(how, "mine", 4) == 0;
	if (strcmp(how, "reboot") == 0 || strcmp(how, "mine-reboot") == 0)
		end = UK_END_REBOOT;
	(void)uk_event_raise(ukplat_end_asked, &end);
	printf("it is mine\n");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "exit";
	const char *value = argc > 2 ? argv[2] : "0";

	if (strcmp(what, "exit") == 0)
		return atoi(value);
	if (strcmp(what, "call-exit") == 0)
		exit(atoi(value));
	if (strcmp(what, "args") == 0)
		return print_args(argc, argv);
	if (strcmp(what, "echo") == 0)
		return echo();
	if (strcmp(what, "print") == 0)
		return print_lines(atoi(value));
	if (strcmp(what, "fault") == 0)
		probe_fault(value);
	if (strcmp(what, "canary") == 0)
		return probe_canary();
	if (strcmp(what, "cpus") == 0)
		return probe_cpus();
	if (strcmp(what, "initrd") == 0)
		return probe_initrd();
	if (strcmp(what, "heap") == 0)
		return probe_heap(value);
	if (strcmp(what, "reboot") == 0)
		uk_reboot();
	if (strcmp(what, "again") == 0)
		return probe_again(atoi(value));
	if (strcmp(what, "asked") == 0)
		return ask(value);
	if (strcmp(what, "hang") == 0) {
		printf("hanging\n");
		for (;;)
			;
	}
	printf("probe: nothing is called \"%s %s\"\n", what, value);
	return 1;
}
