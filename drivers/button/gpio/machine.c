/* SPDX-License-Identifier: BSD-3-Clause */
/* The key that the device tree names, and its interrupt. */
#include "gpio_priv.h"

#include <stddef.h>

#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/button.h>
#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/fdt_device.h>
#include <uk/fdt_key.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/paging.h>
#include <uk/print.h>

/* Other pins may interrupt as well. */
static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED, void *arg)
{
	if (!button_gpio_take(arg))
		return UK_IRQ_NOT_MINE;
	uk_button_pressed();
	return UK_IRQ_HANDLED;
}

static int reach(const struct uk_fdt_device *dev, const struct uk_fdt_key *key,
		 struct button_gpio *b)
{
	void *regs;
	int rc;

	if (dev->nregs < 1 || dev->reg[0].len < PL061_LEN ||
	    key->pin >= PL061_NPINS)
		return -EPROTO;
	rc = uk_paging_map_device(dev->reg[0].base, PL061_LEN, &regs);
	if (rc < 0)
		return rc;
	*b = (struct button_gpio){
		.regs = regs,
		.bit = (uint8_t)(1u << key->pin),
		.active_low = key->active_low,
	};
	return 0;
}

static int take_irq(const struct uk_fdt_device *dev, struct button_gpio *b)
{
	uint32_t trigger;
	const int irq = uk_fdt_device_gic_irq(dev, 0, &trigger);
	int rc;

	if (irq < 0)
		return irq;
	rc = uk_intctlr_irq_configure((unsigned int)irq,
				      (enum uk_irq_trigger)trigger);
	/* It has handlers of others, who have set it. */
	if (rc < 0 && rc != -EBUSY)
		return rc;
	return uk_intctlr_irq_register((unsigned int)irq, on_irq, b,
				       "power button");
}

static int begin(const struct uk_fdt *fdt, const struct uk_fdt_key *key)
{
	static struct button_gpio button;
	struct uk_fdt_device dev;
	int rc = uk_fdt_device_find_phandle(fdt, "arm,pl061", key->controller,
					    &dev);

	if (rc == 0)
		rc = reach(&dev, key, &button);
	if (rc == 0)
		rc = uk_button_start();
	if (rc == 0)
		rc = take_irq(&dev, &button);
	if (rc == 0 && button_gpio_enable(&button))
		uk_button_pressed();
	return rc;
}

static int button_init(const struct uk_boot_ctx *ctx)
{
	const struct uk_bootinfo *const bi = ctx->bi;
	struct uk_fdt_key key;
	struct uk_fdt fdt;
	int rc;

	if (!bi->dtb ||
	    uk_fdt_open(&fdt, uk_phys_to_virt(bi->dtb), bi->dtb_len) < 0)
		return 0;
	rc = uk_fdt_key_find(&fdt, UK_FDT_KEY_POWER, &key);
	if (rc == -ENOENT)
		return 0;
	if (rc == 0)
		rc = begin(&fdt, &key);
	if (rc < 0)
		uk_pr_warn("the power button cannot be used, error %d", -rc);
	return 0;
}

UK_INIT(DEV, button_init, NULL);
