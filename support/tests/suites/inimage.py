# SPDX-License-Identifier: BSD-3-Clause
"""The libraries' tests in an image, on both architectures."""

from kilntest import core, guest, taprun

# Where they run; the first one in make test, all in soak.
WHERE = {
    "x86_64": [("q35", None), ("pc", None), ("microvm-bare", None),
               ("q35", "qemu64")],
    "arm64": [("virt-gic3", "max"), ("virt-gic2", "cortex-a53"),
              ("virt-el2", "cortex-a72")],
}


def run_image(image, machine, cpu):
    def run(ctx):
        params = "uktest.filter=" + ctx.case_filter if ctx.case_filter else ""
        boot = guest.boot(ctx, ctx.image(image), machine=machine, cpu=cpu,
                          mem="64M", params=params)
        ctx.write("console", str(boot))
        taprun.report(ctx, boot.console, boot.status, boot.timed_out,
                      taprun.uktest_status)
    return run


def register():
    for arch, places in WHERE.items():
        for i, (machine, cpu) in enumerate(places):
            name = "image/%s/%s" % (arch, machine)
            if cpu:
                name += "," + cpu
            core.add(name, run_image("uktest", machine, cpu), arch=arch,
                     images=("uktest",), soak=i > 0)
    # clang passes the x86_64 tests, and builds both.
    core.add("image/x86_64/clang", run_image("uktest-clang", "q35", None),
             arch="x86_64", images=("uktest-clang",))
    core.add("image/arm64/clang",
             run_image("uktest-clang", "virt-gic3", "max"),
             arch="arm64", images=("uktest-clang",))


def listed(ctx):
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                      params="uktest.list=1")
    boot.expect_status(0).expect_text("uktest.no_case_at_all_is_a_failure\n")
    boot.expect_no_text("# run")


def filtered(ctx):
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                      params="uktest.filter=uktest.no_case*")
    boot.expect_status(0).expect_text("1..1\n")


def nothing(ctx):
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                      params="uktest.filter=nosuchsuite")
    boot.expect_status(1).expect_text("Bail out!")


for _arch in WHERE:
    for _fn, _name in ((listed, "uktest.list names the cases and runs none"),
                       (filtered, "uktest.filter picks one case"),
                       (nothing, "a filter that picks nothing fails")):
        core.add("image/%s/%s" % (_arch, _name), _fn, arch=_arch,
                 images=("uktest",))
register()
