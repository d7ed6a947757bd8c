"""Energy models of performance domains: "em" in 6.19 (linux/energy_model.h), then "dev-energymodel" with other
attributes (linux/dev_energymodel.h).
"""

from nldissect.wire import U32, U64, AttrSet, Flags, Nest, Pad, Text, bind_genl


class DEV_ENERGYMODEL_PERF_STATE_FLAGS(Flags, prefix="DEV_ENERGYMODEL_PERF_STATE_FLAGS_PERF_STATE"):
    INEFFICIENT = 1


class DEV_ENERGYMODEL_PERF_DOMAIN_FLAGS(Flags, prefix="DEV_ENERGYMODEL_PERF_DOMAIN_FLAGS_PERF_DOMAIN"):
    MICROWATTS          = 1
    SKIP_INEFFICIENCIES = 2
    ARTIFICIAL          = 4


class DEV_ENERGYMODEL_A_PERF_DOMAIN(AttrSet):
    PAD            = Pad(1)
    PERF_DOMAIN_ID = U32(2)
    FLAGS          = U64(3, DEV_ENERGYMODEL_PERF_DOMAIN_FLAGS)
    CPUS           = U64(4, many=True)

    template = (
        "[domain {DEV_ENERGYMODEL_A_PERF_DOMAIN_PERF_DOMAIN_ID} ][{DEV_ENERGYMODEL_A_PERF_DOMAIN_FLAGS} ]"
        "[cpus {DEV_ENERGYMODEL_A_PERF_DOMAIN_CPUS*}]"
    )


class DEV_ENERGYMODEL_A_PERF_STATE(AttrSet):
    PAD         = Pad(1)
    PERFORMANCE = U64(2)
    FREQUENCY   = U64(3)                            # kHz
    POWER       = U64(4)
    COST        = U64(5)
    FLAGS       = U64(6, DEV_ENERGYMODEL_PERF_STATE_FLAGS)


class DEV_ENERGYMODEL_A_PERF_TABLE(AttrSet):
    PERF_DOMAIN_ID = U32(1)
    PERF_STATE     = Nest(2, DEV_ENERGYMODEL_A_PERF_STATE, many=True)

    template = (
        "[domain {DEV_ENERGYMODEL_A_PERF_TABLE_PERF_DOMAIN_ID} ][kHz {DEV_ENERGYMODEL_A_PERF_STATE_FREQUENCY*} ]"
        "[power {DEV_ENERGYMODEL_A_PERF_STATE_POWER*}]"
    )


class EM_A_PD(AttrSet):
    PAD   = Pad(1)
    PD_ID = U32(2)
    FLAGS = U64(3, base=16)
    CPUS  = Text(4)


class EM_A_PDS(AttrSet):
    PD = Nest(1, EM_A_PD, many=True)

    template = "[domains {EM_A_PD_PD_ID*} ][cpus {EM_A_PD_CPUS*}]"


class EM_A_PS(AttrSet):
    PAD         = Pad(1)
    PERFORMANCE = U64(2)
    FREQUENCY   = U64(3)
    POWER       = U64(4)
    COST        = U64(5)
    FLAGS       = U64(6, base=16)


class EM_A_PD_TABLE(AttrSet):
    PD_ID = U32(1)
    PS    = Nest(2, EM_A_PS, many=True)

    template = "[domain {EM_A_PD_TABLE_PD_ID} ][kHz {EM_A_PS_FREQUENCY*} ][power {EM_A_PS_POWER*}]"


bind_genl(DEV_ENERGYMODEL_A_PERF_DOMAIN, "dev-energymodel", DEV_ENERGYMODEL_CMD_GET_PERF_DOMAINS=1)
bind_genl(
    DEV_ENERGYMODEL_A_PERF_TABLE,
    "dev-energymodel",
    DEV_ENERGYMODEL_CMD_GET_PERF_TABLE=2,
    DEV_ENERGYMODEL_CMD_PERF_DOMAIN_CREATED=3,
    DEV_ENERGYMODEL_CMD_PERF_DOMAIN_UPDATED=4,
    DEV_ENERGYMODEL_CMD_PERF_DOMAIN_DELETED=5,
)
bind_genl(EM_A_PDS, "em", EM_CMD_GET_PDS=1)
bind_genl(EM_A_PD_TABLE, "em", EM_CMD_GET_PD_TABLE=2, EM_CMD_PD_CREATED=3, EM_CMD_PD_UPDATED=4, EM_CMD_PD_DELETED=5)
