/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/bootinfo.h>
#include <uk/fdt.h>
#include <uk/fdt_machine.h>

/*
 * The state of the pass. Nodes deeper than NLEVELS are read over: neither
 * memory nor a serial port is that deep.
 */
#define NLEVELS		6u
#define CELLS_ODD	255

/* A value in the tree; NULL: the property is not there. */
struct val {
	const uint8_t *p;
	uint32_t len;
};

/* An open node, as its children need it. */
struct level {
	const char *name;
	struct val ranges;
	uint8_t addr_cells;	/* of the children; CELLS_ODD: not 1 or 2 */
	uint8_t size_cells;
	bool off;		/* its status, or its parent's */
};

/* The properties we know. */
enum prop_id {
	PROP_OTHER,

	/* Kept for the node that is being read. */
	PROP_REG,
	PROP_COMPATIBLE,
	PROP_INTERRUPTS,
	PROP_DEVICE_TYPE,
	PROP_METHOD,
	PROP_CPU_SUSPEND,
	PROP_CPU_OFF,
	PROP_CPU_ON,
	PROP_MIGRATE,
	PROP_REG_SHIFT,
	PROP_REG_WIDTH,
	NODE_NPROPS,

	/* For the children. */
	PROP_ADDR_CELLS = NODE_NPROPS,
	PROP_SIZE_CELLS,
	PROP_RANGES,
	PROP_STATUS,

	/* Of /chosen, and kept to the end. */
	PROP_BOOTARGS,
	PROP_STDOUT_PATH,
	PROP_LINUX_STDOUT_PATH,
	PROP_INITRD_START,
	PROP_INITRD_END,
	PROP_RNG_SEED,
};

/*
 * Trees have each property name once, so a name is known again by where it
 * is. No tree is so long that MEMO_FREE could be an offset.
 */
#define NMEMO		64u
#define MEMO_FREE	UINT32_MAX

struct memo {
	uint32_t nameoff;
	uint32_t id;		/* enum prop_id */
};

/* The properties of a node; bit i of @have: there is a prop[i]. */
struct node {
	uint32_t have;
	struct val prop[NODE_NPROPS];
};

/* A serial port and where it is: the names of the nodes down to it. */
struct uart {
	const char *path[NLEVELS];
	unsigned int depth;
	struct uk_console_hint hint;
};

struct scan {
	const struct uk_fdt_regions *regions;
	struct uk_fdt_machine *m;
	const char *where;

	bool have_memory;
	bool in_chosen;
	struct level level[NLEVELS];	/* [0] is the root */
	struct node node;		/* the one that is being read */

	struct memo memo[NMEMO];

	struct val initrd_start;
	struct val initrd_end;
	struct val stdout_path;
	struct uk_fdt_cursor aliases;	/* before the first alias … */
	bool have_aliases;		/* … if there is such a node */

	unsigned int nuarts;
	struct uart uart[UK_FDT_NUARTS];
};

static inline void node_keep(struct scan *s, enum prop_id id, struct val val)
{
	s->node.have |= 1u << id;
	s->node.prop[id] = val;
}

static inline const struct val *node_val(const struct scan *s,
					 enum prop_id id)
{
	static const struct val none;

	return s->node.have >> id & 1 ? &s->node.prop[id] : &none;
}

/*
 * translate.c: go up from the node at @depth, whose open ancestors are
 * @level[0], the root, to @level[@depth - 2]: its address in the space of its
 * parent's children becomes one in the CPU's. False: there is no way.
 */
bool fdt_translate(const struct level *level, unsigned int depth,
		   uint64_t *addr);

/* What a compatible property says of a node, as far as we know the words. */
enum node_kind {
	KIND_OTHER,
	KIND_PSCI,		/* 0.2 or later */
	KIND_PSCI_0_1,
	KIND_PL011,
	KIND_SBSA_UART,
	KIND_NS16550,
	KIND_XEN,
};

/*
 * The node at @depth (2: a child of the root), of which all properties are in
 * s->prop, is a serial port of the kind @kind: remember it if its registers
 * can be reached.
 */
void fdt_uart_add(struct scan *s, unsigned int depth, enum node_kind kind);

/* The port that s->stdout_path names, else the first one, into @hint. */
void fdt_uart_choose(const struct scan *s, struct uk_console_hint *hint);
