# SPDX-License-Identifier: BSD-3-Clause
#
# The variables of the command line, checked, and the paths that follow from
# them. `make help` says what each one means.

include $(UK_BUILD)/version.mk

ifneq ($(filter-out 0 1 2,$(V)),)
$(error V=$(V) is not a verbosity: use V=0 (short), V=1 (full commands) or V=2 \
(also warn about undefined variables))
endif
Q := $(if $(filter 1 2,$(V)),,@)

# $(call _path_arg,<variable>,<path>): absolute, one word, or an error.
_path_arg = $(if $(filter-out 1,$(words $(2))),$(error \
$(1)="$(2)": the path has a blank in it, which GNU Make cannot handle. Use a \
path without blanks),$(abspath $(2)))
# $(call _dir_list,<variable>,<a:b:c>): real paths of existing directories.
_dir_list = $(foreach _d,$(subst :,$(space),$(strip $(2))),$(if \
$(wildcard $(_d)/.),$(realpath $(_d)),$(error $(1)= names "$(_d)", which is \
not a directory. Give absolute paths of library directories, colons between)))

# A: the application. Kiln itself stands for "no application".
APP_DIR := $(call _path_arg,A,$(or $(A),$(UK_BASE)))
ifeq ($(wildcard $(APP_DIR)/.),)
$(error A= names "$(APP_DIR)", which is not a directory. Give the path of an \
application tree, for example A=$(UK_BASE)/apps/helloworld)
endif
NO_APP := $(if $(filter $(realpath $(APP_DIR)),$(UK_BASE)),y)
APP_BASE := $(APP_DIR)
CONFIG_UK_BASE := $(UK_BASE)
CONFIG_UK_APP := $(APP_DIR)

# L, P, E: external libraries, external platforms, directories left out.
ELIB_DIR := $(call uniq,$(call _dir_list,L,$(L)))
EPLAT_DIR := $(call uniq,$(call _dir_list,P,$(P)))
EXCLUDE_DIRS := $(foreach _d,$(subst :,$(space),$(strip $(E))),$(realpath $(_d)))

# T: a configuration of the application that lives beside the others.
ifneq ($(T),)
UK_T_DEFCONFIG := $(APP_DIR)/defconfigs/$(T)
ifeq ($(wildcard $(UK_T_DEFCONFIG)),)
$(error T=$(T): there is no $(UK_T_DEFCONFIG). \
$(if $(wildcard $(APP_DIR)/defconfigs/*),This application has: \
$(notdir $(wildcard $(APP_DIR)/defconfigs/*)),This application has no \
defconfigs/))
endif
BUILD_DIR := $(call _path_arg,O,$(or $(O),$(APP_DIR)/build/$(T)))
UK_CONFIG := $(call _path_arg,C,$(or $(C),$(BUILD_DIR)/.config))
else
BUILD_DIR := $(call _path_arg,O,$(or $(O),$(APP_DIR)/build))
UK_CONFIG := $(call _path_arg,C,$(or $(C),$(APP_DIR)/.config))
endif
UK_CONFIG_OUT := $(BUILD_DIR)/config

# What Kconfig writes for the rest of the build.
KCONFIG_DIR := $(BUILD_DIR)/kconfig
AUTOCONF := $(KCONFIG_DIR)/auto.conf
AUTOHEADER := $(BUILD_DIR)/include/uk/bits/config.h
OPTION_DIR := $(KCONFIG_DIR)/opt

UK_DEFNAME := $(if $(NO_APP),kiln,$(notdir $(APP_DIR)))

HOST_ARCH := $(shell uname -m)
HOST_ARCH := $(patsubst aarch64,arm64,$(patsubst amd64,x86_64,$(HOST_ARCH)))

# The distribution's Python has the distribution's kconfiglib; another one
# that comes first in PATH may not.
PYTHON := $(firstword $(wildcard /usr/bin/python3) python3)

# Where fetched archives are kept: content-addressed, shared by all builds.
UK_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kiln
export UK_CACHE

# The same text and sorting everywhere, whatever the user's language is.
export LC_ALL := C
unexport CFLAGS CXXFLAGS ASFLAGS LDFLAGS CPPFLAGS ARFLAGS
