/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One pass over the tree for all that booting wants to know.
 *
 * A node is judged when its properties are complete, which is at its first
 * subnode or its end. Then its own properties are in s->node and those its
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

#include "stream_priv.h"

static bool val_is(const struct val *val, const char *str)
{
	return val->p && fdt_is_string(val->p, val->len, str);
}

static int fail(struct scan *s, int err, const char *where)
{
	s->where = where;
	return err;
}

/* Where the string at @p, of which @len bytes may be read, ends; or @len. */
static uint32_t string_end(const uint8_t *p, uint32_t len)
{
	uint32_t i = 0;

	for (; len - i >= 4; i += 4) {
		const uint32_t nul = fdt_nul(fdt_word(p + i));

		if (nul)
			return i + (uint32_t)__builtin_ctz(nul) / 8;
	}
	while (i < len && p[i])
		i++;
	return i;
}

/* The kind of the first string of the list that we know. */
static enum node_kind classify(const struct val *compatible)
{
	static const struct {
		const char *name;
		enum node_kind kind;
	} known[] = {
		{ "arm,pl011", KIND_PL011 },
		{ "arm,sbsa-uart", KIND_SBSA_UART },
		{ "arm,psci-1.0", KIND_PSCI },
		{ "arm,psci-0.2", KIND_PSCI },
		{ "arm,psci", KIND_PSCI_0_1 },
		{ "ns16550a", KIND_NS16550 },
		{ "ns16550", KIND_NS16550 },
		{ "xen,xen", KIND_XEN },
	};
	const uint8_t *p = compatible->p;
	uint32_t len = compatible->len;

	if (!p)
		return KIND_OTHER;
	while (len) {
		uint32_t end;

		if (*p == 'a' || *p == 'n' || *p == 'x')
			for (unsigned int i = 0;
			     i < UK_ARRAY_SIZE(known); i++)
				if (fdt_is_string(p, len, known[i].name))
					return known[i].kind;
		end = string_end(p, len);
		if (end == len)
			break;
		p += end + 1;
		len -= end + 1;
	}
	return KIND_OTHER;
}

/* Report each region of a reg property; its cells are those of @parent. */
static int read_reg(struct scan *s, const struct level *parent,
		    int (*region)(void *, uint64_t, uint64_t),
		    const char *where)
{
	const struct val *reg = node_val(s, PROP_REG);
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

/* The function ids of PSCI 0.1; those that are not there stay 0. */
static int read_psci_ids(struct scan *s)
{
	const struct {
		enum prop_id prop;
		uint32_t *id;
	} ids[] = {
		{ PROP_CPU_SUSPEND, &s->m->psci_cpu_suspend },
		{ PROP_CPU_OFF, &s->m->psci_cpu_off },
		{ PROP_CPU_ON, &s->m->psci_cpu_on },
		{ PROP_MIGRATE, &s->m->psci_migrate },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(ids); i++) {
		const struct val *val = node_val(s, ids[i].prop);

		if (!val->p)
			continue;
		if (val->len != 4)
			return fail(s, -EPROTO, "a function id of PSCI 0.1");
		*ids[i].id = uk_fdt_u32(val->p);
	}
	return 0;
}

static int read_psci(struct scan *s, enum node_kind kind)
{
	if (val_is(node_val(s, PROP_METHOD), "hvc"))
		s->m->psci = UK_PSCI_HVC;
	else if (val_is(node_val(s, PROP_METHOD), "smc"))
		s->m->psci = UK_PSCI_SMC;
	else
		return fail(s, -EPROTO, "method of the PSCI node");

	s->m->psci_is_0_1 = kind == KIND_PSCI_0_1;
	return s->m->psci_is_0_1 ? read_psci_ids(s) : 0;
}

/* All properties of the node at @depth have been read. */
static int node_complete(struct scan *s, unsigned int depth)
{
	const struct level *parent;
	enum node_kind kind;

	if (depth < 2 || s->level[depth - 1].off)
		return 0;
	parent = &s->level[depth - 2];

	if (depth == 2 && val_is(node_val(s, PROP_DEVICE_TYPE), "memory")) {
		s->have_memory = true;
		return read_reg(s, parent, s->regions->memory,
				"reg of a memory node");
	}
	if (depth == 3 && fdt_streq(parent->name, "reserved-memory"))
		return read_reg(s, parent, s->regions->reserved,
				"reg of a reserved-memory node");

	kind = classify(node_val(s, PROP_COMPATIBLE));
	if (kind == KIND_PSCI || kind == KIND_PSCI_0_1)
		return read_psci(s, kind);
	if (kind == KIND_XEN)
		s->m->hypervisor = UK_HYPERVISOR_XEN;
	else if (kind != KIND_OTHER)
		fdt_uart_add(s, depth, kind);
	return 0;
}

static uint8_t read_ncells(const struct val *val)
{
	const uint32_t n = val->len == 4 ? uk_fdt_u32(val->p) : 0;

	return n == 1 || n == 2 ? (uint8_t)n : CELLS_ODD;
}

/* '#' and the letters as small numbers, of which none is 0. */
#define LETTER(c)	((c) % 32u)

static enum prop_id find_name(const char *name)
{
	/* By first letters; an empty name before and after. */
	static const struct {
		char name[20];
		uint32_t id;
	} known[] = {
		[1] = { "#address-cells", PROP_ADDR_CELLS },
		{ "#size-cells", PROP_SIZE_CELLS },
		{ "compatible", PROP_COMPATIBLE },
		{ "cpu_on", PROP_CPU_ON },
		{ "cpu_off", PROP_CPU_OFF },
		{ "cpu_suspend", PROP_CPU_SUSPEND },
		[7] = { "bootargs", PROP_BOOTARGS },
		[8] = { "device_type", PROP_DEVICE_TYPE },
		[9] = { "interrupts", PROP_INTERRUPTS },
		[10] = { "linux,initrd-end", PROP_INITRD_END },
		{ "linux,initrd-start", PROP_INITRD_START },
		{ "linux,stdout-path", PROP_LINUX_STDOUT_PATH },
		[13] = { "method", PROP_METHOD },
		{ "migrate", PROP_MIGRATE },
		[15] = { "reg", PROP_REG },
		{ "ranges", PROP_RANGES },
		{ "reg-io-width", PROP_REG_WIDTH },
		{ "reg-shift", PROP_REG_SHIFT },
		{ "rng-seed", PROP_RNG_SEED },
		[20] = { "status", PROP_STATUS },
		{ "stdout-path", PROP_STDOUT_PATH },
		{ "", PROP_OTHER },
	};
	static const uint8_t first[32] = {
		[LETTER('#')] = 1, [LETTER('b')] = 7, [LETTER('d')] = 8,
		[LETTER('i')] = 9, [LETTER('l')] = 10, [LETTER('m')] = 13,
		[LETTER('r')] = 15, [LETTER('s')] = 20,
	};
	const unsigned int letter = LETTER((unsigned char)name[0]);

	_Static_assert(LETTER('#') == LETTER('c'), "they stand together");

	for (unsigned int i = first[letter];
	     LETTER((unsigned char)known[i].name[0]) == letter; i++)
		if (fdt_streq(known[i].name, name))
			return known[i].id;
	return PROP_OTHER;
}

/* Which one is the property at @cur? */
static inline enum prop_id prop_id(struct scan *s,
				   const struct uk_fdt_cursor *cur)
{
	struct memo *memo = &s->memo[cur->nameoff % NMEMO];

	if (memo->nameoff != cur->nameoff) {
		memo->nameoff = cur->nameoff;
		memo->id = find_name(cur->name);
	}
	return memo->id;
}

/* What concerns the children of the node at @level. */
static void node_prop(struct level *level, enum prop_id id, struct val val)
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
		break;
	}
}

static void chosen_prop(struct scan *s, const struct uk_fdt *fdt,
			enum prop_id id, struct val val)
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
		s->m->seed_off = (uint32_t)(val.p - fdt->blob);
		s->m->seed_len = val.len;
		break;
	default:
		break;
	}
}

/*
 * The node @name has begun, at @depth at most NLEVELS. Returns whether it is
 * the one with the aliases.
 */
static bool enter(struct scan *s, const char *name, unsigned int depth)
{
	/* Cells that are not told are 2 and 1 (2.3.5). */
	s->level[depth - 1] = (struct level){
		.name = name,
		.addr_cells = 2,
		.size_cells = 1,
		.off = depth > 1 && s->level[depth - 2].off,
	};
	s->node.have = 0;
	s->in_chosen = false;
	if (depth != 2)
		return false;
	s->in_chosen = fdt_streq(name, "chosen");
	return fdt_streq(name, "aliases");
}

/* The whole stream; every node is complete once. */
static int walk(struct scan *s, const struct uk_fdt *tree)
{
	const struct uk_fdt fdt = *tree;	/* in registers */
	unsigned int depth = 0;		/* of the node that is being read */
	struct uk_fdt_cursor cur;

	uk_fdt_begin(&s->aliases, tree);
	cur = s->aliases;
	for (;;) {
		const int token = fdt_step(&cur, &fdt);
		int rc = 0;

		if (token == UK_FDT_PROP) {
			const struct val val = { cur.val, cur.len };
			const enum prop_id id = prop_id(s, &cur);

			if (id == PROP_OTHER || depth == 0)
				continue;
			if (s->in_chosen)
				chosen_prop(s, tree, id, val);
			else if (id < NODE_NPROPS)
				node_keep(s, id, val);
			else
				node_prop(&s->level[depth - 1], id, val);
			continue;
		}
		if (token < 0)
			return token;
		if (token == UK_FDT_END)
			return 0;

		if (depth)
			rc = node_complete(s, depth);
		if (rc < 0)
			return rc;
		depth = 0;
		if (token == UK_FDT_NODE && cur.depth <= NLEVELS) {
			depth = cur.depth;
			if (enter(s, cur.name, depth)) {
				s->aliases = cur;
				s->have_aliases = true;
			}
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
		s.memo[i].nameoff = MEMO_FREE;
	*machine = (struct uk_fdt_machine){ 0 };

	rc = read_rsvmap(&s, fdt);
	if (rc == 0)
		rc = walk(&s, fdt);
	if (rc == 0)
		rc = read_initrd(&s);
	if (rc == 0 && !s.have_memory)
		rc = fail(&s, -ENODATA, "no memory node");
	if (rc == 0)
		fdt_uart_choose(&s, &machine->console);
	*where = s.where;
	return rc;
}
