# SPDX-License-Identifier: BSD-3-Clause
#
# The kinds of goals: top (no configuration needed), config (they make or
# change one), clean (they remove what a build left) and build (the rest).

top_goals := help demo test check soak bench bench-heaps fuzz \
	setup print-version
config_goals := menuconfig guiconfig nconfig xconfig gconfig config oldconfig \
	olddefconfig defconfig savedefconfig syncconfig randconfig \
	allyesconfig allnoconfig kmenuconfig ukconfig scriptconfig \
	iscriptconfig scriptsyncconfig dumpvarsconfig silentoldconfig \
	listnewconfig
clean_goals := properclean distclean

# `clean` and its kin are read by main.mk, but must not run beside a build.
sweep_goals := $(filter clean clean-%,$(MAKECMDGOALS))

goals := $(or $(MAKECMDGOALS),$(if \
	$(and $(NO_APP),$(if $(wildcard $(UK_CONFIG)),,y)),help,all))
.DEFAULT_GOAL := $(firstword $(goals))
lone_goals := $(top_goals) $(config_goals) $(clean_goals) $(sweep_goals)
build_goals := $(filter-out $(top_goals) $(config_goals) $(clean_goals),$(goals))

# One word for each kind that was asked for. Every goal that is not a build is
# a kind of its own: their order is the user's order.
goal_kinds := $(if $(filter-out $(lone_goals),$(goals)),build) \
	$(filter $(lone_goals),$(goals))
