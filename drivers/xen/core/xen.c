/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where Xen is found, once, at the beginning of stage EARLY, and what is asked
 * of it by a call alone. Whoever drives something of Xen's depends on this
 * library, so its entries come later and may ask uk_xen_is_here(). On any other
 * machine that question is all that remains.
 */
#include <uk/xen.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paddr.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/print.h>
#include <uk/xen_abi.h>

#include "xen_priv.h"

/* Written by xen_init(). */
static struct {
	bool here;
	bool dom0;
} st;

bool uk_xen_is_here(void)
{
	return st.here;
}

bool uk_xen_is_dom0(void)
{
	return st.dom0;
}

int uk_xen_call(unsigned int call, uintptr_t a, uintptr_t b, uintptr_t c)
{
	return (int)xen_call(call, a, b, c);
}

int uk_xen_param_get(uint32_t index, uint64_t *value)
{
	struct uk_xen_hvm_param param = {
		.domid = UK_XEN_DOMID_SELF,
		.index = index,
	};
	const int rc = uk_xen_order(UK_XEN_HVM_OP, UK_XEN_HVM_GET_PARAM,
				    &param);

	if (rc == 0)
		*value = param.value;
	return rc;
}

int uk_xen_param_set(uint32_t index, uint64_t value)
{
	const struct uk_xen_hvm_param param = {
		.domid = UK_XEN_DOMID_SELF,
		.index = index,
		.value = value,
	};

	return uk_xen_order(UK_XEN_HVM_OP, UK_XEN_HVM_SET_PARAM, &param);
}

uint64_t uk_xen_frame_of(const void *page)
{
	return ukarch_paddr_of(page) / UKARCH_PAGE_SIZE;
}

int uk_xen_map(uint32_t space, uint64_t index, void *page)
{
	const struct uk_xen_add_to_physmap add = {
		.domid = UK_XEN_DOMID_SELF,
		.space = space,
		.index = index,
		.frame = uk_xen_frame_of(page),
	};

	return uk_xen_order(UK_XEN_MEMORY_OP, UK_XEN_MEMORY_ADD_TO_PHYSMAP,
			    &add);
}

uint32_t uk_xen_vcpu_id(void)
{
	return xen_vcpu_id();
}

/* A domain without privileges may be refused; then the other way is left. */
void uk_xen_write(const char *buf, size_t len)
{
	if (uk_xen_call(UK_XEN_CONSOLE_IO, UK_XEN_CONSOLE_IO_WRITE, len,
			(uintptr_t)buf) < 0 || !st.dom0)
		xen_write_early(buf, len);
}

static int xen_init(const struct uk_boot_ctx *ctx)
{
	struct uk_xen_features features = { .index = 0 };
	int version;

	if (!xen_find(ctx->bi))
		return 0;
	version = uk_xen_order(UK_XEN_XEN_VERSION, UK_XEN_VERSION_VERSION,
			       NULL);
	if (version < 0) {
		uk_pr_err("Xen does not take calls, error %d: not used",
			  -version);
		return 0;
	}
	st.here = true;
	if (uk_xen_order(UK_XEN_XEN_VERSION, UK_XEN_VERSION_FEATURES,
			 &features) == 0)
		st.dom0 = features.map >> UK_XEN_FEATURE_DOM0 & 1;
	uk_pr_info("on Xen %d.%d%s", version >> 16, version & 0xffff,
		   st.dom0 ? ", as its first domain" : "");
	return 0;
}

UK_INIT(EARLY, xen_init, NULL);
