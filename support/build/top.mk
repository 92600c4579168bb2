# SPDX-License-Identifier: BSD-3-Clause
#
# Targets that stand for the whole tree: they set up what is missing and run
# the programs under support/.

demo_dir := $(UK_BASE)/apps/helloworld
demo_target := kvm-$(HOST_ARCH)

.PHONY: $(top_goals) setup-demo setup-soak setup-heaps

setup:
	@$(UK_BASE)/support/scripts/setup
setup-demo:
	@$(UK_BASE)/support/scripts/setup demo
setup-soak:
	@$(UK_BASE)/support/scripts/setup soak
setup-heaps:
	@$(UK_BASE)/support/scripts/setup heaps

demo: setup-demo
	+@$(MAKE) -f $(UK_BASE)/Makefile A=$(demo_dir) T=$(demo_target) L= P= run

test: setup
	@$(UK_BASE)/support/tests/run $(ARGS)

check: setup
	@$(UK_BASE)/support/check/run $(ARGS)

soak: setup-soak
	@$(UK_BASE)/support/check/soak $(ARGS)

fuzz: setup
	@$(UK_BASE)/support/tests/fuzz/run $(ARGS)

# GROUP=hello; CHECK=budget fails when a budget is missed, CHECK=1 when a
# figure got 1 % worse than the recorded one.
bench: setup
	@$(UK_BASE)/support/kiln bench $(addprefix --group ,$(GROUP)) \
		$(addprefix --check ,$(CHECK)) $(ARGS)

# CHECK=budget fails when the budget of memory is missed.
bench-heaps: setup-heaps
	@$(UK_BASE)/support/kiln heaps $(if $(CHECK),--check) $(ARGS)

print-version:
	@echo "Kiln $(KILN_VERSION) (interface $(UK_FULLVERSION))"
