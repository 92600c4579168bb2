# SPDX-License-Identifier: BSD-3-Clause
#
# The programs of the build. CROSS_COMPILE is the prefix of the GNU tools for
# the target; gcc has it too, clang gets --target. CC=, LD= ... on make's
# command line win over everything here.

ARCH := $(call qstrip,$(CONFIG_UK_ARCH))
UK_ARCH := $(ARCH)
CONFIG_UK_ARCH ?= "$(ARCH)"
UK_FAMILY := $(if $(filter x86_64,$(ARCH)),x86,arm)
UK_TRIPLE := $(if $(filter x86_64,$(ARCH)),x86_64-linux-gnu,aarch64-linux-gnu)

ifeq ($(origin CROSS_COMPILE),undefined)
CROSS_COMPILE := $(if $(filter $(HOST_ARCH),$(ARCH)),,$(UK_TRIPLE)-)
endif
COMPILER ?= gcc

ifneq ($(filter clang%,$(COMPILER)),)
CC  := $(COMPILER)
CXX := $(patsubst clang%,clang++%,$(COMPILER))
else
CC  := $(CROSS_COMPILE)$(COMPILER)
CXX := $(CROSS_COMPILE)$(patsubst gcc%,g++%,$(COMPILER))
endif
AS      := $(CROSS_COMPILE)as
LD      := $(CROSS_COMPILE)ld
AR      := $(CROSS_COMPILE)ar
NM      := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
STRIP   := $(CROSS_COMPILE)strip
READELF := $(CROSS_COMPILE)readelf
OBJDUMP := $(CROSS_COMPILE)objdump
GOC     := $(CROSS_COMPILE)gccgo
RUSTC   := rustc
CPP      = $(CC) -E
M4 := m4
AWK := awk
PATCH := patch
TAR := tar
UNZIP := unzip
GIT := git
WGET := wget
LEX := flex
YACC := bison
GZIP := gzip
DTC := dtc
SED := sed
MV := mv -f
CP := cp -f
RM := rm -f
MKDIR := mkdir
TOUCH := touch
HOSTCC := cc
HOSTLN := ln

# Name, version and directories of the compiler, in one run of a script.
cc_info := $(shell $(UK_BUILD)/ccinfo.sh $(UK_TRIPLE) $(CC))
# What Debian adds to the name of a package that is for another machine.
package_suffix := $(if $(CROSS_COMPILE),-$(subst _,-,$(CROSS_COMPILE:-=)))
ifneq ($(words $(cc_info)),6)
$(error The compiler "$(CC)" for $(ARCH) does not run ($(CC) --version). \
Install $(if $(findstring clang,$(CC)),the package clang,the package \
gcc$(package_suffix)), run \
support/scripts/setup, or choose another with CC= or COMPILER=)
endif
CC_NAME := $(word 1,$(cc_info))
CC_VER_MAJOR := $(word 2,$(cc_info))
CC_VER_MINOR := $(word 3,$(cc_info))
CC_INCLUDE := $(word 4,$(cc_info))
LIBGCC := $(word 5,$(cc_info))
CC_TARGET := $(filter-out -,$(word 6,$(cc_info)))
CC_VERSION := $(CC_VER_MAJOR).$(CC_VER_MINOR)
ifeq ($(shell command -v $(LD)),)
$(error The linker "$(LD)" for $(ARCH) is missing. Install the package \
binutils$(package_suffix) or run support/scripts/setup)
endif

have_gcc := $(if $(filter gcc,$(CC_NAME)),y,n)
have_clang := $(if $(filter clang,$(CC_NAME)),y,n)

# $(call cc_version_ge,<major>,<minor>): y or nothing. Likewise gcc_, clang_,
# which are empty with the other compiler, and _lt.
_version_code = $(shell echo $$(( $(or $(1),0) * 1000 + $(or $(2),0) )))
cc_version_code := $(call _version_code,$(CC_VER_MAJOR),$(CC_VER_MINOR))
_version_ge = $(shell [ $(cc_version_code) -ge \
	$$(( $(or $(strip $(1)),0) * 1000 + $(or $(strip $(2)),0) )) ] && echo y)
cc_version_ge = $(call _version_ge,$(1),$(2))
cc_version_lt = $(if $(call _version_ge,$(1),$(2)),,y)
gcc_version_ge = $(if $(filter y,$(have_gcc)),$(call cc_version_ge,$(1),$(2)))
gcc_version_lt = $(if $(filter y,$(have_gcc)),$(call cc_version_lt,$(1),$(2)))
clang_version_ge = $(if $(filter y,$(have_clang)),$(call cc_version_ge,$(1),$(2)))
clang_version_lt = $(if $(filter y,$(have_clang)),$(call cc_version_lt,$(1),$(2)))
error_if_gcc_version_lt = $(if $(call gcc_version_lt,$(1),$(2)),$(error \
gcc $(CC_VERSION) is too old: $(1).$(2) or later is needed))
error_if_clang_version_lt = $(if $(call clang_version_lt,$(1),$(2)),$(error \
clang $(CC_VERSION) is too old: $(1).$(2) or later is needed))
