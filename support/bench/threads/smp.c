/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What servers do, for one CPU and for several: ../threads.py compares how
 * long they take for the same requests. A request reads a message byte by
 * byte and writes one as long, in the thread's own memory, and has a buffer
 * from the heap meanwhile.
 *
 * Private: one thread per connection. Requests are of some 6,000 instructions,
 * the budget of one over HTTP. 16 connections are open, four for each of four
 * CPUs, and all have work all the time. Who asks is a thread, too, that does
 * half the work and wakes the other, as a network stack does; so a thread is
 * woken per 3,000 instructions. After 20 requests the connection is closed:
 * its thread ends, is joined, and another one is made. Nothing is shared but
 * scheduler and heap.
 *
 * Shared: a pool of workers, two per CPU, takes requests out of a bounded
 * queue that one thread fills. Requests are of some 3,000 instructions, the
 * budget of a pipelined GET of a key-value store. A tenth of that, the look
 * into a table of values, the copy of one, and a counter, is under a mutex,
 * and a fiftieth under the queue's. So with four CPUs somebody has the table
 * for nearly half the time.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/alloc.h>
#include <uk/lcpu.h>
#include <uk/mutex.h>
#include <uk/sched.h>
#include <uk/semaphore.h>
#include <uk/thread.h>

#include "bench.h"

#define STACK_LEN	16384
#define APART		__attribute__((aligned(64)))

static struct uk_thread *start(uk_thread_fn1_t fn, void *arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, arg, a, STACK_LEN, NULL, 0, a, false, "bench", NULL,
		NULL);

	if (!t || uk_sched_thread_add(uk_sched_current(), t) < 0)
		abort();
	return t;
}

static uint32_t read_message(const uint8_t *in, unsigned int len)
{
	uint32_t hash = 2166136261u;

	for (unsigned int i = 0; i < len; i++)
		hash = (hash ^ in[i]) * 16777619u;
	return hash;
}

static void write_message(uint8_t *out, const uint8_t *in, unsigned int len,
			  uint32_t key)
{
	for (unsigned int i = 0; i < len; i++) {
		out[i] = (uint8_t)(in[i] + key);
		key *= 16777619u;
	}
}

static void *get_buffer(void)
{
	void *const buf = uk_malloc(uk_alloc_get_default(), 128);

	if (!buf)
		abort();
	return buf;
}

static void put_buffer(void *buf)
{
	uk_free(uk_alloc_get_default(), buf);
}

/*
 * Private work
 */

#define NCONNECTIONS	16u
#define LIFE		20u	/* requests of a connection */
#define HTTP_LEN	512u

static struct client {
	uint8_t in[HTTP_LEN], out[HTTP_LEN];
	struct uk_semaphore asked, answered;
	uint32_t hash;
	unsigned int nasked, nanswered;
	struct uk_thread *thread;
} APART clients[NCONNECTIONS];

static void serve_connection(void *arg)
{
	struct client *const c = arg;

	for (unsigned int i = 0; i < LIFE; i++) {
		void *buf;

		uk_semaphore_down(&c->asked);
		buf = get_buffer();
		write_message(c->out, c->in, HTTP_LEN, c->hash);
		put_buffer(buf);
		c->nanswered++;
		uk_semaphore_up(&c->answered);
	}
}

static void be_client(void *arg)
{
	struct client *const c = arg;
	struct uk_thread *server = NULL;

	for (unsigned int i = 0; i < c->nasked; i++) {
		if (i % LIFE == 0)
			server = start(serve_connection, c);
		c->in[0] = (uint8_t)i;
		c->hash = read_message(c->in, HTTP_LEN);
		uk_semaphore_up(&c->asked);
		/* As one who looks for more before it waits. */
		uk_sched_yield();
		uk_semaphore_down(&c->answered);
		if (i % LIFE == LIFE - 1)
			uk_thread_join(server);
	}
}

/* @n requests in all, which are the same number for each connection. */
static void run_private(unsigned int n)
{
	for (unsigned int i = 0; i < NCONNECTIONS; i++) {
		struct client *const c = &clients[i];

		c->nasked = n / NCONNECTIONS;
		c->nanswered = 0;
		uk_semaphore_init(&c->asked, 0);
		uk_semaphore_init(&c->answered, 0);
		c->thread = start(be_client, c);
	}
	for (unsigned int i = 0; i < NCONNECTIONS; i++) {
		uk_thread_join(clients[i].thread);
		if (clients[i].nanswered != n / NCONNECTIONS)
			abort();
	}
}

/*
 * Shared work
 */

#define NWORKERS_MAX	8u
#define NSLOTS		32u
#define TABLE_LEN	64u
#define NKEYS		48u	/* so three of four slots are taken */
#define VALUE_LEN	32u
#define GET_LEN		192u

static struct {
	struct uk_mutex lock;
	unsigned int first, count;
	uint32_t slots[NSLOTS];
	struct uk_semaphore filled APART, room APART;
} APART queue;

static struct {
	struct uk_mutex lock;
	unsigned int nserved;
	struct {
		uint32_t key;	/* 0: nothing */
		uint8_t value[VALUE_LEN];
	} slots[TABLE_LEN];
} APART table;

static struct worker {
	uint8_t in[GET_LEN], out[GET_LEN];
	struct uk_thread *thread;
} APART workers[NWORKERS_MAX];

static void put(uint32_t item)
{
	uk_semaphore_down(&queue.room);
	uk_mutex_lock(&queue.lock);
	queue.slots[(queue.first + queue.count++) % NSLOTS] = item;
	uk_mutex_unlock(&queue.lock);
	uk_semaphore_up(&queue.filled);
}

static uint32_t get(void)
{
	uint32_t item;

	uk_semaphore_down(&queue.filled);
	uk_mutex_lock(&queue.lock);
	item = queue.slots[queue.first];
	queue.first = (queue.first + 1) % NSLOTS;
	queue.count--;
	uk_mutex_unlock(&queue.lock);
	uk_semaphore_up(&queue.room);
	return item;
}

/* Copy the value of @item's key, which is stored if it is new, to @out. */
static void look_up(uint32_t item, uint8_t *out)
{
	const uint32_t key = item % NKEYS + 1;
	unsigned int at = key * 2654435761u >> 26;

	uk_mutex_lock(&table.lock);
	while (table.slots[at].key && table.slots[at].key != key)
		at = (at + 1) % TABLE_LEN;
	table.slots[at].key = key;
	for (unsigned int i = 0; i < VALUE_LEN; i++)
		out[i] = table.slots[at].value[i];
	table.nserved++;
	uk_mutex_unlock(&table.lock);
}

static void serve_queue(void *arg)
{
	struct worker *const w = arg;
	uint32_t item, hash;

	while ((item = get())) {
		void *const buf = get_buffer();

		w->in[0] = (uint8_t)item;
		hash = read_message(w->in, GET_LEN);
		write_message(w->out, w->in, GET_LEN, hash);
		look_up(item, buf);
		put_buffer(buf);
	}
}

static void prepare_shared(void)
{
	uk_mutex_init(&queue.lock);
	uk_mutex_init(&table.lock);
	uk_semaphore_init(&queue.filled, 0);
	uk_semaphore_init(&queue.room, NSLOTS);
}

static void run_shared(unsigned int n)
{
	const unsigned int nworkers = 2 * uk_lcpu_count();

	if (nworkers > NWORKERS_MAX)
		abort();
	for (unsigned int i = 0; i < nworkers; i++)
		workers[i].thread = start(serve_queue, &workers[i]);
	for (uint32_t item = 1; item <= n; item++)
		put(item);
	for (unsigned int i = 0; i < nworkers; i++)
		put(0);
	for (unsigned int i = 0; i < nworkers; i++)
		uk_thread_join(workers[i].thread);
	if (table.nserved != n)
		abort();
}

const struct bench_work bench_smp[] = {
	/* The first time slice of all chooses a timer. */
	{ "warm-up", NULL, run_private, NCONNECTIONS * LIFE },
	/* Ten connections after the other, so their end is of no weight. */
	{ "private", NULL, run_private, NCONNECTIONS * LIFE * 10 },
	{ "shared", prepare_shared, run_shared, 8192 },
	{ NULL, NULL, NULL, 0 }
};
