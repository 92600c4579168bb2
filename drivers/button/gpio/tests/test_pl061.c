/* SPDX-License-Identifier: BSD-3-Clause */
/* The driver on memory that stands for the registers. */
#include "../gpio_priv.h"

#include <uk/test.h>

#define BIT	8u
#define NREGS	(PL061_LEN / 4)

static uint32_t regs[NREGS];

static struct button_gpio reset(bool active_low, uint32_t fill)
{
	for (unsigned int i = 0; i < NREGS; i++)
		regs[i] = 0;
	regs[PL061_DIR / 4] = fill;
	regs[PL061_IS / 4] = fill;
	regs[PL061_IBE / 4] = fill;
	regs[PL061_IEV / 4] = fill;
	regs[PL061_IE / 4] = fill;
	return (struct button_gpio){ regs, BIT, active_low };
}

UK_TEST(button_gpio, its_pin_interrupts_at_a_rising_edge)
{
	const struct button_gpio b = reset(false, 0);

	UK_EXPECT(!button_gpio_enable(&b));
	UK_EXPECT_EQ(regs[PL061_IEV / 4], BIT);
	UK_EXPECT_EQ(regs[PL061_IE / 4], BIT);
	UK_EXPECT_EQ(regs[PL061_IC / 4], BIT);
}

UK_TEST(button_gpio, one_that_is_active_low_interrupts_at_a_falling_edge)
{
	const struct button_gpio b = reset(true, 0);

	regs[BIT] = BIT;
	UK_EXPECT(!button_gpio_enable(&b));
	UK_EXPECT_EQ(regs[PL061_IEV / 4], 0);
	UK_EXPECT_EQ(regs[PL061_IE / 4], BIT);
}

UK_TEST(button_gpio, other_pins_stay_as_they_are)
{
	const struct button_gpio b = reset(false, 0xff);

	UK_EXPECT(!button_gpio_enable(&b));
	UK_EXPECT_EQ(regs[PL061_DIR / 4], 0xff - BIT);
	UK_EXPECT_EQ(regs[PL061_IS / 4], 0xff - BIT);
	UK_EXPECT_EQ(regs[PL061_IBE / 4], 0xff - BIT);
	UK_EXPECT_EQ(regs[PL061_IEV / 4], 0xff);
	UK_EXPECT_EQ(regs[PL061_IE / 4], 0xff);
}

UK_TEST(button_gpio, one_that_is_held_down_has_been_pressed)
{
	struct button_gpio b = reset(false, 0);

	regs[BIT] = BIT;
	UK_EXPECT(button_gpio_enable(&b));
	b = reset(true, 0);
	UK_EXPECT(button_gpio_enable(&b));
}

UK_TEST(button_gpio, a_press_is_taken_and_those_of_others_are_not)
{
	const struct button_gpio b = reset(false, 0);

	regs[PL061_MIS / 4] = 0xff - BIT;
	UK_EXPECT(!button_gpio_take(&b));
	UK_EXPECT_EQ(regs[PL061_IC / 4], 0);
	regs[PL061_MIS / 4] = BIT;
	UK_EXPECT(button_gpio_take(&b));
	UK_EXPECT_EQ(regs[PL061_IC / 4], BIT);
}
