/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>

/*
 * For drivers of power buttons: who presses one asks for the end of the image
 * (ukplat_end_asked of <uk/plat/terminate.h>).
 */

/*
 * There is a button: be ready for it. Returns 0, also if there is another one,
 * or
 *   -ENOMEM  for the thread
 * Context: boot, stage DEV or later.
 */
UK_MUST_USE int uk_button_start(void);

/*
 * A button that was started for has been pressed. Context: any but NMI.
 */
void uk_button_pressed(void);
