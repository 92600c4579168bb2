/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * What is inside the local APIC beside the delivery of interrupts (Intel SDM
 * volume 3A, chapter 11): its timer, and the start of other CPUs.
 *
 * All of it is for the CPU that calls, whose APIC is on: after
 * uk_intctlr_start() returned 0 with uk_apic_is_on(), or on another CPU after
 * uk_intctlr_cpu_init(). Context: any in which the CPU cannot change.
 */

/*
 * Interrupts of <uk/intctlr.h> that each CPU has. Those of the local vector
 * table are switched on by uk_intctlr_local_enable(). The error interrupt and
 * LINT0 and LINT1 are the driver's own.
 */
#define UK_APIC_IRQ_TIMER	16
#define UK_APIC_IRQ_PERF	17	/* performance counters */
#define UK_APIC_IRQ_THERMAL	18
#define UK_APIC_IRQ_ERROR	19

/*
 * For a hypervisor's driver, which is told a vector and no number: what comes
 * into uk_apic_vector(UK_APIC_IRQ_HOST) is this interrupt. It cannot be masked.
 */
#define UK_APIC_IRQ_HOST	20

/* The vector of an interrupt that each CPU has. */
unsigned int uk_apic_vector(unsigned int irq);

/* Is it the local APIC that takes this machine's interrupts? */
bool uk_apic_is_on(void);

enum uk_apic_timer_mode {
	UK_APIC_TIMER_ONESHOT,
	UK_APIC_TIMER_PERIODIC,
	/* CPUID.1:ECX[24]; by IA32_TSC_DEADLINE, which the caller writes. */
	UK_APIC_TIMER_TSC_DEADLINE,
};

/*
 * Stop the timer and set its mode. It counts at the bus clock divided by
 * @divide, a power of two from 1 to 128, which the deadline mode ignores.
 */
void uk_apic_timer_setup(enum uk_apic_timer_mode mode, unsigned int divide);

/* Count down from @count; 0 stops the timer. */
void uk_apic_timer_set(uint32_t count);
uint32_t uk_apic_timer_get(void);

/*
 * How often a second the timer counts, before it is divided: what a hypervisor
 * has told its driver, for the timer's; 0: nothing.
 */
void uk_apic_timer_tell_hz(uint64_t hz);
uint64_t uk_apic_timer_told_hz(void);

/*
 * Have what CPUs send each other sent by @send, which returns false if it
 * cannot, as a CPU may be too new to it: then the APIC sends it, as it does
 * NMIs. For a hypervisor that does it faster; @send is for any context in which
 * the CPU cannot change. Context: boot.
 */
void uk_apic_set_sender(bool (*send)(unsigned int vector, uint32_t apic_id));

/*
 * Start the CPU with local APIC id @apic_id (SDM volume 3A, 8.4.4): reset it,
 * or send it to the code at page @page of physical memory, below 256. The
 * pauses in between are the caller's. They return when the message is out, or
 *   -EINVAL     no CPU can have that id: the APIC is no x2APIC, and knows ids
 *               up to 254
 *   -ETIMEDOUT  the APIC does not get rid of it
 */
UK_MUST_USE int uk_apic_send_init(uint32_t apic_id);
UK_MUST_USE int uk_apic_send_startup(uint32_t apic_id, unsigned int page);
