/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* "main" leaves a thread behind that does @how; does not return. */
_Noreturn void leave_one(const char *how);
