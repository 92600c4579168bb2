/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>
#include <uk/fdt.h>
#include <uk/fdt_device.h>

/*
 * The rate of the counter: @reg is what firmware has written to CNTFRQ_EL0,
 * @tree the device tree's clock-frequency, 0 where there is none, by which a
 * machine mends a register that firmware forgot. Returns 0 if neither can be
 * right.
 */
uint64_t timer_arm_rate(uint64_t reg, uint32_t tree);

/*
 * Find the timer's node; @fdt outlives @dev. Returns 0, or a negative errno:
 * there is no tree, or no timer in it.
 */
UK_MUST_USE
int timer_arm_node(struct uk_fdt *fdt, struct uk_fdt_device *dev);
