/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/call.h>

/*
 * Set once, before anything is pending; tests put theirs in its place for a
 * while.
 */
extern uk_call_exit_fn syscall_shim_exit;
