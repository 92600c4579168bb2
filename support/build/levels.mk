# SPDX-License-Identifier: BSD-3-Clause
#
# Levels, dependencies and what follows from them: the checks, the link order
# (which is the boot order inside a stage) and the include path.
#
# <LIB>_LEVEL and <LIB>_DEPS are the whole truth about a library of the tree.
# An external library states neither: it is of level 4, may use everything
# that levels 0 to 3 export, and nobody depends on it.

lib_level = $(or $(lib_level.$(1)),4)
lib_deps = $(lib_deps.$(1))
# A library without a LEVEL of its own.
lib_is_free = $(if $(lib_level.$(1)),,y)

_where = ($(patsubst $(UK_BASE)/%,%,$(lib_dir.$(1)))/Makefile.uk)

define _read_facts
lib_level.$(1) := $(strip $($(lib_var.$(1))_LEVEL))
lib_deps.$(1) := $(strip $($(lib_var.$(1))_DEPS) $($(lib_var.$(1))_DEPS-y))
endef
$(foreach _l,$(on_libs),$(eval $(call _read_facts,$(_l))))

_check_level = $(if $(filter-out 0 1 2 3 4,$(lib_level.$(1))),$(error \
$(1): $(lib_var.$(1))_LEVEL is "$(lib_level.$(1))" $(_where): a level is 0 to 4))$(if \
$(and $(filter tree,$(lib_home.$(1))),$(call lib_is_free,$(1))),$(error \
$(1) has no level: set $(lib_var.$(1))_LEVEL and $(lib_var.$(1))_DEPS $(_where)))
$(foreach _l,$(on_libs),$(call _check_level,$(_l)))

# What is above a level.
_above.0 := 1 2 3 4
_above.1 := 2 3 4
_above.2 := 3 4
_above.3 := 4
_above.4 :=

# $(call _check_edge,<lib>,<dep>)
_check_edge = $(if $(call lib_is_on,$(2)),,$(error \
$(1) depends on $(2) $(_where), which $(if $(filter $(2),$(known_libs)),is \
switched off: let the Config.uk of $(1) select or depend on its \
option,no Makefile.uk registers: correct the name)))$(if \
$(filter $(_above.$(call lib_level,$(1))),$(call lib_level,$(2))),$(error \
$(1) of level $(call lib_level,$(1)) depends on $(2) of level \
$(call lib_level,$(2)) $(_where): dependencies point to the same or a lower \
level. Hand $(1) what it needs from $(2), or move one of them))$(if \
$(filter plat,$(lib_class.$(2))),$(if $(filter plat,$(lib_class.$(1))),,$(error \
$(1) depends on the platform library $(2) $(_where): nobody depends on plat/)))$(if \
$(filter libukboot,$(2)),$(if $(filter plat,$(lib_class.$(1))),,$(error \
$(1) depends on libukboot $(_where): only a platform does)))$(if \
$(and $(filter 4,$(call lib_level,$(2))),$(filter tree,$(lib_home.$(1)))),$(error \
$(1) depends on $(2) of level 4 $(_where): nobody depends on level 4))
$(foreach _l,$(on_libs),$(foreach _d,$(lib_deps.$(_l)),$(call _check_edge,$(_l),$(_d))))

# Topological order, dependencies first, levels upwards, otherwise the order
# in which the Makefiles were read. A library met again on the way down to its
# own dependencies closes a loop.
lib_order :=
_visit = $(if $(filter $(1),$(lib_order)),,$(if $(filter $(1),$(2)),$(error \
Dependencies go in a circle: $(subst $(space), -> ,$(strip $(call _from,$(1),$(2)) \
$(1))). Take one of the entries out of DEPS))$(foreach _d,$(lib_deps.$(1)),$(call \
_visit,$(_d),$(2) $(1)))$(eval lib_order += $(1)))
_from = $(if $(filter $(1),$(firstword $(2))),$(2),$(call _from,$(1),$(wordlist 2,$(words $(2)),$(2))))
$(foreach _n,0 1 2 3 4,$(foreach _l,$(on_libs),$(if $(filter $(_n),$(call \
	lib_level,$(_l))),$(call _visit,$(_l),))))

# The closure of DEPS without the library itself, in link order.
define _close
lib_closure.$(1) := $(call uniq,$(foreach _d,$(lib_deps.$(1)),$(lib_closure.$(_d)) $(_d)))
endef
$(foreach _l,$(lib_order),$(eval $(call _close,$(_l))))

# Public headers: include/ of a library and what it generates for others.
define _publish
lib_public.$(1) := $(addprefix -I,$(wildcard $(lib_dir.$(1))/include) \
	$(strip $($(lib_var.$(1))_PUBLIC) $($(lib_var.$(1))_PUBLIC-y)))
endef
$(foreach _l,$(lib_order),$(eval $(call _publish,$(_l))))

# The ground, for everybody; libarch's own include/ belongs to it.
ground_includes := -I$(UK_BASE)/include -I$(UK_BASE)/arch/$(ARCH)/include \
	-I$(BUILD_DIR)/include

public_libs := $(foreach _l,$(lib_order),$(if $(filter plat,$(lib_class.$(_l))),,$(if \
	$(filter 0 1 2 3,$(lib_level.$(_l))),$(_l))))
all_public := $(foreach _l,$(public_libs),$(lib_public.$(_l)))

# $(call dep_includes,<lib>): what DEPS gives. External: all of levels 0-3.
dep_includes = $(if $(call lib_is_free,$(1)),$(all_public),$(foreach \
	_d,$(lib_closure.$(1)),$(lib_public.$(_d))))
