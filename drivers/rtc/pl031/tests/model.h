/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include "../pl031_priv.h"

static struct {
	uint32_t regs[PL031_LEN / 4];
} model;

#define MODEL_TIME	UINT32_C(1930367167)

/* It runs; the identification is that of revision 1. */
static struct pl031 model_begin(void)
{
	static const uint8_t id[8] = {
		0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1,
	};

	for (unsigned int i = 0; i < PL031_LEN / 4; i++)
		model.regs[i] = 0;
	model.regs[PL031_DR / 4] = MODEL_TIME;
	model.regs[PL031_CR / 4] = CR_START;
	for (unsigned int i = 0; i < 8; i++)
		model.regs[PL031_ID / 4 + i] = id[i];
	return (struct pl031){
		.regs = model.regs,
		.rtc = { .name = "model", .ops = &pl031_ops },
	};
}
