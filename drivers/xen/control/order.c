/* SPDX-License-Identifier: BSD-3-Clause */
#include "control_priv.h"

#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

static const struct {
	const char *word;
	enum uk_end how;
} orders[] = {
	{ "poweroff", UK_END_POWEROFF },
	{ "halt", UK_END_POWEROFF },
	{ "reboot", UK_END_REBOOT },
};

int xen_control_order(const char *word, enum uk_end *how)
{
	if (word[0] == '\0')
		return -ENOENT;
	for (size_t i = 0; i < UK_ARRAY_SIZE(orders); i++)
		if (uk_strcmp(word, orders[i].word) == 0) {
			*how = orders[i].how;
			return 0;
		}
	if (uk_strcmp(word, "suspend") == 0)
		return XEN_CONTROL_SUSPEND;
	return -ENOTSUP;
}
