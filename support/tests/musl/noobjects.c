/* SPDX-License-Identifier: BSD-3-Clause */
#include "objects.h"

int objects(void)
{
	return 98;
}
