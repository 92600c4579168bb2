/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that was somebody else's, from a second page of each CPU, which KVM
 * writes when it lets the CPU run again. A CPU tells it where the page is when
 * it is first asked there: who never asks pays nothing.
 */
#include "stolen_priv.h"

#include <stddef.h>

#include <uk/arch/paddr.h>
#include <uk/assert.h>
#include <uk/bits/arch/hypervisor.h>
#include <uk/bits/arch/msr.h>
#include <uk/clock.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/preempt.h>

#define KVM_STOLEN	(1u << 5)
#define MSR_STOLEN	0x4b564d03u
#define MSR_ENABLE	1u

static UK_PERCPU(struct pvclock_stolen, own_stolen);
static UK_PERCPU(bool, stolen_on);

/* Of all CPUs, which find the same. Relaxed. */
static bool absent;

bool pvclock_has_stolen(uint32_t kvm)
{
	return kvm & KVM_STOLEN;
}

/* It is written while this CPU does not run, so it is again once at most. */
uint64_t pvclock_stolen_ns(const struct pvclock_stolen *stolen)
{
	uint32_t version;
	uint64_t ns;

	do {
		version = __atomic_load_n(&stolen->version, __ATOMIC_ACQUIRE);
		ns = __atomic_load_n(&stolen->ns, __ATOMIC_RELAXED);
		/* What was read is as old as this. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (version !=
		 __atomic_load_n(&stolen->version, __ATOMIC_RELAXED));
	return ns;
}

/* CPU and page do not change meanwhile. */
static int page_on(struct pvclock_stolen *page)
{
	if (!pvclock_has_stolen(ukarch_cpuid_kvm(ukarch_cpuid))) {
		__atomic_store_n(&absent, true, __ATOMIC_RELAXED);
		return -ENODEV;
	}
	UK_ASSERT((uintptr_t)page % sizeof(*page) == 0);
	ukarch_msr_write(MSR_STOLEN, ukarch_paddr_of(page) | MSR_ENABLE);
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
