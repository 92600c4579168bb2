/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Executions per instruction address. Serialised by the caller; the slots
 * are added to by QEMU's own code.
 */

/* Make room. Returns false when there is no memory. */
bool hist_init(void);

/*
 * Where the executions of @pc are counted; valid for ever. When the table is
 * full all further addresses share one slot, which is written as address 0.
 */
uint64_t *hist_slot(uint64_t pc);

/* Every count begins at 0 again. */
void hist_clear(void);

/*
 * Write each address that has a count to the file @path, one line "address
 * count" in hexadecimal and decimal. Returns false when it cannot be written.
 */
bool hist_write(const char *path);
