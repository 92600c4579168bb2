/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a crash leaves with the hypervisor (TLFS, "Guest Crash Enlightenment"),
 * as a function of it; the registers have no meaning but the one that the
 * guest gives them, so the cause goes there as text, where that is offered.
 */
#include "hyperv_priv.h"

#include <uk/arch/paddr.h>
#include <uk/arch/regs.h>
#include <uk/crash_hook.h>

uint64_t hyperv_crash_values(const struct uk_crash_info *info,
			     uint64_t control, struct hyperv_text *text,
			     uint64_t values[HYPERV_NCRASH])
{
	uint64_t len = 0;

	while (len < sizeof(text->text) && info->cause[len]) {
		text->text[len] = info->cause[len];
		len++;
	}
	values[0] = ukarch_regs_ip(info->regs);
	values[1] = ukarch_regs_sp(info->regs);
	values[2] = info->has_addr ? info->addr : 0;
	values[3] = ukarch_paddr_of(text);
	values[4] = len;
	if (control & HYPERV_CRASH_MESSAGE)
		return control & (HYPERV_CRASH_NOTIFY | HYPERV_CRASH_MESSAGE);
	values[3] = values[4] = 0;
	return control & HYPERV_CRASH_NOTIFY;
}
