/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as what Xen tells: leaves of CPUID; the page with events and the
 * date; a table of grants, some of them in use; and a console whose other end
 * moves its indices.
 */
#include "../../../drivers/xen/console/console_priv.h"
#include "../../../drivers/xen/core/arch/x86_64.h"
#include "../../../drivers/xen/events/events_priv.h"
#include "../../../drivers/xen/grants/grants_priv.h"
#include "../../../drivers/xen/timer/timer_priv.h"

#include <stddef.h>

#include <uk/errno.h>

#include "fuzz.h"

#define NLEAVES		4u
#define NPORTS		8u
#define NSTEPS		32u
#define NGRANTS		64u
#define NS_PER_SEC	UINT64_C(1000000000)

void *hosted_copy(const void *data, size_t size);
void hosted_free(void *copy);

static struct ukarch_cpuid leaves[NLEAVES];
static struct uk_xen_shared shared;
static struct xen_events ev;
static struct uk_xen_grant table[NGRANTS];
static struct uk_xen_console_ring page;
static unsigned int called[XEN_EVENTS_MAX];

/* The first leaf of each of some hypervisors. */
static struct ukarch_cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	if (leaf == 1)
		return (struct ukarch_cpuid){ .ecx = 1u << 31 };
	FUZZ_EXPECT(leaf >= 0x40000000 && leaf < 0x40010000);
	leaf = (leaf - 0x40000000) / 0x100;
	return leaf < NLEAVES ? leaves[leaf] : (struct ukarch_cpuid){ 0 };
}

static void find(struct fuzz_input *in)
{
	uint32_t leaf;

	for (unsigned int i = 0; i < NLEAVES; i++)
		leaves[i] = (struct ukarch_cpuid){
			(uint32_t)fuzz_take(in, 4), (uint32_t)fuzz_take(in, 4),
			(uint32_t)fuzz_take(in, 4), (uint32_t)fuzz_take(in, 4),
		};
	leaf = xen_x86_leaves(cpuid);
	FUZZ_EXPECT(leaf == 0 || (leaf - 0x40000000) % 0x100 == 0);
	FUZZ_EXPECT(leaf == 0 || cpuid(leaf, 0).ebx == 0x566e6558);
}

static void note(unsigned int port, void *arg)
{
	FUZZ_EXPECT(arg == &ev.slot[port]);
	called[port]++;
}

/* A port is taken once, if it is bound to this CPU; nobody's is masked. */
static void take_events(struct fuzz_input *in)
{
	struct uk_xen_vcpu vcpu = { .upcall_pending = 1 };
	unsigned int n;

	ev = (struct xen_events){ .shared = &shared, .hz = 1000 };
	for (unsigned int i = 0; i < NPORTS; i++) {
		const unsigned int port = (unsigned int)fuzz_take(in, 2) %
					  XEN_EVENTS_MAX;

		ev.slot[port] = (struct xen_slot){
			.fn = note,
			.arg = &ev.slot[port],
			.cpu = (uint32_t)fuzz_take(in, 1) % 2,
		};
	}
	vcpu.pending_sel = fuzz_take(in, 8);
	for (unsigned int i = 0; i < UK_XEN_PORT_WORDS; i++) {
		shared.pending[i] = fuzz_take(in, 8);
		shared.mask[i] = fuzz_take(in, 2);
	}
	for (unsigned int i = 0; i < XEN_EVENTS_MAX; i++)
		called[i] = 0;
	n = xen_events_scan(&ev, &vcpu, 0, 0);
	for (unsigned int i = 0; i < XEN_EVENTS_MAX; i++) {
		FUZZ_EXPECT(called[i] <= (ev.slot[i].fn && !ev.slot[i].cpu));
		n -= called[i];
	}
	FUZZ_EXPECT(n == 0 && vcpu.pending_sel == 0 && !vcpu.upcall_pending);
}

static void tell_date(struct fuzz_input *in)
{
	uint64_t wall_ns = 7;

	shared.wall_version = (uint32_t)fuzz_take(in, 1);
	shared.wall_sec = (uint32_t)fuzz_take(in, 4);
	shared.wall_nsec = (uint32_t)fuzz_take(in, 4);
	shared.wall_sec_high = (uint32_t)fuzz_take(in, 4);
	if (xen_date(&shared, 0, &wall_ns) < 0)
		FUZZ_EXPECT(wall_ns == 7);
	else
		FUZZ_EXPECT(wall_ns >= NS_PER_SEC &&
			    wall_ns % NS_PER_SEC == shared.wall_nsec);
}

/* Xen marks entries as in use, and whoever likes writes to others. */
static void grant(struct fuzz_input *in)
{
	struct xen_grants g;
	uint64_t given = 0;

	xen_grants_init(&g, table);
	xen_grants_grow(&g, NGRANTS);
	for (unsigned int i = 0; i < NSTEPS && in->left > 0; i++) {
		const uint64_t what = fuzz_take(in, 1);
		uint32_t ref = what / 4 % NGRANTS;

		if (what % 4 == 0) {
			table[ref].flags = (uint16_t)fuzz_take(in, 2);
		} else if (what % 4 == 1 && given >> ref & 1) {
			const uint16_t flags = table[ref].flags;
			const int rc = xen_grants_end(&g, ref);

			FUZZ_EXPECT(rc == (flags & (UK_XEN_GRANT_READING |
						    UK_XEN_GRANT_WRITING) ?
					   -EBUSY : 0));
			if (rc == 0)
				given &= ~(UINT64_C(1) << ref);
		} else if (xen_grants_add(&g, 1, 2, 0, &ref) == 0) {
			FUZZ_EXPECT(ref >= UK_XEN_GRANT_NRESERVED &&
				    ref < NGRANTS && !(given >> ref & 1));
			given |= UINT64_C(1) << ref;
		}
	}
}

/* Never more than there is room for, in what ends where it is looked for. */
static void print(struct fuzz_input *in)
{
	static const char text[256];
	struct xencons_ring ring;

	page.in_cons = (uint32_t)fuzz_take(in, 4);
	page.in_prod = page.in_cons + (uint32_t)fuzz_take(in, 2) % 1100;
	page.out_cons = (uint32_t)fuzz_take(in, 4);
	page.out_prod = page.out_cons + (uint32_t)fuzz_take(in, 2) % 2200;
	if (xencons_ring_init(&ring, &page) < 0)
		return;
	for (unsigned int i = 0; i < NSTEPS && in->left > 0; i++) {
		const uint64_t what = fuzz_take(in, 1);
		const size_t len = fuzz_take(in, 1);
		char *const buf = hosted_copy(text, len);

		if (what & 1)
			page.in_prod = (uint32_t)fuzz_take(in, 4);
		if (what & 2)
			page.out_cons = (uint32_t)fuzz_take(in, 4);
		if (what & 4)
			FUZZ_EXPECT(xencons_ring_put(&ring, buf, len) <=
				    (int)len);
		else
			FUZZ_EXPECT(xencons_ring_get(&ring, buf, len) <=
				    (int)len);
		hosted_free(buf);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };

	find(&in);
	tell_date(&in);
	print(&in);
	grant(&in);
	take_events(&in);
	return 0;
}
