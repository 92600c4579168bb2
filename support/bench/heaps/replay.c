/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Built with each heap's own "heap.h", so that no call is between a program and
 * its heap that would not be there otherwise. Each block is written to, where
 * it begins and ends and in each page: a program would, and the host's system
 * counts pages only then.
 */
#include "trace.h"

#include "heap.h"

static void touch(char *ptr, uint32_t size)
{
	*(volatile char *)ptr = 1;
	for (uint32_t at = 4096; at < size; at += 4096)
		*(volatile char *)(ptr + at) = 1;
	*(volatile char *)(ptr + size - 1) = 1;
}

static void *call(const struct op *op, void *ptr)
{
	switch ((enum op_kind)op->kind) {
	case OP_MALLOC:
		return heap_malloc(op->size);
	case OP_CALLOC:
		return heap_calloc(op->size);
	case OP_REALLOC:
		return heap_realloc(ptr, op->size);
	case OP_FREE:
		break;
	}
	heap_free(ptr);
	return NULL;
}

int trace_replay(const struct trace *t, void **slots, void (*sample)(void))
{
	for (size_t i = 0; i < t->nops; i++) {
		const struct op *const op = &t->ops[i];

		slots[op->slot] = call(op, slots[op->slot]);
		if (op->kind != OP_FREE) {
			if (!slots[op->slot])
				return -1;
			touch(slots[op->slot], op->size);
		}
		if (sample)
			sample();
	}
	return 0;
}
