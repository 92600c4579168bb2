/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs cases of libraries natively, with Linux's own calls: what they expect of
 * ours is so there too. Prints TAP.
 */
#include <stdio.h>
#include <uk/test.h>

static struct native_case *first, **end = &first;
static bool failed;

void native_register(struct native_case *c)
{
	*end = c;
	end = &c->next;
}

bool native_expect(bool held, const char *what, const char *file, int line,
		   long a, long b)
{
	if (!held) {
		failed = true;
		printf("#   %s:%d: %s: %ld, %ld\n", file, line, what, a, b);
	}
	return held;
}

int main(void)
{
	unsigned int n = 0, nfailed = 0;

	for (const struct native_case *c = first; c; c = c->next)
		n++;
	printf("1..%u\n", n);
	n = 0;
	for (const struct native_case *c = first; c; c = c->next) {
		failed = false;
		c->fn();
		nfailed += failed;
		printf("%sok %u - %s: %s\n", failed ? "not " : "", ++n,
		       c->suite, c->name);
	}
	return nfailed ? 1 : 0;
}
