/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The CPUs of a tree, in one pass up to the end of /cpus.
 *
 * This is apart from the pass at boot: who starts CPUs asks, once, and an
 * image of one CPU does not pay for it. A CPU is judged at the end of its
 * node; what is deeper than that (caches) is read over.
 *
 * Ids are compared with those stored: quadratic, in the number of CPUs that
 * the image has room for and not in what a tree may claim.
 */
#include <uk/fdt_cpus.h>

#include <stdbool.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdt.h>

#include "stream_priv.h"

/* A value in the tree; NULL: the property is not there. */
struct val {
	const uint8_t *p;
	uint32_t len;
};

enum prop_id {
	PROP_REG,
	PROP_DEVICE_TYPE,
	PROP_STATUS,
	PROP_METHOD,
	PROP_RELEASE,
	NPROPS
};

/* Depths: the root is 1. */
#define DEPTH_CPUS	2u
#define DEPTH_CPU	3u

struct scan {
	struct uk_fdt_cpu *cpus;
	unsigned int max, n;
	const char *where;

	bool in_cpus, done;
	uint32_t addr_cells;		/* 0: neither 1 nor 2 */
	struct val common[NPROPS];	/* of /cpus */
	struct val own[NPROPS];		/* of the node that is being read */
	bool is_cpu;			/* by its name */
};

static int fail(struct scan *s, int err, const char *where)
{
	s->where = where;
	return err;
}

static bool val_is(const struct val *val, const char *str)
{
	return val->p && fdt_is_string(val->p, val->len, str);
}

/* What the CPU's node says of @id, or else /cpus. */
static const struct val *get(const struct scan *s, enum prop_id id)
{
	return s->own[id].p ? &s->own[id] : &s->common[id];
}

static bool names_cpu(const char *name)
{
	return name[0] == 'c' && name[1] == 'p' && name[2] == 'u' &&
	       (name[3] == '\0' || name[3] == '@');
}

static enum uk_fdt_cpu_status status_of(const struct val *status)
{
	if (!status->p || val_is(status, "okay") || val_is(status, "ok"))
		return UK_FDT_CPU_OKAY;
	return val_is(status, "disabled") ? UK_FDT_CPU_DISABLED :
					    UK_FDT_CPU_FAILED;
}

static enum uk_fdt_cpu_method method_of(const struct val *method)
{
	const uint8_t *p = method->p;
	uint32_t len = method->len;

	if (!p)
		return UK_FDT_CPU_NOT_TOLD;
	while (len) {
		if (fdt_is_string(p, len, "psci"))
			return UK_FDT_CPU_PSCI;
		if (fdt_is_string(p, len, "spin-table"))
			return UK_FDT_CPU_SPIN_TABLE;
		while (len && *p) {
			p++;
			len--;
		}
		if (len) {
			p++;
			len--;
		}
	}
	return UK_FDT_CPU_OTHER;
}

static int add(struct scan *s, const struct uk_fdt_cpu *cpu)
{
	const unsigned int stored = UK_MIN(s->n, s->max);

	for (unsigned int i = 0; i < stored; i++)
		if (s->cpus[i].id == cpu->id)
			return fail(s, -EEXIST, "two cpu nodes have one reg");
	if (s->n < s->max)
		s->cpus[s->n] = *cpu;
	s->n++;
	return 0;
}

/* All properties of a child of /cpus have been read. */
static int cpu_complete(struct scan *s)
{
	const struct val *reg = &s->own[PROP_REG];
	const struct val *release = get(s, PROP_RELEASE);
	struct uk_fdt_cpu cpu = {
		.status = status_of(get(s, PROP_STATUS)),
		.method = method_of(get(s, PROP_METHOD)),
	};
	int rc = 0;

	if (!s->is_cpu && !val_is(&s->own[PROP_DEVICE_TYPE], "cpu"))
		return 0;
	if (!s->addr_cells)
		return fail(s, -EDOM, "#address-cells of /cpus");
	if (!reg->p || !reg->len || reg->len % (s->addr_cells * 4))
		return fail(s, -EPROTO, "reg of a cpu node");

	if (cpu.method == UK_FDT_CPU_SPIN_TABLE) {
		if (!release->p || (release->len != 4 && release->len != 8))
			return fail(s, -EPROTO,
				    "cpu-release-addr of a cpu node");
		cpu.release = uk_fdt_cells(release->p, release->len / 4);
	}
	for (uint32_t off = 0; off < reg->len && rc == 0;
	     off += s->addr_cells * 4) {
		cpu.id = uk_fdt_cells(reg->p + off, s->addr_cells);
		rc = add(s, &cpu);
	}
	return rc;
}

/* 1 or 2, or 0 for anything else. */
static uint32_t read_ncells(const struct uk_fdt_cursor *cur)
{
	const uint32_t n = cur->len == 4 ? uk_fdt_u32(cur->val) : 0;

	return n <= 2 ? n : 0;
}

/* Keep the property at @cur, of /cpus or of one of its children. */
static void keep(struct scan *s, const struct uk_fdt_cursor *cur)
{
	static const char *const names[NPROPS] = {
		[PROP_REG] = "reg",
		[PROP_DEVICE_TYPE] = "device_type",
		[PROP_STATUS] = "status",
		[PROP_METHOD] = "enable-method",
		[PROP_RELEASE] = "cpu-release-addr",
	};
	struct val *vals = cur->depth == DEPTH_CPU ? s->own : s->common;

	for (unsigned int i = 0; i < NPROPS; i++)
		if (fdt_streq(names[i], cur->name))
			vals[i] = (struct val){ cur->val, cur->len };

	if (vals == s->common && fdt_streq(cur->name, "#address-cells"))
		s->addr_cells = read_ncells(cur);
}

static int step(struct scan *s, const struct uk_fdt_cursor *cur, int token)
{
	if (token == UK_FDT_NODE && cur->depth == DEPTH_CPUS)
		s->in_cpus = fdt_streq(cur->name, "cpus");
	if (!s->in_cpus)
		return 0;

	if (token == UK_FDT_NODE && cur->depth == DEPTH_CPU) {
		for (unsigned int i = 0; i < NPROPS; i++)
			s->own[i] = (struct val){ 0 };
		s->is_cpu = names_cpu(cur->name);
	} else if (token == UK_FDT_PROP && cur->depth <= DEPTH_CPU) {
		keep(s, cur);
	} else if (token == UK_FDT_NODE_END && cur->depth == DEPTH_CPUS) {
		return cpu_complete(s);
	} else if (token == UK_FDT_NODE_END && cur->depth < DEPTH_CPUS) {
		s->done = true;
	}
	return 0;
}

int uk_fdt_cpus_read(const struct uk_fdt *fdt, struct uk_fdt_cpu *cpus,
		     unsigned int max, const char **where)
{
	/* Cells that are not told are 2 (2.3.5). */
	struct scan s = { .cpus = cpus, .max = max, .addr_cells = 2 };
	struct uk_fdt_cursor cur;
	int rc;

	uk_fdt_begin(&cur, fdt);
	do {
		const int token = uk_fdt_next(&cur);

		if (token == UK_FDT_END)
			s.done = true;
		rc = token < 0 ? token : step(&s, &cur, token);
	} while (rc == 0 && !s.done);

	if (rc == 0 && s.n == 0)
		rc = fail(&s, -ENODATA, "no cpu node");
	*where = s.where;
	return rc < 0 ? rc : (int)s.n;
}
