/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * musl's own, but for the instruction that ends a program which cannot go on:
 * on x86_64 that is HLT, which here only waits for an interrupt.
 */
#include_next "atomic_arch.h"

#undef a_crash
#define a_crash()	__builtin_trap()
