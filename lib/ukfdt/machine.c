/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass over the tree for all that booting wants to know.
 *
 * A node is judged when its properties are complete, which is at its first
 * subnode or its end. Then its own properties are in s->prop[] and those its
 * children depend on (cells, ranges, status) in s->level[]. Only what may
 * come later in the tree than its user is kept until the end of the pass:
 * stdout-path and the aliases it may go through.
 *
 * Looking each thing up by its path, as libraries for this format offer it,
 * costs a walk per question; here the whole tree costs one.
 */
#include "machine_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>

static bool streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Is the string at @p, of which @len bytes may be read, @str with its NUL? */
static bool is_string(const uint8_t *p, uint32_t len, const char *str)
{
	for (uint32_t i = 0; i < len && p[i] == (uint8_t)str[i]; i++)
		if (str[i] == '\0')
			return true;
	return false;
}

static bool val_is(const struct val *val, const char *str)
{
	return val->p && is_string(val->p, val->len, str);
}

static int fail(struct scan *s, int err, const char *where)
{
	s->where = where;
	return err;
}

/* The kind of the first string of the list that we know. */
static enum node_kind classify(const struct val *compatible)
{
	static const struct {
		const char *name;
		enum node_kind kind;
	} known[] = {
		{ "arm,pl011", KIND_PL011 },
		{ "arm,psci-1.0", KIND_PSCI },
		{ "arm,psci-0.2", KIND_PSCI },
		{ "arm,psci", KIND_PSCI_0_1 },
		{ "ns16550a", KIND_NS16550 },
		{ "ns16550", KIND_NS16550 },
	};
	const uint8_t *p = compatible->p;
	uint32_t len = compatible->len;

	if (!p)
		return KIND_OTHER;
	while (len) {
		if (*p == 'a' || *p == 'n')
			for (unsigned int i = 0;
			     i < UK_ARRAY_SIZE(known); i++)
				if (is_string(p, len, known[i].name))
					return known[i].kind;
		while (len && *p) {
			p++;
			len--;
		}
		if (len) {
			p++;
			len--;
		}
	}
	return KIND_OTHER;
}

/* Report each region of a reg property; its cells are those of @parent. */
static int read_reg(struct scan *s, const struct level *parent,
		    int (*region)(void *, uint64_t, uint64_t),
		    const char *where)
{
	const struct val *reg = &s->prop[PROP_REG];
	const uint32_t na = parent->addr_cells * 4u;
	const uint32_t ns = parent->size_cells * 4u;

	if (!reg->p)
		return 0;
	if ((na != 4 && na != 8) || (ns != 4 && ns != 8))
		return fail(s, -EDOM, where);
	if (reg->len % (na + ns))
		return fail(s, -EPROTO, where);

	for (uint32_t off = 0; off < reg->len; off += na + ns) {
		const uint64_t base = uk_fdt_cells(reg->p + off, na / 4);
		const uint64_t len = uk_fdt_cells(reg->p + off + na, ns / 4);
		int rc;

		if (len == 0)
			continue;
		rc = region(s->regions->arg, base, len);
		if (rc < 0)
			return fail(s, rc, where);
	}
	return 0;
}

static int read_psci(struct scan *s, enum node_kind kind)
{
	/* Function id of CPU_ON for 64-bit callers (PSCI 1.1, 5.1.4). */
	const uint32_t std_cpu_on = 0xc4000003;
	const struct val *cpu_on = &s->prop[PROP_CPU_ON];

	if (val_is(&s->prop[PROP_METHOD], "hvc"))
		s->m->psci = UK_PSCI_HVC;
	else if (val_is(&s->prop[PROP_METHOD], "smc"))
		s->m->psci = UK_PSCI_SMC;
	else
		return fail(s, -EPROTO, "method of the PSCI node");

	s->m->psci_is_0_1 = kind == KIND_PSCI_0_1;
	s->m->psci_cpu_on = std_cpu_on;
	if (kind == KIND_PSCI_0_1)
		s->m->psci_cpu_on = cpu_on->p && cpu_on->len == 4 ?
				    uk_fdt_u32(cpu_on->p) : 0;
	return 0;
}

/* All properties of the node at @depth have been read. */
static int node_complete(struct scan *s, unsigned int depth)
{
	const struct level *parent;
	enum node_kind kind;

	if (depth < 2 || s->level[depth - 1].off)
		return 0;
	parent = &s->level[depth - 2];

	if (depth == 2 && val_is(&s->prop[PROP_DEVICE_TYPE], "memory")) {
		s->have_memory = true;
		return read_reg(s, parent, s->regions->memory,
				"reg of a memory node");
	}
	if (depth == 3 && streq(parent->name, "reserved-memory"))
		return read_reg(s, parent, s->regions->reserved,
				"reg of a reserved-memory node");

	kind = classify(&s->prop[PROP_COMPATIBLE]);
	if (kind == KIND_PSCI || kind == KIND_PSCI_0_1)
		return read_psci(s, kind);
	if (kind != KIND_OTHER)
		fdt_uart_add(s, depth, kind);
	return 0;
}

static uint8_t read_ncells(const struct val *val)
{
	const uint32_t n = val->len == 4 ? uk_fdt_u32(val->p) : 0;

	return n == 1 || n == 2 ? (uint8_t)n : CELLS_ODD;
}

static enum prop_id find_name(const char *name)
{
	static const struct {
		char name[20];
		uint32_t id;
	} known[] = {
		{ "#address-cells", PROP_ADDR_CELLS },
		{ "#size-cells", PROP_SIZE_CELLS },
		{ "bootargs", PROP_BOOTARGS },
		{ "compatible", PROP_COMPATIBLE },
		{ "cpu_on", PROP_CPU_ON },
		{ "device_type", PROP_DEVICE_TYPE },
		{ "interrupts", PROP_INTERRUPTS },
		{ "linux,initrd-end", PROP_INITRD_END },
		{ "linux,initrd-start", PROP_INITRD_START },
		{ "linux,stdout-path", PROP_LINUX_STDOUT_PATH },
		{ "method", PROP_METHOD },
		{ "ranges", PROP_RANGES },
		{ "reg", PROP_REG },
		{ "reg-io-width", PROP_REG_WIDTH },
		{ "reg-shift", PROP_REG_SHIFT },
		{ "rng-seed", PROP_RNG_SEED },
		{ "status", PROP_STATUS },
		{ "stdout-path", PROP_STDOUT_PATH },
	};

	/* In the order of their first letters. */
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(known) &&
				 known[i].name[0] <= name[0]; i++)
		if (known[i].name[0] == name[0] && streq(known[i].name, name))
			return known[i].id;
	return PROP_OTHER;
}

/* Which one is the property at the cursor? */
static enum prop_id prop_id(struct scan *s)
{
	struct memo *memo = &s->memo[s->cur.nameoff % NMEMO];

	if (memo->id == PROP_FREE || memo->nameoff != s->cur.nameoff) {
		memo->nameoff = s->cur.nameoff;
		memo->id = find_name(s->cur.name);
	}
	return memo->id;
}

static void node_prop(struct scan *s, struct level *level, enum prop_id id,
		      struct val val)
{
	switch (id) {
	case PROP_ADDR_CELLS:
		level->addr_cells = read_ncells(&val);
		break;
	case PROP_SIZE_CELLS:
		level->size_cells = read_ncells(&val);
		break;
	case PROP_RANGES:
		level->ranges = val;
		break;
	case PROP_STATUS:
		level->off |= !val_is(&val, "okay") && !val_is(&val, "ok");
		break;
	default:
		if (id < NODE_NPROPS)
			s->prop[id] = val;
	}
}

static void chosen_prop(struct scan *s, enum prop_id id, struct val val)
{
	switch (id) {
	case PROP_BOOTARGS:
		s->m->bootargs = (const char *)val.p;
		s->m->bootargs_len = val.len;
		break;
	case PROP_STDOUT_PATH:
		s->stdout_path = val;
		break;
	case PROP_LINUX_STDOUT_PATH:	/* its old name */
		if (!s->stdout_path.p)
			s->stdout_path = val;
		break;
	case PROP_INITRD_START:
		s->initrd_start = val;
		break;
	case PROP_INITRD_END:
		s->initrd_end = val;
		break;
	case PROP_RNG_SEED:
		s->m->seed_off = (uint32_t)(val.p - s->cur.fdt->blob);
		s->m->seed_len = val.len;
		break;
	default:
		break;
	}
}

/* A node has begun at the cursor. */
static void enter(struct scan *s)
{
	const unsigned int depth = s->cur.depth;

	s->in_chosen = depth == 2 && streq(s->cur.name, "chosen");
	if (depth > NLEVELS)
		return;
	/* Cells that are not told are 2 and 1 (2.3.5). */
	s->level[depth - 1] = (struct level){
		.name = s->cur.name,
		.addr_cells = 2,
		.size_cells = 1,
		.off = depth > 1 && s->level[depth - 2].off,
	};
	for (unsigned int i = 0; i < NODE_NPROPS; i++)
		s->prop[i].p = NULL;
	if (depth == 2 && streq(s->cur.name, "aliases")) {
		s->aliases = s->cur;
		s->have_aliases = true;
	}
}

/* The whole stream; every node is complete once. */
static int walk(struct scan *s)
{
	unsigned int depth = 0;		/* of the node that is being read */

	for (;;) {
		const int token = uk_fdt_next(&s->cur);
		int rc = 0;

		if (token < 0)
			return token;
		if (token == UK_FDT_END)
			return 0;

		if (token == UK_FDT_PROP) {
			const struct val val = { s->cur.val, s->cur.len };
			const enum prop_id id = prop_id(s);

			if (id == PROP_OTHER || depth > NLEVELS)
				continue;
			if (s->in_chosen)
				chosen_prop(s, id, val);
			else
				node_prop(s, &s->level[depth - 1], id, val);
			continue;
		}

		if (depth && depth <= NLEVELS)
			rc = node_complete(s, depth);
		if (rc < 0)
			return rc;
		depth = 0;
		if (token == UK_FDT_NODE) {
			depth = s->cur.depth;
			enter(s);
		}
	}
}

static int read_initrd(struct scan *s)
{
	const struct val *a = &s->initrd_start;
	const struct val *b = &s->initrd_end;
	uint64_t start, end;

	if (!a->p && !b->p)
		return 0;
	if (!a->p || !b->p || (a->len != 4 && a->len != 8) ||
	    (b->len != 4 && b->len != 8))
		return fail(s, -EPROTO, "linux,initrd-start or -end");

	start = uk_fdt_cells(a->p, a->len / 4);
	end = uk_fdt_cells(b->p, b->len / 4);
	if (end < start)
		return fail(s, -EPROTO, "linux,initrd-end is below its start");
	s->m->initrd_base = start;
	s->m->initrd_len = end - start;
	return 0;
}

static int read_rsvmap(struct scan *s, const struct uk_fdt *fdt)
{
	for (uint32_t i = 0; i < fdt->nrsv; i++) {
		uint64_t base, len;
		int rc = 0;

		uk_fdt_rsv(fdt, i, &base, &len);
		if (len)
			rc = s->regions->reserved(s->regions->arg, base, len);
		if (rc < 0)
			return fail(s, rc, "memory reservation block");
	}
	return 0;
}

int uk_fdt_machine_read(const struct uk_fdt *fdt,
			const struct uk_fdt_regions *regions,
			struct uk_fdt_machine *machine, const char **where)
{
	struct scan s = { .regions = regions, .m = machine };
	int rc;

	for (unsigned int i = 0; i < NMEMO; i++)
		s.memo[i].id = PROP_FREE;
	*machine = (struct uk_fdt_machine){ 0 };
	uk_fdt_begin(&s.cur, fdt);

	rc = read_rsvmap(&s, fdt);
	if (rc == 0)
		rc = walk(&s);
	if (rc == 0)
		rc = read_initrd(&s);
	if (rc == 0 && !s.have_memory)
		rc = fail(&s, -ENODATA, "no memory node");
	if (rc == 0)
		fdt_uart_choose(&s, &machine->console);
	*where = s.where;
	return rc;
}
