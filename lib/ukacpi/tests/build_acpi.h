/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/acpi.h>
#include <uk/compiler.h>
#include <uk/fwmem.h>
#include <uk/log.h>
#include <uk/string.h>
#include <uk/test.h>

/*
 * A PC's memory with ACPI tables in it, for tests: begin(), put_table() for
 * each, then put_root(). What may be read is the first page, the extended BIOS
 * data area at 0x9fc00, and everything from 0xe0000 to 1 MiB.
 */
#define BDA		0x0u
#define BDA_LEN		0x1000u
#define EBDA		0x9fc00u
#define EBDA_LEN	0x400u
#define ROM		0xe0000u
#define ROM_LEN		0x20000u

/* Where begin() and its followers put things. */
#define TABLES		0xe1000u
#define RSDP		0xf1230u
#define XSDT		0xf2000u
#define RSDT		0xf3000u

#define NTABLES		80u

static struct {
	uint8_t bda[BDA_LEN];
	uint8_t ebda[EBDA_LEN];
	uint8_t rom[ROM_LEN];

	uint64_t at;		/* of the next table */
	uint64_t table[NTABLES];
	uint32_t ntables;
	struct uk_log_pos log;
} pc;

static inline uint8_t *mem_at(uint64_t paddr, uint64_t len)
{
	const struct {
		uint64_t base, len;
		uint8_t *buf;
	} part[] = {
		{ BDA, BDA_LEN, pc.bda },
		{ EBDA, EBDA_LEN, pc.ebda },
		{ ROM, ROM_LEN, pc.rom },
	};

	for (unsigned int i = 0; i < 3; i++)
		if (paddr >= part[i].base &&
		    paddr - part[i].base <= part[i].len &&
		    len <= part[i].len - (paddr - part[i].base))
			return part[i].buf + (paddr - part[i].base);
	return NULL;
}

static inline const void *pc_at(const struct uk_fwmem *mem UK_UNUSED,
				uint64_t paddr, uint64_t len)
{
	return mem_at(paddr, len);
}

static const struct uk_fwmem pc_mem = { .at = pc_at, .is_pc = true };

static inline void put8(uint64_t paddr, uint8_t val)
{
	*mem_at(paddr, 1) = val;
}

static inline void put32(uint64_t paddr, uint32_t val)
{
	memcpy(mem_at(paddr, 4), &val, 4);
}

static inline void put64(uint64_t paddr, uint64_t val)
{
	memcpy(mem_at(paddr, 8), &val, 8);
}

/* Make the sum of @len bytes at @paddr right, by the byte at @off. */
static inline void fix_sum(uint64_t paddr, uint32_t len, uint32_t off)
{
	uint8_t *const p = mem_at(paddr, len);

	p[off] = (uint8_t)(p[off] - uk_fwmem_sum(p, len));
}

static inline void fix_table(uint64_t paddr)
{
	fix_sum(paddr, uk_fwmem_u32(mem_at(paddr, 8), 4), 9);
}

static inline void begin(void)
{
	char line[UK_LOG_SHOWN];
	uint32_t lost;

	memset(&pc, 0, sizeof(pc) - sizeof(pc.log));
	pc.at = TABLES;
	while (uk_log_read(&pc.log, line, sizeof(line), &lost))
		;
}

/* A table at @paddr that no root table names. */
static inline void put_table_at(uint64_t paddr, const char *sig,
				uint8_t revision, const void *body,
				uint32_t len)
{
	memcpy(mem_at(paddr, 4), sig, 4);
	put32(paddr + 4, UK_ACPI_HEADER_LEN + len);
	put8(paddr + 8, revision);
	memcpy(mem_at(paddr + UK_ACPI_HEADER_LEN, len), body, len);
	fix_table(paddr);
}

/* A table of the @len bytes @body behind a header; returns where it is. */
static inline uint64_t put_table(const char *sig, uint8_t revision,
				 const void *body, uint32_t len)
{
	const uint64_t paddr = pc.at;

	put_table_at(paddr, sig, revision, body, len);
	pc.table[pc.ntables++] = paddr;
	/* Right behind one another, not aligned. */
	pc.at += UK_ACPI_HEADER_LEN + len;
	return paddr;
}

/* The root pointer of @revision at @paddr. */
static inline void put_rsdp(uint64_t paddr, uint8_t revision, uint32_t rsdt,
			    uint64_t xsdt)
{
	memcpy(mem_at(paddr, 8), "RSD PTR ", 8);
	put8(paddr + 15, revision);
	put32(paddr + 16, rsdt);
	fix_sum(paddr, 20, 8);
	if (revision < 2)
		return;
	put32(paddr + 20, 36);
	put64(paddr + 24, xsdt);
	fix_sum(paddr, 36, 32);
}

static inline void put_xsdt(uint64_t paddr)
{
	put_table_at(paddr, "XSDT", 1, pc.table, pc.ntables * 8);
}

static inline void put_rsdt(uint64_t paddr)
{
	uint32_t table[NTABLES];

	for (uint32_t i = 0; i < pc.ntables; i++)
		table[i] = (uint32_t)pc.table[i];
	put_table_at(paddr, "RSDT", 1, table, pc.ntables * 4);
}

/* XSDT and root pointer for the tables that were put; opens them. */
static inline int open_tables(struct uk_acpi *acpi)
{
	put_xsdt(XSDT);
	put_rsdp(RSDP, 2, 0, XSDT);
	return uk_acpi_open(acpi, &pc_mem, 0);
}

/* How many new lines of the log have @text. */
static inline unsigned int logged(const char *text)
{
	const size_t len = uk_strlen(text);
	char line[UK_LOG_SHOWN];
	unsigned int n = 0;
	uint32_t lost;

	while (uk_log_read(&pc.log, line, sizeof(line), &lost))
		for (const char *p = line; *p; p++)
			if (uk_strncmp(p, text, len) == 0) {
				n++;
				break;
			}
	return n;
}

/* Numbers as the bytes of an initialiser. */
#define LE16(v)	(uint8_t)(v), (uint8_t)((v) >> 8)
#define LE32(v)	LE16((uint32_t)(v)), LE16((uint32_t)(v) >> 16)
#define LE64(v)	LE32((uint64_t)(v)), LE32((uint64_t)(v) >> 32)
