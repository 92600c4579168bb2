/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

struct uk_file;

/* watch.c: the last reference of @file is gone; tell its watches so. */
void file_end_watches(struct uk_file *file);
