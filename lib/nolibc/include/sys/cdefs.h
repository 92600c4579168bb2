/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * What lets C++ read C headers. They write __restrict, which both compilers
 * know in both languages.
 */
#ifdef __cplusplus
#define __BEGIN_DECLS	extern "C" {
#define __END_DECLS	}
#else
#define __BEGIN_DECLS
#define __END_DECLS
#endif
