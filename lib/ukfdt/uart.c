/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The serial ports of the tree, and which of them is the console.
 *
 * stdout-path may come before or after the port it names, so the ports are
 * kept with the names on the way to them, and are compared with the path at
 * the end of the pass. A name in the path may leave out the unit address
 * ("/serial" for "/serial@9000000", 2.2.3); as in any tree the first port
 * that fits wins.
 */
#include "machine_priv.h"

#include <uk/errno.h>

/* The interrupt's number at the GIC; its binding says three cells. */
static uint32_t gic_irq(const struct val *interrupts)
{
	uint32_t num;

	if (!interrupts->p || interrupts->len < 12 || interrupts->len % 12)
		return 0;
	num = uk_fdt_u32(interrupts->p + 4);
	if (uk_fdt_u32(interrupts->p) == 0 && num < 988)
		return num + 32;	/* shared */
	if (uk_fdt_u32(interrupts->p) == 1 && num < 16)
		return num + 16;	/* of one CPU */
	return 0;
}

/* A one-cell property; @def if it is not there or has another length. */
static uint32_t cell(const struct val *val, uint32_t def)
{
	return val->p && val->len == 4 ? uk_fdt_u32(val->p) : def;
}

void fdt_uart_add(struct scan *s, unsigned int depth, enum node_kind kind)
{
	const struct level *parent = &s->level[depth - 2];
	const struct val *reg = node_val(s, PROP_REG);
	struct uart *uart = &s->uart[s->nuarts];
	struct uk_console_hint hint = {
		.irq = gic_irq(node_val(s, PROP_INTERRUPTS)),
		.reg_width = 4,
		.reg_shift = 2,
		.kind = kind == KIND_SBSA_UART ? UK_CONSOLE_SBSA
					       : UK_CONSOLE_PL011,
	};

	if (s->nuarts == UK_FDT_NUARTS || parent->addr_cells > 2 ||
	    !reg->p || reg->len < parent->addr_cells * 4u)
		return;
	hint.base = uk_fdt_cells(reg->p, parent->addr_cells);
	if (!fdt_translate(s->level, depth, &hint.base))
		return;

	if (kind == KIND_NS16550) {
		hint.kind = UK_CONSOLE_NS16550_MMIO;
		hint.reg_shift = cell(node_val(s, PROP_REG_SHIFT), 0);
		hint.reg_width = cell(node_val(s, PROP_REG_WIDTH), 1);
		/* Other ports than these cannot be driven. */
		if (hint.reg_shift > 3 ||
		    (hint.reg_width != 1 && hint.reg_width != 4))
			return;
	}

	uart->hint = hint;
	uart->depth = depth;
	for (unsigned int i = 0; i < depth; i++)
		uart->path[i] = s->level[i].name;
	s->nuarts++;
}

/* A piece of a path, up to its '/', the ':' before options, or its end. */
struct piece {
	const char *p;
	uint32_t len;
};

/* The @val without its options and what follows a NUL. */
static struct piece whole(const struct val *val)
{
	struct piece w = { (const char *)val->p, 0 };

	while (w.len < val->len && w.p[w.len] && w.p[w.len] != ':')
		w.len++;
	return w;
}

/* Take the part before the next '/' off @path. */
static struct piece take(struct piece *path)
{
	struct piece part = { path->p, 0 };

	while (part.len < path->len && part.p[part.len] != '/')
		part.len++;
	path->p += part.len;
	path->len -= part.len;
	while (path->len && *path->p == '/') {
		path->p++;
		path->len--;
	}
	return part;
}

/* Is @name the node's name, or that without its unit address? */
static bool names_node(struct piece name, const char *node)
{
	for (uint32_t i = 0; i < name.len; i++)
		if (node[i] == '\0' || node[i] != name.p[i])
			return false;
	return node[name.len] == '\0' || node[name.len] == '@';
}

/* Does the absolute @path lead to @uart? */
static bool leads_to(struct piece path, const struct uart *uart)
{
	take(&path);	/* nothing, and the slash */
	for (unsigned int i = 1; i < uart->depth; i++)
		if (path.len == 0 || !names_node(take(&path), uart->path[i]))
			return false;
	return path.len == 0;
}

/* The value of the alias @name; NULL if there is none. */
static struct val find_alias(const struct scan *s, struct piece name)
{
	struct uk_fdt_cursor cur = s->aliases;

	if (!s->have_aliases)
		return (struct val){ 0 };
	while (uk_fdt_next(&cur) == UK_FDT_PROP) {
		uint32_t i = 0;

		while (i < name.len && cur.name[i] == name.p[i])
			i++;
		/* A name in @name has no NUL, so [i] is in the string. */
		if (i == name.len && cur.name[i] == '\0')
			return (struct val){ cur.val, cur.len };
	}
	return (struct val){ 0 };
}

/* The port at the absolute @path; -1: none that we know. */
static int find_uart(const struct scan *s, struct piece path)
{
	for (unsigned int i = 0; i < s->nuarts; i++)
		if (leads_to(path, &s->uart[i]))
			return (int)i;
	return -1;
}

void fdt_uart_choose(const struct scan *s, struct uk_console_hint *hint)
{
	int found = -1;

	if (s->stdout_path.p) {
		struct piece path = whole(&s->stdout_path);

		if (path.len && *path.p != '/') {
			const struct val alias = find_alias(s, path);

			path = whole(&alias);
		}
		if (path.len && *path.p == '/')
			found = find_uart(s, path);
	}
	if (found < 0 && s->nuarts)
		found = 0;
	if (found >= 0)
		*hint = s->uart[found].hint;
}
