# SPDX-License-Identifier: BSD-3-Clause
#
# KILN_VERSION is ours. The UK_ ones say which release of the interface that
# external trees are written against is offered to them.

KILN_VERSION := 0.1
UK_VERSION := 0.16
UK_SUBVERSION := 3
UK_FULLVERSION := $(UK_VERSION).$(UK_SUBVERSION)
UK_CODENAME := Kiln
