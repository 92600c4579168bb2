/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as a device tree: read to the end, or refused, and never a byte
 * outside (the copy of the input ends where AddressSanitizer looks).
 */
#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/fdt_cpus.h>
#include <uk/fdt_device.h>
#include <uk/fdt_key.h>
#include <uk/fdt_machine.h>
#include <uk/string.h>

#include "fuzz.h"

void *hosted_copy(const void *data, size_t size);
void hosted_free(void *copy);

/* Every byte the reader hands out can be read. */
static void touch(const void *mem, size_t len)
{
	const volatile uint8_t *p = mem;

	for (size_t i = 0; i < len; i++)
		(void)p[i];
}

static void walk(const struct uk_fdt *fdt)
{
	struct uk_fdt_cursor cur;
	int token;

	uk_fdt_begin(&cur, fdt);
	do {
		token = uk_fdt_next(&cur);
		FUZZ_EXPECT(cur.depth <= UK_FDT_DEPTH);
		if (token == UK_FDT_NODE || token == UK_FDT_PROP)
			touch(cur.name, uk_strlen(cur.name));
		if (token == UK_FDT_PROP)
			touch(cur.val, cur.len);
	} while (token > 0);

	for (uint32_t i = 0; i < fdt->nrsv; i++) {
		uint64_t base, len;

		uk_fdt_rsv(fdt, i, &base, &len);
	}
}

static int count(void *arg, uint64_t base, uint64_t len)
{
	unsigned int *n = arg;

	(void)base;
	FUZZ_EXPECT(len > 0);
	(*n)++;
	return 0;
}

static void machine(const struct uk_fdt *fdt)
{
	unsigned int n = 0;
	const struct uk_fdt_regions regions = {
		.memory = count, .reserved = count, .arg = &n,
	};
	struct uk_fdt_machine m;
	const char *where = NULL;
	const int rc = uk_fdt_machine_read(fdt, &regions, &m, &where);

	if (rc < 0) {
		FUZZ_EXPECT(uk_strlen(uk_fdt_strerror(rc)) > 0);
		if (where)
			touch(where, uk_strlen(where));
		return;
	}
	if (m.bootargs)
		touch(m.bootargs, m.bootargs_len);
	if (m.seed_len)
		touch(fdt->blob + m.seed_off, m.seed_len);
}

#define NCPUS	8

/* Of what is stored no two CPUs have one id, whatever the tree says. */
static void cpus(const struct uk_fdt *fdt)
{
	struct uk_fdt_cpu cpu[NCPUS];
	const char *where = NULL;
	const int n = uk_fdt_cpus_read(fdt, cpu, NCPUS, &where);

	FUZZ_EXPECT(n != 0);
	if (n < 0) {
		FUZZ_EXPECT(n == -ENODATA || n == -EDOM || n == -EPROTO ||
			    n == -EEXIST || n == -ELOOP || n == -EBADMSG);
		if (where)
			touch(where, uk_strlen(where));
		return;
	}
	for (int i = 0; i < n && i < NCPUS; i++) {
		FUZZ_EXPECT(cpu[i].status <= UK_FDT_CPU_FAILED);
		FUZZ_EXPECT(cpu[i].method <= UK_FDT_CPU_OTHER);
		for (int j = 0; j < i; j++)
			FUZZ_EXPECT(cpu[i].id != cpu[j].id);
	}
}

static void device(const struct uk_fdt *fdt, const char *compatible)
{
	struct uk_fdt_device dev;
	const uint8_t *val;
	uint32_t flags, len;

	if (uk_fdt_device_find(fdt, compatible, &dev) < 0)
		return;
	touch(dev.name, uk_strlen(dev.name));
	val = uk_fdt_device_prop(&dev, "compatible", &len);
	FUZZ_EXPECT(val);
	touch(val, len);
	(void)uk_fdt_device_u32(&dev, "clock-frequency", 7);
	for (unsigned int i = 0; i < 8; i++)
		FUZZ_EXPECT(uk_fdt_device_gic_irq(&dev, i, &flags) < 1020);
}

/* Each has a name of the list, and no two are the same. */
static void devices(const struct uk_fdt *fdt)
{
	static const char *const names[] = { "xen,xen", "virtio,mmio", NULL };
	struct uk_fdt_device dev;
	const char *last = NULL;

	for (unsigned int i = 0; i < 8; i++) {
		if (uk_fdt_device_find_nth(fdt, names, i, &dev) < 0)
			break;
		FUZZ_EXPECT(dev.name != last);
		last = dev.name;
		touch(dev.name, uk_strlen(dev.name));
	}
	FUZZ_EXPECT(uk_fdt_device_find_any(fdt, names, &dev) >= 0 || !last);
}

static void key(const struct uk_fdt *fdt)
{
	struct uk_fdt_device dev;
	struct uk_fdt_key key;

	if (uk_fdt_key_find(fdt, UK_FDT_KEY_POWER, &key) < 0)
		return;
	touch(key.name, uk_strlen(key.name));
	FUZZ_EXPECT(key.controller);
	if (uk_fdt_device_find_phandle(fdt, "arm,pl061", key.controller,
				       &dev) == 0)
		touch(dev.name, uk_strlen(dev.name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uk_fdt fdt;
	void *copy = hosted_copy(data, size);
	uint32_t extent;

	if (size >= UK_FDT_HEADER_LEN &&
	    uk_fdt_extent(copy, UK_FDT_MAXLEN, &extent) == 0)
		FUZZ_EXPECT(extent <= UK_FDT_MAXLEN);
	if (size >= UK_FDT_HEADER_LEN && uk_fdt_open(&fdt, copy, size) == 0) {
		FUZZ_EXPECT(fdt.used <= size);
		walk(&fdt);
		machine(&fdt);
		cpus(&fdt);
		device(&fdt, "arm,armv8-timer");
		device(&fdt, "arm,pl031");
		devices(&fdt);
		key(&fdt);
	}
	hosted_free(copy);
	return 0;
}
