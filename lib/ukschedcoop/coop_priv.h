/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Have interrupts on, in an image that takes any. Context: boot, SCHED. */
void coop_irqs_on(void);
