/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interrupt: Xen's single-shot timer, one of each CPU, which tells by a
 * virtual interrupt when system time has come to a deadline. A deadline that is
 * past tells at once.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/print.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>
#include <uk/xen_event.h>

#include "timer_priv.h"

/* A day; deadlines are 64 bits of nanoseconds. */
#define MAX_NS	UINT64_C(86400000000000)

/* What Xen calls the CPU: to ask each time would be an exit more. */
static UK_PERCPU(uint32_t, own_vcpu);

/* Its timer has been made ready; not known where nobody suspends. */
static UK_PERCPU(bool, own_started);

static void on_timer(unsigned int port UK_UNUSED, void *arg UK_UNUSED)
{
	uk_clock_event_fired();
}

static int event_start(struct uk_clock_event *event UK_UNUSED)
{
	return uk_xen_events_start();
}

static void event_cpu_start(struct uk_clock_event *event UK_UNUSED)
{
	unsigned int port;
	int rc;

	uk_this_cpu(own_vcpu) = uk_xen_vcpu_id();
	rc = uk_xen_events_cpu_init();
	if (rc == 0)
		rc = uk_xen_event_bind_virq(UK_XEN_VIRQ_TIMER, on_timer, NULL,
					    &port);
	if (rc < 0) {
		uk_pr_err("CPU %u has no timer of Xen, error %d",
			  uk_this_cpu(own_vcpu), -rc);
		return;
	}
	(void)uk_xen_call(UK_XEN_VCPU_OP, UK_XEN_VCPU_STOP_PERIODIC,
			  uk_this_cpu(own_vcpu), 0);
	if (UK_IS_ENABLED(CONFIG_LIBXEN_CORE_SUSPEND))
		uk_this_cpu(own_started) = true;
	uk_xen_event_unmask(port);
}

static void event_set(struct uk_clock_event *event UK_UNUSED, uint64_t ns)
{
	const struct uk_xen_singleshot shot = {
		.deadline_ns = xen_system_ns() + ns,
	};

	(void)uk_xen_call(UK_XEN_VCPU_OP, UK_XEN_VCPU_SET_SINGLESHOT,
			  uk_this_cpu(own_vcpu), (uintptr_t)&shot);
}

static struct uk_clock_event event = {
	.name = "xen",
	.rating = UK_CLOCK_BEST,
	.percpu = true,
	.min_ns = 1,
	.max_ns = MAX_NS,
	.start = event_start,
	.cpu_start = event_cpu_start,
	.set = event_set,
};

/* What it was set to is gone: it looks what is due, and is set again. */
void xen_event_cpu_resume(void)
{
	if (!uk_this_cpu(own_started))
		return;
	event_cpu_start(&event);
	event_set(&event, event.min_ns);
}

static int event_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_clock_event_register(&event);
	return 0;
}

UK_INIT(CPU, event_init, NULL);
