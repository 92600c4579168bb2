# SPDX-License-Identifier: BSD-3-Clause
#
# libc.a of newlib, in a make of its own: 1000 rules that the other builds need
# not read. Called by Makefile.uk with
#
#   ORIGIN NEWLIB_ARCH  the release's newlib/; the architecture as it names it
#   OVERLAY OUT         our headers that shadow its own; where objects go
#   DIRS OMIT AGAIN     what is built: see sources.mk
#   CC AR FLAGS V
#
# The sources are pinned, so objects depend on how they are compiled
# (OUT/flags) and on what we shadow, not each on its headers. OUT/members is
# new when DIRS and the like are others.

MAKEFLAGS += -rR
.DEFAULT_GOAL := $(OUT)/libc.a

base_of = $(basename $(1:$(ORIGIN)/%=%))
kept = $(foreach _s,$(1),$(if $(filter $(OMIT),$(call base_of,$(_s))),,$(_s)))

# As newlib's own build picks them: one of an architecture replaces the general
# one of the same name.
machine := $(call kept,$(wildcard $(addsuffix /machine/$(NEWLIB_ARCH)/*.[cS],\
	$(addprefix $(ORIGIN)/,$(sort $(foreach _d,$(DIRS),$(firstword $(subst \
	/, ,$(_d)))))))))
taken := $(notdir $(basename $(machine)))
general := $(foreach _s,$(call kept,$(wildcard $(foreach \
	_d,$(DIRS),$(ORIGIN)/$(_d)/*.c))),$(if $(filter $(taken),$(notdir \
	$(basename $(_s)))),,$(_s)))
split = $(word $(1),$(subst :, ,$(2)))
again_bases := $(foreach _a,$(AGAIN),$(call split,1,$(_a)))
sources := $(foreach _s,$(machine) $(general),$(if $(filter \
	$(again_bases),$(call base_of,$(_s))),,$(_s)))
objects := $(foreach _s,$(sources),$(OUT)/$(call base_of,$(_s)).o) \
	$(addprefix $(OUT)/,$(addsuffix .o,$(again_bases)))

ifeq ($(words $(sources)),0)
$(error no sources below $(ORIGIN))
endif

q := $(if $(filter 1 2,$(V)),,@)
to_libm = $(if $(filter libm/%,$(1)),-I$(ORIGIN)/libm/common -fno-math-errno)

# $(call _rule,<base name of the object>,<source>,<definitions>)
define _rule
$(OUT)/$(1).o: $(2) $(OUT)/flags $(wildcard $(OVERLAY)/*.h $(OVERLAY)/*/*.h)
	$$(if $$(q),@printf '  CC      libnewlib: %s\n' $$(@F:.o=))
	$$(q)$(CC) $(FLAGS) -I$(dir $(2)) $(call to_libm,$(1)) $(3) $(if $(filter \
		%.c,$(2)),,-Wa$$(comma)--noexecstack) -c $(2) -o $$@
endef
comma := ,
$(foreach _s,$(sources),$(eval $(call _rule,$(call base_of,$(_s)),$(_s))))
$(foreach _a,$(AGAIN),$(eval $(call _rule,$(call split,1,$(_a)),$(ORIGIN)/$(call \
	split,2,$(_a)).c,$(subst ~, ,$(call split,3,$(_a))))))

missing := $(filter-out $(wildcard $(sort $(dir $(objects)))),$(sort $(dir $(objects))))
$(if $(missing),$(shell mkdir -p $(missing)))

# The list is too long for one command line of every shell.
$(OUT)/libc.a: $(objects) $(OUT)/members
	$(if $(q),@printf '  AR      libnewlib: %s\n' $(@F))
	$(file >$@.objects,$(objects))
	$(q)rm -f $@ && $(AR) rcsD $@ @$@.objects
