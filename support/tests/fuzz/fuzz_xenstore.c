/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as what the store says. While its client waits, a byte says how
 * many of the next bytes come at once; 254 and 255 set both of its indices to
 * anything first.
 */
#include "../../../drivers/xen/store/store_priv.h"

#include <uk/errno.h>
#include <uk/string.h>

#include "fuzz.h"

static struct fuzz_input in;

static struct uk_xen_store_ring ring;

static void tell(struct xs *xs)
{
	(void)xs;
}

static bool wait(struct xs *xs, bool first)
{
	unsigned int n = (unsigned int)fuzz_take(&in, 1);

	(void)xs;
	if (first)
		return true;
	if (n >= 254) {
		ring.rsp_prod = (uint32_t)fuzz_take(&in, 4);
		ring.req_cons = (uint32_t)fuzz_take(&in, 4);
	} else if (n % 8) {
		ring.req_cons = ring.req_prod;
	}
	for (; n > 0 && in.left > 0; n--)
		ring.rsp[ring.rsp_prod++ % 1024] =
			(char)fuzz_take(&in, 1);
	return in.left > 0;
}

static void try_read(struct xs *xs)
{
	char buf[40];
	int rc;

	memset(buf, 'x', sizeof(buf));
	rc = xs_read(xs, 0, "device/vif/0/state", buf, 32);
	FUZZ_EXPECT(rc < 0 || (uk_strnlen(buf, 32) == (size_t)rc && rc < 32));
	FUZZ_EXPECT(buf[32] == 'x');
	memset(buf, 'x', sizeof(buf));
	rc = xs_list(xs, 0, "device", buf, 32);
	FUZZ_EXPECT(rc <= 32 && buf[32] == 'x');
	FUZZ_EXPECT(rc <= 0 || buf[rc - 1] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uk_xenstore_watch watch = { .path = "device" };
	struct xs xs = { .tell = tell, .wait = wait };
	uint32_t tx = 0;

	in = (struct fuzz_input){ data, size };
	memset(&ring, 0, sizeof(ring));
	if (xs_wire_init(&xs, &ring) < 0)
		__builtin_trap();
	if (xs_watch(&xs, &watch) < 0)
		FUZZ_EXPECT(!xs.watches);
	while (in.left > 0 && !xs.broken) {
		try_read(&xs);
		if (xs_begin(&xs, &tx) == 0)
			FUZZ_EXPECT(tx != 0);
		(void)!xs_end(&xs, tx, fuzz_take(&in, 1) % 2);
		(void)!xs_take_events(&xs);
		if (xs_next_fired(&xs))
			FUZZ_EXPECT(xs.watches == &watch);
	}
	if (xs.broken)
		FUZZ_EXPECT(xs_write(&xs, 0, "a", "b") == -EPROTO);
	return 0;
}
