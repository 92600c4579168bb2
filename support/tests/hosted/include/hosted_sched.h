/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * As hosted_threads() of hosted_threads.h, and each of them is a struct
 * uk_thread (uk_thread_current()) that can block and be woken.
 */
void hosted_uk_threads(unsigned int n, void (*fn)(void *arg, unsigned int i),
		       void *arg);
