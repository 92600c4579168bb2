/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The CPUs that take part: what each has of its own, and what they send each
 * other. Elements of the list are in the CPUs' own blocks and never leave it;
 * a CPU that goes is marked.
 */
#include "intctlr_priv.h"

#include <stddef.h>

#include <uk/arch/percpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/percpu.h>

UK_PERCPU(struct cpu, intctlr_cpu);

static struct cpu *cpus(void)
{
	return __atomic_load_n(&intctlr.cpus, __ATOMIC_ACQUIRE);
}

static bool is_online(const struct cpu *cpu)
{
	return __atomic_load_n(&cpu->online, __ATOMIC_ACQUIRE);
}

static bool is_known(const struct cpu *cpu)
{
	for (const struct cpu *c = cpus(); c; c = c->next)
		if (c == cpu)
			return true;
	return false;
}

void intctlr_cpu_add(void)
{
	const unsigned long irqs = ukarch_irq_save();
	struct cpu *cpu = uk_this_cpu_ptr(intctlr_cpu);

	intctlr_lock(&intctlr.lock);
	cpu->hwid = uk_this_cpu(uk_cpu).hwid;
	if (!is_known(cpu)) {
		cpu->next = intctlr.cpus;
		__atomic_store_n(&intctlr.cpus, cpu, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&cpu->online, 1, __ATOMIC_RELEASE);
	intctlr_unlock(&intctlr.lock);
	ukarch_irq_restore(irqs);
}

bool intctlr_has_cpu(uint64_t hwid)
{
	for (const struct cpu *cpu = cpus(); cpu; cpu = cpu->next)
		if (cpu->hwid == hwid && is_online(cpu))
			return true;
	return false;
}

int uk_intctlr_cpu_init(void)
{
	int rc = uk_intctlr_start();

	if (rc < 0)
		return rc;
	if (!intctlr.ops->cpu_start)
		return -ENOTSUP;
	rc = intctlr.ops->cpu_start();
	if (rc < 0)
		return rc;

	intctlr_cpu_add();
	for (unsigned int ipi = 0; ipi < UK_NIPIS; ipi++)
		if (intctlr.locals[ipi].fn)
			intctlr.ops->local_unmask(ipi);
	return 0;
}

void uk_intctlr_cpu_exit(void)
{
	struct cpu *cpu = uk_this_cpu_ptr(intctlr_cpu);

	__atomic_store_n(&cpu->online, 0, __ATOMIC_RELEASE);
	for (unsigned int irq = 0; irq < NLOCAL; irq++)
		if (intctlr.locals[irq].fn)
			intctlr.ops->local_mask(irq);
}

void uk_intctlr_ipi_send(enum uk_ipi ipi, uint64_t hwid)
{
	UK_ASSERT(intctlr.ops && intctlr.ops->ipi);

	intctlr.ops->ipi(ipi, hwid);
}

void uk_intctlr_ipi_send_others(enum uk_ipi ipi)
{
	const struct cpu *self = uk_this_cpu_ptr(intctlr_cpu);

	UK_ASSERT(intctlr.ops && intctlr.ops->ipi);

	if (intctlr.ops->ipi_others && ipi != UK_IPI_STOP) {
		intctlr.ops->ipi_others(ipi);
		return;
	}
	for (const struct cpu *cpu = cpus(); cpu; cpu = cpu->next)
		if (cpu != self && is_online(cpu))
			intctlr.ops->ipi(ipi, cpu->hwid);
}

void uk_intctlr_unknown(void)
{
	uk_this_cpu(intctlr_cpu).spurious++;
}

uint64_t uk_intctlr_spurious(void)
{
	uint64_t sum = 0;

	for (struct cpu *cpu = cpus(); cpu; cpu = cpu->next)
		sum += UK_READ_ONCE(cpu->spurious);
	return sum;
}
