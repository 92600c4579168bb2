/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Local and I/O APICs as a controller of lib/ukintctlr.
 *
 * A line or message gets a vector when it is first used, and keeps it. From
 * the vector to the number leads one table, which is written before anything
 * can come there, and read without a lock. Everything is ended after its
 * handlers: an edge that comes meanwhile is kept by the local APIC, a level is
 * looked at again by the I/O APIC.
 */
#include <uk/apic.h>

#include <stddef.h>

#include <uk/arch/percpu.h>
#include <uk/assert.h>
#include <uk/bits/arch/cpuid.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/intctlr_ops.h>
#include <uk/percpu.h>
#include <uk/pic.h>
#include <uk/print.h>
#include <uk/spinlock.h>

#include "apic_priv.h"

/* Where a line or message goes; by number less 32. */
struct route {
	uint32_t id;		/* of the CPU */
	uint32_t low;		/* as in an entry; vector 0: it has none yet */
	uint8_t io, pin;	/* of a line: where it is in the plan */
};

static struct {
	struct apic_plan plan;	/* does not change after the start */
	bool is_on;
	bool long_ids;

	/* A hypervisor's way to send; or NULL. Written at boot. */
	bool (*send)(unsigned int vector, uint32_t apic_id);

	/* Guards what follows, and the I/O APICs' registers. */
	struct uk_spinlock lock;
	struct apic_vectors vectors;
	struct route route[UK_IRQ_MAX - UK_IRQ_LINE_FIRST];

	/* By vector; 0: none. Relaxed: see above. */
	uint16_t irq[256];
} st;

static struct uk_intctlr controller;

bool uk_apic_is_on(void)
{
	return st.is_on;
}

static struct route *route_of(unsigned int irq)
{
	return &st.route[irq - UK_IRQ_LINE_FIRST];
}

static bool is_line(unsigned int irq)
{
	return irq < controller.nirqs;
}

/* One that nobody waits for. */
static void stray(unsigned int vector)
{
	uk_intctlr_unknown();
	if (apic_local_serves(vector))
		apic_local_eoi();
}

static void take_local(unsigned int vector)
{
	const unsigned int irq = vector - APIC_VECTOR_LOCAL;

	if (irq == UK_APIC_IRQ_ERROR)
		apic_local_error();
	else
		uk_intctlr_dispatch(irq);
	apic_local_eoi();
}

static void take(struct ukarch_regs *regs UK_UNUSED, unsigned int vector)
{
	const unsigned int irq = __atomic_load_n(&st.irq[vector],
						 __ATOMIC_RELAXED);

	if (UK_LIKELY(irq)) {
		uk_intctlr_dispatch(irq);
		apic_local_eoi();
	} else if (vector >= APIC_VECTOR_LOCAL &&
		   vector != APIC_VECTOR_SPURIOUS) {
		take_local(vector);
	} else {
		stray(vector);
	}
}

static unsigned int vector_of(const struct route *r)
{
	return r->low & APIC_ENTRY_VECTOR;
}

/* The lock is held. */
static void write_entry(const struct route *r)
{
	apic_ioapic_set(&st.plan.ioapic[r->io], r->pin,
			apic_entry(r->low, r->id));
}

/* Give @n numbers from @irq on vectors in a row, or none. The lock is held. */
static int give_vectors(unsigned int irq, unsigned int n)
{
	const int first = apic_vectors_take(&st.vectors, n);

	if (first < 0)
		return first;
	for (unsigned int i = 0; i < n; i++) {
		const unsigned int vector = (unsigned int)first + i;

		*route_of(irq + i) = (struct route){
			.id = (uint32_t)uk_cpu.hwid,	/* the boot CPU's */
			.low = vector | APIC_ENTRY_MASKED,
		};
		__atomic_store_n(&st.irq[vector], (uint16_t)(irq + i),
				 __ATOMIC_RELAXED);
	}
	return 0;
}

static void place(struct route *r, const struct apic_input *input,
		  enum uk_irq_trigger trigger)
{
	const struct apic_ioapic *const io = apic_plan_find(&st.plan,
							    input->gsi);

	r->io = (uint8_t)(io - st.plan.ioapic);
	r->pin = (uint8_t)(input->gsi - io->gsi_base);
	r->low &= APIC_ENTRY_VECTOR | APIC_ENTRY_MASKED;
	r->low |= apic_entry_trigger(input->polarity, input->trigger, trigger);
}

static int setup(unsigned int irq, enum uk_irq_trigger trigger)
{
	struct route *const r = route_of(irq);
	struct apic_input input;
	unsigned long irqs;
	int rc;

	rc = apic_plan_line(&st.plan, irq - UK_IRQ_LINE_FIRST, &input);
	if (rc < 0)
		return rc;
	irqs = uk_spin_lock_irqsave(&st.lock);
	if (!vector_of(r))
		rc = give_vectors(irq, 1);
	if (rc == 0) {
		place(r, &input, trigger);
		write_entry(r);
	}
	uk_spin_unlock_irqrestore(&st.lock, irqs);
	return rc;
}

static void set_masked(unsigned int irq, bool masked)
{
	struct route *const r = route_of(irq);
	unsigned long irqs;

	/* A message comes anyhow; the library keeps it. */
	if (!is_line(irq))
		return;
	irqs = uk_spin_lock_irqsave(&st.lock);
	r->low = masked ? r->low | APIC_ENTRY_MASKED
			: r->low & ~APIC_ENTRY_MASKED;
	apic_ioapic_set_low(&st.plan.ioapic[r->io], r->pin, r->low);
	uk_spin_unlock_irqrestore(&st.lock, irqs);
}

static void mask(unsigned int irq)
{
	set_masked(irq, true);
}

static void unmask(unsigned int irq)
{
	set_masked(irq, false);
}

/* The I/O APIC has a level brought again itself. */
static void retrigger(unsigned int irq)
{
	const struct route *const r = route_of(irq);

	if (!(r->low & APIC_ENTRY_LEVEL))
		(void)apic_send(APIC_ICR_FIXED | vector_of(r), r->id);
}

static int set_cpu(unsigned int irq, uint64_t hwid)
{
	struct route *const r = route_of(irq);
	unsigned long irqs;

	if (!apic_reaches((uint32_t)hwid, st.long_ids))
		return -ENOTSUP;
	irqs = uk_spin_lock_irqsave(&st.lock);
	r->id = (uint32_t)hwid;
	if (is_line(irq))
		write_entry(r);
	uk_spin_unlock_irqrestore(&st.lock, irqs);
	return 0;
}

static void msi_free(uint32_t devid UK_UNUSED, unsigned int irq,
		     unsigned int n)
{
	const unsigned long irqs = uk_spin_lock_irqsave(&st.lock);

	for (unsigned int i = irq; i < irq + n; i++) {
		struct route *const r = route_of(i);

		__atomic_store_n(&st.irq[vector_of(r)], 0, __ATOMIC_RELAXED);
		apic_vectors_give(&st.vectors, vector_of(r), 1);
		r->low = 0;
	}
	uk_spin_unlock_irqrestore(&st.lock, irqs);
}

/* Up to 32 in one block, as plain MSI wants it; more are an MSI-X table's. */
static int msi_setup(uint32_t devid, unsigned int irq, unsigned int n)
{
	const unsigned int block = n <= 32 ? n : 1;

	for (unsigned int done = 0; done < n; done += block) {
		const unsigned long irqs = uk_spin_lock_irqsave(&st.lock);
		const int rc = give_vectors(irq + done, block);

		uk_spin_unlock_irqrestore(&st.lock, irqs);
		if (rc < 0) {
			msi_free(devid, irq, done);
			return rc;
		}
	}
	return 0;
}

static void msi_compose(unsigned int irq, struct uk_msi_msg *msg)
{
	const struct route *const r = route_of(irq);

	apic_msi(vector_of(r), r->id, msg);
}

static int local_check(unsigned int irq)
{
	return apic_local_has(irq) ? 0 : -EINVAL;
}

static void local_unmask(unsigned int irq)
{
	apic_local_mask(irq, false);
}

static void local_mask(unsigned int irq)
{
	apic_local_mask(irq, true);
}

void uk_apic_set_sender(bool (*send)(unsigned int vector, uint32_t apic_id))
{
	st.send = send;
}

static void send_ipi(enum uk_ipi ipi, uint64_t hwid)
{
	const unsigned int vector = APIC_VECTOR_LOCAL + (unsigned int)ipi;
	const uint32_t low = ipi == UK_IPI_STOP ? APIC_ICR_NMI :
			     APIC_ICR_FIXED | vector;
	int rc;

	if (UK_UNLIKELY(st.send) && ipi != UK_IPI_STOP &&
	    st.send(vector, (uint32_t)hwid))
		return;
	rc = apic_send(low, (uint32_t)hwid);
	UK_ASSERT(rc != -EINVAL);
}

static int cpu_start(void)
{
	return apic_local_start(&st.plan);
}

/* NMIs are the boot CPU's, and cannot be masked. */
static void nmis_on(void)
{
	for (unsigned int i = 0; i < st.plan.nnmis; i++) {
		const struct apic_input *const nmi = &st.plan.nmi[i];
		const struct apic_ioapic *const io =
			apic_plan_find(&st.plan, nmi->gsi);

		apic_ioapic_set(io, nmi->gsi - io->gsi_base,
				apic_entry(APIC_ENTRY_NMI |
					   apic_entry_trigger(nmi->polarity,
							      nmi->trigger, 0),
					   (uint32_t)uk_cpu.hwid));
	}
}

static bool has_long_ids(void)
{
	const struct ukarch_cpuid sign = ukarch_cpuid(0x40000000, 0);
	const uint32_t signature[3] = { sign.ebx, sign.ecx, sign.edx };

	return apic_has_long_ids(signature, ukarch_cpuid(0x40000001, 0).eax);
}

static void count_lines(const struct uk_bootinfo *bi)
{
	unsigned int room;

	controller.nirqs = UK_IRQ_LINE_FIRST + apic_plan_ngsis(&st.plan);
	controller.msi_first = controller.nirqs;
	room = UK_IRQ_MAX - controller.msi_first;
	controller.nmsis = UK_MIN(room, APIC_NVECTORS);
	if (!apic_tables_allow_msi(bi))
		controller.nmsis = 0;
}

static int start(const struct uk_bootinfo *bi)
{
	int rc;

	rc = apic_local_find();
	if (rc == 0)
		rc = apic_tables_read(bi, &st.plan);
	if (rc < 0)
		return rc;

	uk_pic_silence();
	rc = apic_local_start(&st.plan);
	if (rc < 0)
		return rc;
	nmis_on();
	if (apic_local_mode() == APIC_X2APIC) {
		controller.name = "x2APIC";
		st.long_ids = has_long_ids();
	}
	count_lines(bi);
	st.is_on = true;
	return 0;
}

static const struct uk_intctlr_ops ops = {
	.start = start,
	.cpu_start = cpu_start,
	.take = take,
	.setup = setup,
	.mask = mask,
	.unmask = unmask,
	.retrigger = retrigger,
	.set_cpu = set_cpu,
	.msi_setup = msi_setup,
	.msi_free = msi_free,
	.msi_compose = msi_compose,
	.local_check = local_check,
	.local_unmask = local_unmask,
	.local_mask = local_mask,
	.ipi = send_ipi,
};

static struct uk_intctlr controller = {
	.name = "APIC",
	.ops = &ops,
	.rank = 10,
};

static int offer(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_intctlr_offer(&controller);
	return 0;
}

UK_INIT(EARLY, offer, NULL);
