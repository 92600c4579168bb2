/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/rtc.h>
#include <uk/spinlock.h>

struct uk_acpi_fadt;

/* How ports are reached; tests put a model of the chip there. */
struct cmos_io {
	uint8_t (*in)(uint16_t port);
	void (*out)(uint16_t port, uint8_t val);
};

#define CMOS_INDEX	0x70
#define CMOS_DATA	0x71

/*
 * Registers, by index (Motorola MC146818A data sheet, "Address map"). The
 * century is not the chip's: firmware keeps it in a byte that the FADT names.
 */
#define CMOS_SECOND	0x00
#define CMOS_SECOND_AL	0x01
#define CMOS_MINUTE	0x02
#define CMOS_MINUTE_AL	0x03
#define CMOS_HOUR	0x04
#define CMOS_HOUR_AL	0x05
#define CMOS_WEEKDAY	0x06	/* 1: Sunday */
#define CMOS_DAY	0x07
#define CMOS_MONTH	0x08
#define CMOS_YEAR	0x09
#define CMOS_A		0x0a
#define CMOS_B		0x0b
#define CMOS_C		0x0c	/* reading it clears it */
#define CMOS_D		0x0d
#define CMOS_CENTURY	0x32	/* where nearly every firmware has it */

#define CMOS_A_UIP	0x80u	/* it ticks within 244 us, or right now */
#define CMOS_A_DV	0x70u	/* the divider */
#define CMOS_A_DV_RUN	0x20u	/* it runs, from 32,768 Hz */
#define CMOS_A_RS	0x0fu	/* the periodic interrupt's rate */
#define CMOS_B_SET	0x80u	/* does not tick */
#define CMOS_B_PIE	0x40u	/* interrupts: periodic, alarm, each tick */
#define CMOS_B_AIE	0x20u
#define CMOS_B_UIE	0x10u
#define CMOS_B_BINARY	0x04u	/* else BCD */
#define CMOS_B_24H	0x02u	/* else 12, with bit 7 of the hour: pm */
#define CMOS_B_DSE	0x01u	/* puts itself forward and back twice a year */
#define CMOS_C_IRQF	0x80u
#define CMOS_C_AF	0x20u
#define CMOS_D_VRT	0x80u	/* the battery was never empty */

#define CMOS_HOUR_PM	0x80u

/* The time as the chip has it; @century if it has one. See regs in chip.c. */
struct cmos_time {
	uint8_t second, minute, hour;
	uint8_t weekday, day, month, year, century;
};

/*
 * regs.c: between what registers hold and what it means. @b is register B.
 */

/*
 * @t in seconds. Without a century years are 1970 to 2069. Returns 0, or
 * -EINVAL: that is no time.
 */
UK_MUST_USE
int cmos_decode(const struct cmos_time *t, uint8_t b, bool has_century,
		uint64_t *seconds);

/* The way back. Returns 0, or -ERANGE: the chip cannot hold that year. */
UK_MUST_USE
int cmos_encode(uint64_t seconds, uint8_t b, bool has_century,
		struct cmos_time *t);

/*
 * The first time after @now at which the second, minute and hour are those of
 * @t. Returns 0, or -EINVAL: they are no time of a day.
 */
UK_MUST_USE
int cmos_next(const struct cmos_time *t, uint8_t b, uint64_t now,
	      uint64_t *seconds);

/*
 * Can @century be what the register named CMOS_CENTURY holds on a machine that
 * does not tell whether it has one? A guess, so a narrow one: 1970 to 2999.
 */
bool cmos_guess_century(const struct cmos_time *t, uint8_t b);

/*
 * Is there a chip by the FADT, NULL where there is none? Sets *@century to the
 * register it names, 0 if it names none. Returns 0, or -ENODEV.
 */
UK_MUST_USE
int cmos_fadt(const struct uk_acpi_fadt *fadt, uint8_t *century);

/*
 * chip.c
 */
struct cmos {
	const struct cmos_io *io;
	struct uk_rtc rtc;
	uint8_t century;	/* register, 0: none; set before cmos_start() */

	/* Of the ports, interrupts off; and of what follows. */
	struct uk_spinlock lock;
	bool was_set;		/* by us: good although the battery is not */
	bool has_irq;
};

/* Looks at a chip that ticks, 50 us apart: it takes 2.2 ms at most. */
#define CMOS_PATIENCE		100u
#define CMOS_PAUSE_NS		50000

/*
 * Look for the chip and have it interrupt no more; guess at a century register
 * if none is told. Returns 0, or -ENODEV: nothing answers.
 */
UK_MUST_USE int cmos_start(struct cmos *c);

/* The caller holds c->lock. */
uint8_t cmos_read(struct cmos *c, uint8_t reg);
void cmos_write(struct cmos *c, uint8_t reg, uint8_t val);

/* See struct uk_rtc_ops. */
UK_MUST_USE int cmos_get_time(struct uk_rtc *rtc, uint64_t *seconds);
UK_MUST_USE int cmos_set_time(struct uk_rtc *rtc, uint64_t seconds);

/* alarm.c, or noalarm.c without interrupts */
extern const struct uk_rtc_ops cmos_ops;
