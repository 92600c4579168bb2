/* SPDX-License-Identifier: BSD-3-Clause */
/* How commands of an ITS are written down (IHI 0069, 5.3). */
#include "its_priv.h"

#define MOVI	0x01u
#define INT	0x03u
#define SYNC	0x05u
#define MAPD	0x08u
#define MAPC	0x09u
#define MAPTI	0x0au
#define INV	0x0cu
#define DISCARD	0x0fu

#define ITT_MASK	UINT64_C(0x000fffffffffff00)

static uint64_t begin(uint32_t op, uint32_t devid)
{
	return op | (uint64_t)devid << 32;
}

struct gic_its_cmd gic_its_mapd(uint32_t devid, uint64_t itt,
				unsigned int bits)
{
	return (struct gic_its_cmd){ {
		begin(MAPD, devid), bits - 1, GITS_VALID | (itt & ITT_MASK), 0
	} };
}

struct gic_its_cmd gic_its_unmapd(uint32_t devid)
{
	return (struct gic_its_cmd){ { begin(MAPD, devid), 0, 0, 0 } };
}

struct gic_its_cmd gic_its_mapc(uint32_t collection, uint64_t target)
{
	return (struct gic_its_cmd){ {
		MAPC, 0, GITS_VALID | target | collection, 0
	} };
}

struct gic_its_cmd gic_its_mapti(uint32_t devid, uint32_t event, uint32_t lpi,
				 uint32_t collection)
{
	return (struct gic_its_cmd){ {
		begin(MAPTI, devid), event | (uint64_t)lpi << 32, collection, 0
	} };
}

struct gic_its_cmd gic_its_movi(uint32_t devid, uint32_t event,
				uint32_t collection)
{
	return (struct gic_its_cmd){ {
		begin(MOVI, devid), event, collection, 0
	} };
}

struct gic_its_cmd gic_its_int(uint32_t devid, uint32_t event)
{
	return (struct gic_its_cmd){ { begin(INT, devid), event, 0, 0 } };
}

struct gic_its_cmd gic_its_inv(uint32_t devid, uint32_t event)
{
	return (struct gic_its_cmd){ { begin(INV, devid), event, 0, 0 } };
}

struct gic_its_cmd gic_its_discard(uint32_t devid, uint32_t event)
{
	return (struct gic_its_cmd){ { begin(DISCARD, devid), event, 0, 0 } };
}

struct gic_its_cmd gic_its_sync(uint64_t target)
{
	return (struct gic_its_cmd){ { SYNC, 0, target, 0 } };
}
