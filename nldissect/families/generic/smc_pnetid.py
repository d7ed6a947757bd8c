"""SMC, shared memory communications: the table of physical networks (linux/smc.h, net/smc/smc_pnet.c)."""

from nldissect.wire import U8, AttrSet, Text, bind_genl


class SMC_PNETID(AttrSet):
    NAME    = Text(1)
    ETHNAME = Text(2)
    IBNAME  = Text(3)
    IBPORT  = U8(4)

    template = (
        "[{SMC_PNETID_NAME} ][ethernet {SMC_PNETID_ETHNAME} ][infiniband {SMC_PNETID_IBNAME} ]"
        "[port {SMC_PNETID_IBPORT}]"
    )


bind_genl(SMC_PNETID, "SMC_PNETID", SMC_PNETID_GET=1, SMC_PNETID_ADD=2, SMC_PNETID_DEL=3, SMC_PNETID_FLUSH=4)
