/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Commit the fault @name. Returns only if there is none of that name. */
void probe_fault(const char *name);
