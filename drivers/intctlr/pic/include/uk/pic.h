/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

/*
 * The two 8259 interrupt controllers of PCs, for the driver of another
 * controller: what it has to do about them.
 */

/*
 * Mask both and move them to vectors 0x20 to 0x2f, away from the CPU's
 * exceptions: an interrupt that is taken back in the last moment comes even
 * from a chip that is masked. On a machine without them nothing happens.
 * Context: boot, interrupts off.
 */
void uk_pic_silence(void);

/*
 * Look whether there are any, and mask them if so; what firmware's tables say
 * is not always so. Context: boot, before any of their interrupts is used.
 */
bool uk_pic_is_there(void);
