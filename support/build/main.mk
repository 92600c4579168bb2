# SPDX-License-Identifier: BSD-3-Clause
#
# The build itself, run inside the build directory with a configuration that
# is up to date. The order below is part of the interface for external trees:
# rules before any Makefile.uk, then the application, the tree's libraries,
# the external ones in the order of L=, architecture, drivers, platforms.

SHELL := /bin/bash
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDEXPANSION:
MAKEFLAGS += -rR --no-print-directory

UK_BUILD := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))
UK_BASE := $(patsubst %/support/build,%,$(UK_BUILD))

.PHONY: all images libs objs fetch prepare preprocess FORCE
all:
FORCE:

include $(UK_BUILD)/functions.mk
include $(UK_BUILD)/vars.mk
include $(AUTOCONF)
include $(KCONFIG_DIR)/replaced.mk
include $(UK_BUILD)/tools.mk
include $(UK_BUILD)/flags.mk
include $(UK_BUILD)/flags-$(ARCH).mk
include $(UK_BUILD)/addlib.mk
include $(UK_BUILD)/source.mk
include $(UK_BUILD)/door.mk

include $(UK_BUILD)/import.mk

include $(UK_BUILD)/levels.mk
include $(UK_BUILD)/suffixes.mk
include $(UK_BUILD)/compile.mk
include $(UK_BUILD)/objects.mk
include $(UK_BUILD)/library.mk
include $(UK_BUILD)/image.mk
include $(UK_BUILD)/prints.mk
include $(UK_BUILD)/clean.mk

# A goal that is no target of anybody's. (Without such goals make itself says
# which rule wanted a file that is not there.)
ifneq ($(STRAY),)
.DEFAULT:
	@$(if $(filter $@,$(STRAY)),echo "error: there is no target \"$@\". \
	\`make help\` lists them; \`make print-libs\` lists the libraries" >&2; \
	exit 2,false)
endif
