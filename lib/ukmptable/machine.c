/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of the running machine. */
#include <uk/mptable.h>

#include <uk/bootinfo.h>
#include <uk/fwmem.h>

/* Written by the first call, under the callers' lock. */
static struct {
	struct uk_fwmem mem;
	struct uk_mptable table;
	int rc;
	bool asked;
} machine;

int uk_mptable_get(const struct uk_bootinfo *bi,
		   const struct uk_mptable **table)
{
	if (!machine.asked) {
		machine.asked = true;
		uk_fwmem_init(&machine.mem, bi);
		machine.rc = uk_mptable_open(&machine.table, &machine.mem);
	}
	if (machine.rc == 0)
		*table = &machine.table;
	return machine.rc;
}
