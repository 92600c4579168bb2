/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* What C++ asks of a run-time library; returns a status. */
int objects(void);

#ifdef __cplusplus
}
#endif
