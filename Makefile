# SPDX-License-Identifier: BSD-3-Clause
#
# The entry: sorts the goals into those that need no configuration, those
# that make one, and those that build. `make help` lists all of them.
#
# This file reads no library. A build goal first brings the configuration up
# to date and then runs support/build/main.mk inside the build directory, so
# that every library's Makefile.uk is read with a configuration that is true.

ifneq ($(filter 3.% 4.0 4.0.% 4.1 4.1.% 4.2 4.2.%,$(MAKE_VERSION)),)
$(error GNU Make $(MAKE_VERSION) is too old: Kiln needs 4.3 or later. \
Install your distribution's package `make`, or name a newer one)
endif

SHELL := /bin/bash
.SUFFIXES:
MAKEFLAGS += -rR --no-print-directory

ifneq ($(words $(CURDIR)),1)
$(error The path "$(CURDIR)" has a blank in it, which GNU Make cannot handle. \
Move Kiln to a directory without blanks)
endif
UK_BASE := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))
UK_BUILD := $(UK_BASE)/support/build

include $(UK_BUILD)/functions.mk
include $(UK_BUILD)/vars.mk
include $(UK_BUILD)/goals.mk

ifneq ($(word 2,$(sort $(goal_kinds))),)
# Goals of different kinds: one after the other, as they stand.
.NOTPARALLEL:
.PHONY: $(MAKECMDGOALS)
$(MAKECMDGOALS):
	+@$(MAKE) -f $(UK_BASE)/Makefile $@
else
include $(UK_BUILD)/help.mk
include $(UK_BUILD)/top.mk
include $(UK_BUILD)/kconfig.mk
include $(UK_BUILD)/build.mk
endif
