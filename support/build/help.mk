# SPDX-License-Identifier: BSD-3-Clause
#
# What `make help` prints: every target and every variable.

define help_text
Kiln $(KILN_VERSION): make [A=APP] [T=NAME] [variable=value ...] [target ...]

First steps
  demo            set up what is missing, build apps/helloworld, boot it
  test            set up likewise, build and run all tests, both architectures
  help            this text
  setup           check and install the packages that Kiln needs

Configuration (of the application A, in .config)
  menuconfig      choose in a menu; also nconfig kmenuconfig ukconfig config
  guiconfig       choose in a window; also xconfig gconfig
  defconfig       from UK_DEFCONFIG=FILE, defconfigs/T, or all defaults
  olddefconfig    keep .config, defaults for what is new
  oldconfig       the same, asking for each
  savedefconfig   the shortest file that gives .config, to UK_DEFCONFIG=FILE
  syncconfig      write what make and the compiler read (builds do it too);
                  also silentoldconfig
  listnewconfig   options that .config does not say
  allyesconfig allnoconfig randconfig
                  everything, nothing, by lot (KCONFIG_SEED=N repeats,
                  KCONFIG_ALLCONFIG=FILE holds)
  scriptconfig    run the Python SCRIPT=FILE with the top Config.uk and
                  SCRIPT_ARG=... as arguments, the tree as kconf
  iscriptconfig   Python's prompt, with the tree as kconf
  dumpvarsconfig  the environment that Config.uk files read

Building
  all             the images (default with an application)
  images          likewise; libs, objs: only so far; <library>: one of them
  fetch           get and unpack sources; prepare, preprocess: and what follows
  fetch-all       only get: sources of all libraries of the tree, on or off
  sbom            what the image is made of: <image>.spdx.json (SPDX 2.3)
  compile_commands.json
                  for editors, in the build directory
  clean           remove objects and images; clean-libs, clean-<library>: parts
  properclean     remove the build directory
  distclean       and the configuration

Running and looking
  run             boot the image (ARGS="--mem 16M -- words" go to kiln run)
  debug           boot it stopped, waiting for gdb
  size            bytes per library
  print-init      the boot order of the image, by stages
  print-syscalls  Linux's system calls here: full, partial (what lacks), no
  print-deps      levels, libraries and DEPS in link order; graph in deps.dot
  print-stack     how deep the stack of the core can get (with STACK_USAGE=1)
  print-libs print-srcs print-objs print-lds print-loc fetch-list
                  what belongs to the image
  print-vars      make variables (VARS="A B": only these)
  print-version   version

For those who change Kiln
  check           rules that a program can check
  bench           measure against the budgets (GROUP=hello CHECK=budget|1)
  bench-heaps     the default heap against those of the host, natively
  fuzz            search with the fuzzers
  soak            everything, at length, and the mutants

Variables
  A=DIR           the application; Kiln's own directory means none
  T=NAME          its defconfigs/NAME; configuration and build in build/NAME/
  L=DIR:DIR       external libraries      P=DIR:DIR  external platforms
  E=DIR:DIR       directories to leave out
  O=DIR           build directory, default A/build or A/build/T
  C=FILE          configuration, default A/.config or O/.config with T
  N=NAME          name of the image, instead of CONFIG_UK_NAME
  V=0|1|2         short, full commands, also undefined variables
  COMPILER=clang  or CC=COMMAND; CROSS_COMPILE=PREFIX of the GNU tools
  UK_CFLAGS UK_CXXFLAGS UK_ASFLAGS UK_GOCFLAGS UK_LDFLAGS
                  appended to the flags;  UK_LDEPS: files the link depends on
  UK_DEFCONFIG=FILE   UK_IMAGE_NAME_OVERWRITE=FILE
  UK_ARCHIVES=DIR:DIR folders with source archives
  UK_CACHE=DIR    where fetched archives are kept, default ~/.cache/kiln
  OFFLINE=1       fetch nothing from outside
endef
export help_text

help:
	@printf '%s\n' "$$help_text"
