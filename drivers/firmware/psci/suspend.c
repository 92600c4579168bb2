/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sleep (DEN 0022, CPU_SUSPEND). One call does both kinds, told apart by a bit
 * of the state; here they are two functions, since only one of them comes back
 * where it was called. A state of the wrong kind is refused before firmware
 * sees it.
 */
#include "psci_priv.h"

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/errno.h>

#define FEATURE_EXTENDED	0x2	/* of CPU_SUSPEND */

int uk_psci_state_is_extended(void)
{
	int format = UK_READ_ONCE(psci_state.state_format);
	int features;

	if (!psci_state.fw.conduit)
		return -ENOSYS;
	if (format == PSCI_FORMAT_NOT_ASKED) {
		features = uk_psci_features(UK_PSCI_FN_CPU_SUSPEND_64);
		if (features < 0 && features != -ENOTSUP)
			return features;
		/* Before 1.0 there is one format, and nobody to ask. */
		format = features >= 0 && (features & FEATURE_EXTENDED) ?
			 PSCI_FORMAT_EXTENDED : PSCI_FORMAT_ORIGINAL;
		UK_WRITE_ONCE(psci_state.state_format, format);
	}
	return format == PSCI_FORMAT_EXTENDED;
}

/* 0, or why @state is none that powers down (@down), or none that does not. */
static int check_state(uint32_t state, bool down)
{
	uint32_t bits = UK_PSCI_STATE_BITS, down_bit = UK_PSCI_STATE_DOWN;
	const int extended = uk_psci_state_is_extended();

	if (extended < 0)
		return extended;
	if (!psci_state.ids.cpu_suspend)
		return -ENOTSUP;
	if (extended) {
		bits = UK_PSCI_STATE_EXT_BITS;
		down_bit = UK_PSCI_STATE_EXT_DOWN;
	}
	if ((state & ~bits) || !(state & down_bit) != !down)
		return -EINVAL;
	return 0;
}

int uk_psci_cpu_standby(uint32_t state)
{
	const int rc = check_state(state, false);

	if (rc < 0)
		return rc;
	return uk_psci_errno(psci_call(psci_state.ids.cpu_suspend, state, 0,
				       0));
}

int uk_psci_cpu_powerdown(uint32_t state, uint64_t entry, uint64_t context)
{
	const int rc = check_state(state, true);

	if (rc < 0)
		return rc;
	return uk_psci_errno(psci_call(psci_state.ids.cpu_suspend, state,
				       entry, context));
}
