/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * heaps TRACE: replay it once for its memory and to warm up, and once for its
 * time; print, on one line, "name=value" for each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

#include <mark.h>

#include "trace.h"

#define ARENA	((size_t)1 << 30)

static size_t most;

static void sample(void)
{
	const size_t now = heap_taken();

	if (now > most)
		most = now;
}

/* A line of /proc/self/status, in bytes; 0: there is none. */
static size_t status(const char *name)
{
	FILE *const file = fopen("/proc/self/status", "r");
	char line[256];
	size_t kib = 0;

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			kib = strtoul(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return kib << 10;
}

static unsigned long long cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (unsigned long long)ts.tv_sec * 1000000000 +
	       (unsigned long long)ts.tv_nsec;
}

static void *map(size_t len)
{
	void *const ptr = mmap(NULL, len, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			       -1, 0);

	if (ptr == MAP_FAILED) {
		perror("heaps: mmap");
		exit(1);
	}
	return ptr;
}

int main(int argc, char **argv)
{
	unsigned long long begin, end;
	size_t before, after;
	struct trace t;
	void **slots;

	if (argc != 2 || trace_make(argv[1], &t) < 0) {
		fprintf(stderr, "usage: heaps TRACE, one of:");
		for (size_t i = 0; trace_names[i]; i++)
			fprintf(stderr, " %s", trace_names[i]);
		fprintf(stderr, "\n");
		return 2;
	}
	/* Or else pages are counted that nobody wrote to. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	slots = map(t.nslots * sizeof(*slots));
	memset(slots, 0, t.nslots * sizeof(*slots));
	heap_open(map(ARENA), ARENA);

	before = status("VmRSS:");
	if (trace_replay(&t, slots, sample) < 0)
		goto no_memory;
	after = status("VmHWM:");
	begin = cpu_ns();
	MARK(1);
	if (trace_replay(&t, slots, NULL) < 0)
		goto no_memory;
	MARK(2);
	end = cpu_ns();
	printf("ops=%zu peak=%zu taken=%zu cpu_ns=%llu\n", t.nops, t.peak,
	       most ? most : after - before, end - begin);
	return 0;

no_memory:
	fprintf(stderr, "heaps: the heap has no memory\n");
	return 1;
}
