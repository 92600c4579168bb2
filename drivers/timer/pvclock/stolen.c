/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that was somebody else's, from a second page of each CPU, which KVM
 * writes when it lets the CPU run again. A CPU tells it where the page is when
 * it is first asked there: who never asks pays nothing.
 */
#include "pvclock_priv.h"

#include <stdbool.h>
#include <stddef.h>

#include <uk/assert.h>
#include <uk/bits/arch/msr.h>
#include <uk/clock.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/preempt.h>

#define MSR_STOLEN	0x4b564d03u
#define MSR_ENABLE	1u

static UK_PERCPU(struct pvclock_stolen, own_stolen);
static UK_PERCPU(bool, stolen_on);

/* Of all CPUs, which find the same. Relaxed. */
static bool absent;

/* CPU and page do not change meanwhile. */
static int page_on(struct pvclock_stolen *page)
{
	struct pvclock_kvm kvm;

	if (pvclock_find(ukarch_cpuid, &kvm) < 0 || !kvm.has_stolen) {
		__atomic_store_n(&absent, true, __ATOMIC_RELAXED);
		return -ENODEV;
	}
	UK_ASSERT((uintptr_t)page % sizeof(*page) == 0);
	ukarch_msr_write(MSR_STOLEN, pvclock_paddr(page) | MSR_ENABLE);
	*uk_this_cpu_ptr(stolen_on) = true;
	return 0;
}

static int read_stolen(struct uk_stolen *source UK_UNUSED, uint64_t *ns)
{
	struct pvclock_stolen *page;
	int rc = 0;

	if (__atomic_load_n(&absent, __ATOMIC_RELAXED))
		return -ENODEV;
	uk_preempt_disable();
	page = uk_this_cpu_ptr(own_stolen);
	if (!uk_this_cpu(stolen_on))
		rc = page_on(page);
	if (rc == 0)
		*ns = pvclock_stolen_ns(page);
	uk_preempt_enable();
	return rc;
}

static struct uk_stolen source = { .read = read_stolen };

static int stolen_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_stolen_register(&source);
	return 0;
}

UK_INIT(CPU, stolen_init, NULL);
