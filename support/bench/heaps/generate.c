/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The traces: made by a generator of fixed seed, with sizes and lifetimes as
 * the programs they are called after have them. Their sources are public; no
 * trace was recorded, so that the numbers here are all there is.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "trace.h"

#define NOPS_MAX	((size_t)4 << 20)
#define NSLOTS_MAX	((size_t)1 << 18)

struct gen {
	struct op *ops;
	size_t nops;
	uint32_t *sizes;	/* of the block in a slot */
	uint32_t *spare;	/* slots without one, a stack */
	size_t nspare, nslots;
	size_t live, peak;	/* bytes */
	uint64_t state;
};

static uint32_t below(struct gen *g, uint32_t n)
{
	/* Marsaglia's xorshift64 (Journal of Statistical Software 8, 14). */
	g->state ^= g->state << 13;
	g->state ^= g->state >> 7;
	g->state ^= g->state << 17;
	return (uint32_t)(g->state >> 32) % n;
}

static uint32_t between(struct gen *g, uint32_t min, uint32_t max)
{
	return min + below(g, max - min + 1);
}

/* Each doubling from @min to @max is as likely as the next. */
static uint32_t spread(struct gen *g, uint32_t min, uint32_t max)
{
	uint32_t n = 1;

	while (min << n < max)
		n++;
	min <<= below(g, n);
	return between(g, min, 2 * min < max ? 2 * min : max);
}

static void add(struct gen *g, enum op_kind kind, uint32_t slot, uint32_t size)
{
	if (g->nops == NOPS_MAX)
		abort();
	g->ops[g->nops++] = (struct op){
		.kind = kind, .slot = slot & 0x3fffffff, .size = size };
	g->live = g->live - g->sizes[slot] + size;
	g->sizes[slot] = size;
	if (g->live > g->peak)
		g->peak = g->live;
}

static uint32_t new_block(struct gen *g, enum op_kind kind, uint32_t size)
{
	const uint32_t slot = g->nspare ? g->spare[--g->nspare] :
					  (uint32_t)g->nslots++;

	if (slot >= NSLOTS_MAX)
		abort();
	add(g, kind, slot, size);
	return slot;
}

static uint32_t get(struct gen *g, uint32_t size)
{
	return new_block(g, OP_MALLOC, size);
}

static void put(struct gen *g, uint32_t slot)
{
	add(g, OP_FREE, slot, 0);
	g->spare[g->nspare++] = slot;
}

/*
 * A server of HTTP: a connection has a pool and buffers; a request has a table
 * of headers, strings, and a buffer for the answer, which go when it is served.
 * 64 connections are served in no order; every 50th request is a new one's.
 */
#define NCONNS		64u
#define NPARTS		16u

struct conn {
	uint32_t own[3];
	uint32_t parts[NPARTS];
	uint32_t nparts;	/* of the request; 0: none */
};

static void open_conn(struct gen *g, struct conn *c)
{
	c->own[0] = get(g, 512);
	c->own[1] = new_block(g, OP_CALLOC, 232);
	c->own[2] = get(g, 1024);
	c->nparts = 0;
}

static void end_request(struct gen *g, struct conn *c)
{
	while (c->nparts)
		put(g, c->parts[--c->nparts]);
}

static void request(struct gen *g, struct conn *c)
{
	c->parts[c->nparts++] = get(g, 4096);
	c->parts[c->nparts++] = new_block(g, OP_CALLOC, 1360);
	while (c->nparts < NPARTS - 2)
		c->parts[c->nparts++] = get(g, spread(g, 16, 256));
	c->parts[c->nparts++] = get(g, spread(g, 1024, 16384));
}

static void make_http(struct gen *g)
{
	static struct conn conns[NCONNS];

	for (uint32_t i = 0; i < NCONNS; i++)
		open_conn(g, &conns[i]);
	for (uint32_t i = 0; i < 40000; i++) {
		struct conn *const c = &conns[below(g, NCONNS)];

		if (c->nparts) {
			end_request(g, c);
		} else {
			if (below(g, 50) == 0) {
				for (int k = 0; k < 3; k++)
					put(g, c->own[k]);
				open_conn(g, c);
			}
			request(g, c);
		}
	}
}

/*
 * A store of keys and values: per key a string, an entry and an object; values
 * of 16 bytes to 4 KiB are set anew, get longer bit by bit, or go. The table of
 * entries doubles as keys come, a piece each time.
 */
#define NKEYS		40000u

static void make_kv(struct gen *g)
{
	static uint32_t keys[NKEYS], entries[NKEYS], values[NKEYS];
	static uint32_t sizes[NKEYS];	/* of values; 0: no such key */
	uint32_t nkeys = 0, table = get(g, 64), table_len = 8;

	for (uint32_t i = 0; i < 400000; i++) {
		/* One in eight keys is wanted by half of all. */
		const uint32_t k = below(g, 2) ? below(g, NKEYS / 8) :
						 below(g, NKEYS);

		if (!sizes[k]) {
			keys[k] = get(g, between(g, 20, 50));
			entries[k] = get(g, 24);
			sizes[k] = spread(g, 16, 4096);
			values[k] = get(g, sizes[k]);
			if (++nkeys > table_len) {
				const uint32_t old = table;

				table_len *= 2;
				table = new_block(g, OP_CALLOC, 8 * table_len);
				put(g, old);
			}
		} else if (below(g, 4) == 0 && sizes[k] < 8192) {
			sizes[k] += between(g, 1, 100);
			add(g, OP_REALLOC, values[k], sizes[k]);
		} else if (below(g, 8) == 0) {
			put(g, values[k]);
			put(g, keys[k]);
			put(g, entries[k]);
			sizes[k] = 0;
			nkeys--;
		} else {
			put(g, values[k]);
			sizes[k] = spread(g, 16, 4096);
			values[k] = get(g, sizes[k]);
		}
	}
}

/*
 * A database in a process: pages of 4 KiB with their header come and go in a
 * cache of 1,000; a statement is some dozen small objects that go in reverse; a
 * sort grows a buffer.
 */
#define NCACHED		1000u

static void make_database(struct gen *g)
{
	static uint32_t cached[NCACHED];
	uint32_t ncached = 0, objects[64], n, buffer;

	for (uint32_t i = 0; i < 10000; i++) {
		n = between(g, 10, 60);
		for (uint32_t k = 0; k < n; k++)
			objects[k] = get(g, spread(g, 16, 512));
		for (uint32_t k = between(g, 0, 8); k > 0; k--) {
			const uint32_t at = below(g, NCACHED);

			if (ncached < NCACHED) {
				cached[ncached++] = get(g, 4096 + 272);
				continue;
			}
			put(g, cached[at]);
			cached[at] = get(g, 4096 + 272);
		}
		if (i % 16 == 0) {
			buffer = get(g, 1024);
			for (uint32_t len = 2048; len <= 131072; len *= 2)
				add(g, OP_REALLOC, buffer, len);
			put(g, buffer);
		}
		while (n)
			put(g, objects[--n]);
	}
}

/*
 * What one thread allocates and another frees, without the threads: blocks wait
 * in piles of 100, and the oldest pile of 200 goes first.
 */
#define PILE		100u
#define NPILES		200u

static void make_queue(struct gen *g)
{
	static uint32_t piles[NPILES][PILE];

	for (uint32_t i = 0; i < 10000; i++) {
		uint32_t *const pile = piles[i % NPILES];

		for (uint32_t k = 0; i >= NPILES && k < PILE; k++)
			put(g, pile[k]);
		for (uint32_t k = 0; k < PILE; k++)
			pile[k] = get(g, between(g, 16, 512));
	}
}

/*
 * What cuts a heap into pieces: blocks of 16 to 1024 bytes replaced at random,
 * whose sizes become another range from phase to phase while one in eight of
 * the old ones stays.
 */
#define NCHURN		20000u

static void make_churn(struct gen *g)
{
	static const uint32_t mins[] = { 16, 200, 48, 600, 16, 1000 };
	static const uint32_t maxs[] = { 128, 400, 1024, 700, 64, 3000 };
	static uint32_t slots[NCHURN];
	uint32_t n = 0;

	for (uint32_t phase = 0; phase < 12; phase++) {
		const uint32_t min = mins[phase % 6], max = maxs[phase % 6];

		while (n < NCHURN)
			slots[n++] = get(g, between(g, min, max));
		for (uint32_t i = 0; i < 80000; i++) {
			const uint32_t at = below(g, NCHURN);

			put(g, slots[at]);
			slots[at] = get(g, between(g, min, max));
		}
		for (uint32_t i = 0; i < n; i++)
			if (below(g, 8)) {
				put(g, slots[i]);
				slots[i--] = slots[--n];
			}
	}
}

static const struct {
	const char *name;
	void (*make)(struct gen *g);
} makers[] = {
	{ "http", make_http },
	{ "kv", make_kv },
	{ "database", make_database },
	{ "queue", make_queue },
	{ "churn", make_churn },
};

const char *const trace_names[] = {
	"http", "kv", "database", "queue", "churn", NULL
};

static void *pages(size_t len)
{
	void *const ptr = mmap(NULL, len, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			       -1, 0);

	if (ptr == MAP_FAILED)
		abort();
	return ptr;
}

int trace_make(const char *name, struct trace *t)
{
	struct gen g = {
		.ops = pages(NOPS_MAX * sizeof(struct op)),
		.sizes = pages(NSLOTS_MAX * sizeof(uint32_t)),
		.spare = pages(NSLOTS_MAX * sizeof(uint32_t)),
		.state = 1,
	};
	size_t i = 0;

	while (strcmp(name, makers[i].name))
		if (++i == sizeof(makers) / sizeof(makers[0]))
			return -1;
	makers[i].make(&g);
	for (uint32_t slot = 0; slot < g.nslots; slot++)
		if (g.sizes[slot])
			add(&g, OP_FREE, slot, 0);
	*t = (struct trace){ .ops = g.ops, .nops = g.nops,
			     .nslots = g.nslots, .peak = g.peak };
	return 0;
}
