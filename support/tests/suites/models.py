# SPDX-License-Identifier: BSD-3-Clause
"""CPU models: with less than usual, and with what the image does not use.

On each, threads with their FP and SIMD state, traps and contexts work; a CPU
that is too little is refused by name (loaders.py).
"""

from kilntest import core, guest

# Threads on two CPUs, that are preempted, and what each CPU has of its own.
CASES = ("cpu,ctx,fpu_state,traps,trap_events,resume,irq,tls,preempt_fp,smp,"
         "cpus.every*")

# The first ones in make test, all in soak.
MODELS = {
    "x86_64": ("kvm64", "max,la57=on",
               # No XSAVE at all; then less and less of what goes with it.
               "qemu64", "max,-xsave", "max,-xsaveopt", "max,-avx",
               "max,-avx2", "max,-fsgsbase", "max,-pdpe1gb", "max,-pge",
               "max,-rdrand", "max,-smep,-smap", "qemu64,+smep,+smap",
               "max,-sse4.1,-sse4.2", "max,-tsc-deadline,-invtsc",
               "Opteron_G1", "Opteron_G4", "Penryn", "Nehalem", "Haswell",
               "Skylake-Server", "EPYC"),
    # Without and with pointer authentication, BTI, SVE of each width.
    "arm64": ("cortex-a53", "max,sve512=on",
              "cortex-a57", "cortex-a72", "cortex-a76", "neoverse-n1",
              "a64fx", "max", "max,pauth=off", "max,pauth-impdef=on",
              "max,sve=off", "max,sve128=on,sve256=off,sve512=off",
              "max,sve2048=on", "max,sme=off", "max,lpa2=off"),
}
IN_TEST = 2


def model(cpu):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest-smp"), cpu=cpu, mem="64M",
                          params="uktest.limit_ms=100000 uktest.filter="
                          + CASES, extra=("--cpus", "2", "--accel=tcg"),
                          timeout=300)
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_match(r"^ok \d+ - preempt_fp: a preempt")
    return run


for _arch, _models in MODELS.items():
    for _i, _model in enumerate(_models):
        core.add("models/%s/%s" % (_arch, _model), model(_model), arch=_arch,
                 images=("uktest-smp",), soak=_i >= IN_TEST)
