/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that was somebody else's: Xen counts, for each CPU, how long it was in
 * each of four states (public/vcpu.h), and writes that to memory of the guest
 * when it lets the CPU run. A CPU tells it where when it is first asked there:
 * who never asks pays nothing.
 */
#include "timer_priv.h"

#include <stddef.h>

#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/preempt.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>

enum told { NOT_ASKED, TOLD, REFUSED };

static UK_PERCPU(struct uk_xen_runstate, own);
static UK_PERCPU(enum told, own_told);

/* What is added, modulo 2^64: domains before this one, see below. */
static UK_PERCPU(uint64_t, own_base_ns);

/* By its address here, which is mapped whatever the CPU runs. */
static int ask(void)
{
	const struct uk_xen_register_runstate reg = {
		.vaddr = (uintptr_t)uk_this_cpu_ptr(own),
	};
	const int rc = uk_xen_call(UK_XEN_VCPU_OP,
				   UK_XEN_VCPU_REGISTER_RUNSTATE,
				   uk_xen_vcpu_id(), (uintptr_t)&reg);

	*uk_this_cpu_ptr(own_told) = rc < 0 ? REFUSED : TOLD;
	return rc;
}

static uint64_t own_ns(void)
{
	const uint64_t ns = xen_stolen_ns(uk_this_cpu_ptr(own));

	if (UK_IS_ENABLED(CONFIG_LIBXEN_CORE_SUSPEND))
		return ns + *uk_this_cpu_ptr(own_base_ns);
	return ns;
}

/*
 * Xen counts anew. What is stolen until this CPU goes on is the suspend, which
 * is no part of time here. One Xen may refuse what another one did not, or the
 * other way round: then it is not told for a while, and goes on from there.
 */
void xen_stolen_cpu_resume(void)
{
	uint64_t *const base_ns = uk_this_cpu_ptr(own_base_ns);

	if (uk_this_cpu(own_told) == NOT_ASKED)
		return;
	if (uk_this_cpu(own_told) == TOLD)
		*base_ns = own_ns();
	if (ask() == 0)
		*base_ns -= xen_stolen_ns(uk_this_cpu_ptr(own));
}

static int read_stolen(struct uk_stolen *source UK_UNUSED, uint64_t *ns)
{
	int rc = 0;

	uk_preempt_disable();
	if (uk_this_cpu(own_told) == NOT_ASKED)
		rc = ask();
	else if (uk_this_cpu(own_told) == REFUSED)
		rc = -ENODEV;
	if (rc == 0)
		*ns = own_ns();
	uk_preempt_enable();
	return rc;
}

static struct uk_stolen source = { .read = read_stolen };

static int stolen_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_stolen_register(&source);
	return 0;
}

UK_INIT(CPU, stolen_init, NULL);
