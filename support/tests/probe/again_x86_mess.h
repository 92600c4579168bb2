/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Have every timer of a PC tick, every interrupt open, some waiting, some in
 * service, and nobody to take them. @left: see again.h. Context: the boot CPU,
 * interrupts off, which stay off for good.
 */
void again_mess(int left);
