/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as what KVM tells of time: leaves of CPUID; a clock's page, which
 * another one replaces while it is read, so many times as a byte says; a date;
 * and stolen time, of both architectures.
 */
#include "../../../drivers/timer/lapic/lapic_priv.h"
#include "../../../drivers/timer/pvclock/pvclock_priv.h"
#include "../../../drivers/timer/pvclock/stolen_priv.h"
#include "../../../drivers/timer/pvtime/pvtime_priv.h"

#include <uk/pvclock.h>

#include "fuzz.h"

#define NLEAVES	4u

static struct ukarch_cpuid leaves[NLEAVES][2];

static struct {
	struct uk_pvclock_page page, next;
	unsigned int times, asked;
	uint64_t tsc;
} live;

static struct {
	struct pvtime_stolen stolen;
	uint64_t answer, mapped;
	int rc;
} vm;

/* The first two leaves of each of some hypervisors. */
static struct ukarch_cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	if (leaf == 1)
		return (struct ukarch_cpuid){ .ecx = 1u << 31 };
	FUZZ_EXPECT(leaf >= 0x40000000 && leaf < 0x40010000);
	FUZZ_EXPECT(leaf % 0x100 < 2);
	if ((leaf - 0x40000000) / 0x100 >= NLEAVES)
		return (struct ukarch_cpuid){ 0 };
	return leaves[(leaf - 0x40000000) / 0x100][leaf % 0x100];
}

static uint64_t ticks(void)
{
	live.asked++;
	if (live.times > 0) {
		live.times--;
		live.next.version += 2;
		live.page = live.next;
	}
	return live.tsc;
}

static void find(struct fuzz_input *in)
{
	struct pvclock_kvm kvm = { .msr_system = 7 };

	for (unsigned int i = 0; i < 2 * NLEAVES; i++)
		leaves[i / 2][i % 2] = (struct ukarch_cpuid){
			(uint32_t)fuzz_take(in, 4), (uint32_t)fuzz_take(in, 4),
			(uint32_t)fuzz_take(in, 4), (uint32_t)fuzz_take(in, 4),
		};
	if (pvclock_find(cpuid, &kvm) < 0)
		FUZZ_EXPECT(kvm.msr_system == 7);
	else
		FUZZ_EXPECT(kvm.msr_system == 0x12 ||
			    kvm.msr_system == 0x4b564d01);
}

static void take_page(struct fuzz_input *in, struct uk_pvclock_page *page)
{
	page->version = (uint32_t)fuzz_take(in, 4);
	page->tsc = fuzz_take(in, 8);
	page->ns = fuzz_take(in, 8);
	page->mul = (uint32_t)fuzz_take(in, 4);
	page->shift = (int8_t)fuzz_take(in, 1);
	page->flags = (uint8_t)fuzz_take(in, 1);
}

/* So many ticks are enough. */
static void check_ticks(const struct uk_pvclock_page *page, uint64_t ns)
{
	struct uk_pvclock_page zero = *page;
	const uint64_t n = uk_pvclock_ticks(page, ns);

	FUZZ_EXPECT(n <= UK_PVCLOCK_MAX_TICKS);
	if (n == UK_PVCLOCK_MAX_TICKS)
		return;
	zero.tsc = zero.ns = 0;
	FUZZ_EXPECT(uk_pvclock_ns(&zero, n) >= ns);
}

static void tell_time(struct fuzz_input *in)
{
	uint64_t ns;

	take_page(in, &live.page);
	take_page(in, &live.next);
	live.times = (unsigned int)fuzz_take(in, 1);
	live.tsc = fuzz_take(in, 8);
	live.asked = 0;
	ns = fuzz_take(in, 8);
	/* As a driver does it; what replaces the page was written, too. */
	if (uk_pvclock_check(&live.page) < 0)
		return;
	check_ticks(&live.page, ns);
	if (uk_pvclock_check(&live.next) < 0)
		live.times = 0;
	(void)uk_pvclock_read(&live.page, ticks);
	FUZZ_EXPECT(live.asked <= UINT8_MAX + 1);
}

static void tell_date(struct fuzz_input *in)
{
	const struct uk_pvclock_wall wall = {
		.version = (uint32_t)fuzz_take(in, 1),
		.sec = (uint32_t)fuzz_take(in, 4),
		.nsec = (uint32_t)fuzz_take(in, 4),
	};
	uint64_t wall_ns = 7;

	if (uk_pvclock_date(&wall, 0, &wall_ns) < 0)
		FUZZ_EXPECT(wall_ns == 7);
	else
		FUZZ_EXPECT(wall_ns / 1000000000 == wall.sec);
}

static int64_t ask(void)
{
	return (int64_t)vm.answer;
}

static int map(uint64_t paddr)
{
	vm.mapped = paddr;
	return vm.rc;
}

static const void *at(uint64_t paddr)
{
	FUZZ_EXPECT(vm.rc == 0);
	FUZZ_EXPECT(paddr >= vm.mapped &&
		    paddr + sizeof(vm.stolen) <= vm.mapped + 4096);
	return &vm.stolen;
}

static void tell_stolen(struct fuzz_input *in)
{
	static const struct pvtime_machine machine = { ask, map, at };
	const struct pvclock_stolen page = {
		.ns = fuzz_take(in, 8),
		.version = (uint32_t)fuzz_take(in, 4),
	};
	const struct pvtime_stolen *found = NULL;

	FUZZ_EXPECT(pvclock_stolen_ns(&page) == page.ns);
	vm.answer = fuzz_take(in, 8);
	vm.rc = -(int)(fuzz_take(in, 1) % 2);
	vm.stolen = (struct pvtime_stolen){
		.revision = (uint32_t)fuzz_take(in, 1),
		.attributes = (uint32_t)fuzz_take(in, 1),
	};
	if (pvtime_find(&machine, &found) < 0)
		FUZZ_EXPECT(!found);
	else
		FUZZ_EXPECT(found == &vm.stolen && !found->revision);
}

static void tell_rate(struct fuzz_input *in)
{
	struct lapic_leaves l;

	l.features = (uint32_t)fuzz_take(in, 4);
	l.power = (uint32_t)fuzz_take(in, 4);
	for (unsigned int i = 0; i < 3; i++)
		l.ratio[i] = (uint32_t)fuzz_take(in, 4);
	l.bus_khz = (uint32_t)fuzz_take(in, 4);
	l.host_hz = fuzz_take(in, 8);
	(void)lapic_told_hz(&l);
	(void)lapic_has_deadline(&l, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };

	find(&in);
	tell_time(&in);
	tell_date(&in);
	tell_stolen(&in);
	tell_rate(&in);
	return 0;
}
