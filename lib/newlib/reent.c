/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What newlib keeps once for the program: the list of its streams, the
 * function that closes them. It is what the one thread has of an image
 * without a scheduler, too.
 *
 * newlib's own file of this would bring the streams into each image. Here
 * they are there if something else needs them.
 */
#include <reent.h>

extern __FILE __sf[3] __attribute__((__weak__));

static struct _reent everybody = _REENT_INIT(everybody);

struct _reent *_impure_ptr = &everybody;
struct _reent *const _global_impure_ptr = &everybody;
