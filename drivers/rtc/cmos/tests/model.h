/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * A model of the chip behind its ports, which also can be broken. It ticks when
 * the test says so: at reading number @tick_at of a time register, or so often
 * as @uip says register A is found busy.
 */

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

#include "../cmos_priv.h"

#define FOREVER		UINT32_MAX

static struct {
	uint8_t reg[128];
	uint8_t index, highest_index;
	unsigned int uip;	/* times that A says so */
	unsigned int tick_at;	/* readings from now, 0: not */
	unsigned int nreads;	/* of A */
	bool shaky;		/* each reading of seconds is another one */
	bool deaf;		/* writes to the time are lost */
} model;

/* From second 59 to 0, and the minute up; in BCD. */
static void model_tick(void)
{
	model.reg[CMOS_SECOND] = 0;
	model.reg[CMOS_MINUTE]++;
}

static uint8_t model_in(uint16_t port)
{
	uint8_t val = model.reg[model.index];

	if (port != CMOS_DATA)
		return 0xff;
	if (model.index == CMOS_A) {
		model.nreads++;
		if (model.uip && model.uip != FOREVER)
			model.uip--;
		else if (!model.uip)
			return val;
		return val | CMOS_A_UIP;
	}
	if (model.index < CMOS_A && model.tick_at && --model.tick_at == 0) {
		model_tick();
		val = model.reg[model.index];
	}
	if (model.index == CMOS_SECOND && model.shaky)
		model.reg[CMOS_SECOND] ^= 1;
	if (model.index == CMOS_C)
		model.reg[CMOS_C] = 0;
	return val;
}

static void model_out(uint16_t port, uint8_t val)
{
	if (port == CMOS_INDEX) {
		model.index = val & 0x7f;
		if (val > model.highest_index)
			model.highest_index = val;
		return;
	}
	if (model.deaf && (model.index < CMOS_A || model.index > CMOS_D))
		return;
	if (model.index == CMOS_C || model.index == CMOS_D)
		return;
	model.reg[model.index] = val;
}

static const struct cmos_io model_io = { .in = model_in, .out = model_out };

/* 2031-03-04 05:06:07 in BCD, 24 hours, a Tuesday; the century at 0x32. */
static struct cmos model_begin(void)
{
	model = (__typeof__(model)){
		.reg = {
			[CMOS_SECOND] = 0x07,
			[CMOS_MINUTE] = 0x06,
			[CMOS_HOUR] = 0x05,
			[CMOS_WEEKDAY] = 0x03,
			[CMOS_DAY] = 0x04,
			[CMOS_MONTH] = 0x03,
			[CMOS_YEAR] = 0x31,
			[CMOS_A] = 0x26,
			[CMOS_B] = CMOS_B_24H,
			[CMOS_D] = CMOS_D_VRT,
			[CMOS_CENTURY] = 0x20,
		},
	};
	return (struct cmos){
		.io = &model_io,
		.rtc = { .name = "model", .ops = &cmos_ops },
		.century = CMOS_CENTURY,
	};
}

#define MODEL_TIME	UINT64_C(1930367167)
