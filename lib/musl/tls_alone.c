/* SPDX-License-Identifier: BSD-3-Clause */
/* The one thread of an image without a scheduler. */
#include "musl_priv.h"

#include <uk/alloc.h>
#include <uk/arch/tls.h>
#include <uk/print.h>

struct pthread *musl_main_tcb(void)
{
	const size_t len = musl_tcb_len();
	void *const area = uk_memalign(uk_alloc_get_default(),
				       ukarch_tls_align(),
				       ukarch_tls_size(len));
	uintptr_t tp;

	if (!area) {
		uk_pr_err("no memory for thread-local storage");
		return NULL;
	}
	tp = ukarch_tls_init(area, len);
	return musl_tcb_fill(tp, ukarch_tls_tcb(tp, len));
}
