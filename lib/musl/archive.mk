# SPDX-License-Identifier: BSD-3-Clause
#
# libc.a of musl, in a make of its own: 1300 rules that the other builds need
# not read. Called by Makefile.uk with
#
#   ORIGIN MUSL_ARCH   the unpacked release; the architecture as musl names it
#   OVERLAY OUT        our headers that shadow its own; where objects go
#   OMIT KEEP          what stays out, as <directory>/<name> below src/, % for
#                      any text; and what of that does not
#   GENERAL            of what its architecture's form stays out
#   FAR                what may lie anywhere in the address space, so named
#   CC AR FLAGS V
#
# The sources are pinned, so objects depend on how they are compiled
# (OUT/flags) and on what we shadow, not each on its headers. OUT/members is
# new when OMIT and the like are others.

MAKEFLAGS += -rR
.DEFAULT_GOAL := $(OUT)/libc.a

# As musl's own build picks them: one of an architecture replaces the general
# one of the same directory and name.
src := $(ORIGIN)/src
dirs := $(wildcard $(src)/*) $(src)/malloc/mallocng
general := $(foreach _d,$(dirs),$(wildcard $(_d)/*.c))
special := $(filter-out $(addprefix $(src)/,$(GENERAL)),$(foreach \
	_d,$(dirs),$(wildcard $(_d)/$(MUSL_ARCH)/*.[csS])))
# Base names: <directory>/<name>
base_of = $(patsubst malloc/mallocng/%,mallocng/%,$(subst \
	/$(MUSL_ARCH)/,/,$(basename $(1:$(src)/%=%))))
special_bases := $(call base_of,$(special))
chosen := $(special) $(foreach _s,$(general),$(if $(filter \
	$(special_bases),$(call base_of,$(_s))),,$(_s)))
omitted = $(and $(filter $(OMIT),$(1)),$(if $(filter $(KEEP),$(1)),,y))
sources := $(foreach _s,$(chosen),$(if $(call omitted,$(call \
	base_of,$(_s))),,$(_s)))
objects := $(foreach _s,$(sources),$(OUT)/$(call base_of,$(_s)).o)

ifeq ($(words $(sources)),0)
$(error no sources below $(src))
endif

q := $(if $(filter 1 2,$(V)),,@)

define _rule
$(OUT)/$(call base_of,$(1)).o: $(1) $(OUT)/flags $(wildcard $(OVERLAY)/*.h) \
		$(OUT)/include/.made
	$$(if $$(q),@printf '  CC      libmusl: %s\n' $$(<F))
	$$(q)$(CC) $(FLAGS) $(if $(filter %.c,$(1)),$(if $(filter \
		$(FAR),$(call base_of,$(1))),-mcmodel=large),$(no_stack)) \
		-c $(1) -o $$@
endef
no_stack := -Wa,--noexecstack
$(foreach _s,$(sources),$(eval $(call _rule,$(_s))))

missing := $(filter-out $(wildcard $(sort $(dir $(objects)))),$(sort $(dir $(objects))))
$(if $(missing),$(shell mkdir -p $(missing)))

# The list is too long for one command line of every shell.
$(OUT)/libc.a: $(objects) $(OUT)/members
	$(if $(q),@printf '  AR      libmusl: %s\n' $(@F))
	$(file >$@.objects,$(objects))
	$(q)rm -f $@ && $(AR) rcsD $@ @$@.objects
