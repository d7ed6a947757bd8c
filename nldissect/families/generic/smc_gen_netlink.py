"""SMC, shared memory communications: link groups, links, devices, statistics, identifiers (linux/smc.h, net/smc/)."""

from nldissect.wire import U8, U16, U32, U64, AttrSet, Enum, Nest, Pad, Text, Uint, bind_genl

from ..sock_diag.smc import SMC_ROLE


class SMC_LGR(Enum):
    """How many devices stand behind a link group (net/smc/smc_core.h)."""

    NONE             = 0
    SINGLE           = 1
    SYMMETRIC        = 2
    ASYMMETRIC_PEER  = 3
    ASYMMETRIC_LOCAL = 4


class SMC_LNK(Enum):
    UNUSED     = 0
    INACTIVE   = 1
    ACTIVATING = 2
    ACTIVE     = 3


class SMCR_BUFS(Enum, prefix="SMCR"):
    PHYS_CONT_BUFS = 0
    VIRT_CONT_BUFS = 1
    MIXED_BUFS     = 2


class SMC_CLC_OS(Enum, prefix="SMC_CLC_OS"):
    """The operating system of the peer (net/smc/smc_clc.h)."""

    ZOS   = 1
    LINUX = 2
    AIX   = 3


class SMC_CLC_DECL(Enum):
    """Why a connection fell back to TCP (net/smc/smc_clc.h); a number of errno may stand here too."""

    MEM         = 0x01010000
    TIMEOUT_CL  = 0x02010000
    TIMEOUT_AL  = 0x02020000
    CNFERR      = 0x03000000
    PEERNOSMC   = 0x03010000
    IPSEC       = 0x03020000
    NOSMCDEV    = 0x03030000
    NOSMCDDEV   = 0x03030001
    NOSMCRDEV   = 0x03030002
    NOISM2SUPP  = 0x03030003
    NOV2EXT     = 0x03030004
    NOV2DEXT    = 0x03030005
    NOSEID      = 0x03030006
    NOSMCD2DEV  = 0x03030007
    NOUEID      = 0x03030008
    RELEASEERR  = 0x03030009
    MAXCONNERR  = 0x0303000A
    MAXLINKERR  = 0x0303000B
    MODEUNSUPP  = 0x03040000
    RMBE_EC     = 0x03050000
    OPTUNSUPP   = 0x03060000
    DIFFPREFIX  = 0x03070000
    GETVLANERR  = 0x03080000
    ISMVLANERR  = 0x03090000
    NOACTLINK   = 0x030A0000
    NOSRVLINK   = 0x030B0000
    VERSMISMAT  = 0x030C0000
    MAX_DMB     = 0x030D0000
    NOROUTE     = 0x030E0000
    NOINDIRECT  = 0x030F0000
    SYNCERR     = 0x04000000
    PEERDECL    = 0x05000000
    INTERR      = 0x09990000
    ERR_RTOK    = 0x09990001
    ERR_RDYLNK  = 0x09990002
    ERR_REGBUF  = 0x09990003


class SMC_NLA_SYS(AttrSet):
    VER        = U8(1)
    REL        = U8(2)
    IS_ISM_V2  = U8(3)
    LOCAL_HOST = Text(4)
    SEID       = Text(5)
    IS_SMCR_V2 = U8(6)


class SMC_NLA_LGR_V2(AttrSet):
    VER       = U8(0)
    REL       = U8(1)
    OS        = U8(2, SMC_CLC_OS)
    NEG_EID   = Text(3)
    PEER_HOST = Text(4)


class SMC_NLA_LGR_R_V2(AttrSet):
    DIRECT    = U8(1)
    MAX_CONNS = U8(2)
    MAX_LINKS = U8(3)


class SMC_NLA_LGR_R(AttrSet):
    ID           = U32(1, base=16)
    ROLE         = U8(2, SMC_ROLE)
    TYPE         = U8(3, SMC_LGR)
    PNETID       = Text(4)
    VLAN_ID      = U8(5)
    CONNS_NUM    = U32(6)
    V2_COMMON    = Nest(7, SMC_NLA_LGR_V2)
    V2           = Nest(8, SMC_NLA_LGR_R_V2)
    NET_COOKIE   = U64(9)
    PAD          = Pad(10)
    BUF_TYPE     = U8(11, SMCR_BUFS)
    SNDBUF_ALLOC = Uint(12)
    RMB_ALLOC    = Uint(13)


class SMC_NLA_LINK(AttrSet):
    ID       = U8(1)
    IB_DEV   = Text(2)
    IB_PORT  = U8(3)
    GID      = Text(4)
    PEER_GID = Text(5)
    CONN_CNT = U32(6)
    NET_DEV  = U32(7, refers="interface")
    UID      = U32(8, base=16)
    PEER_UID = U32(9, base=16)
    STATE    = U32(10, SMC_LNK)


class SMC_NLA_LGR_D(AttrSet):
    ID           = U32(1, base=16)
    GID          = U64(2, base=16)
    PEER_GID     = U64(3, base=16)
    VLAN_ID      = U8(4)
    CONNS_NUM    = U32(5)
    PNETID       = Text(6)
    CHID         = U32(7, base=16)                  # the header's comment says u16
    PAD          = Pad(8)
    V2_COMMON    = Nest(9, SMC_NLA_LGR_V2)
    EXT_GID      = U64(10, base=16)
    PEER_EXT_GID = U64(11, base=16)
    SNDBUF_ALLOC = Uint(12)
    DMB_ALLOC    = Uint(13)


class SMC_NLA_DEV_PORT(AttrSet):
    PNET_USR = U8(1)
    PNETID   = Text(2)
    NETDEV   = U32(3, refers="interface")
    STATE    = U8(4)
    VALID    = U8(5)
    LNK_CNT  = U32(6)


class SMC_NLA_DEV(AttrSet):
    USE_CNT    = U32(1)
    IS_CRIT    = U8(2)
    PCI_FID    = U32(3, base=16)
    PCI_CHID   = U16(4, base=16)
    PCI_VENDOR = U16(5, base=16)
    PCI_DEVICE = U16(6, base=16)
    PCI_ID     = Text(7)
    PORT       = Nest(8, SMC_NLA_DEV_PORT)
    PORT2      = Nest(9, SMC_NLA_DEV_PORT)
    IB_NAME    = Text(10)


class SMC_NLA_STATS_PLOAD(AttrSet):
    PAD     = Pad(0)
    _8K     = U64(1)
    _16K    = U64(2)
    _32K    = U64(3)
    _64K    = U64(4)
    _128K   = U64(5)
    _256K   = U64(6)
    _512K   = U64(7)
    _1024K  = U64(8)
    G_1024K = U64(9)


class SMC_NLA_STATS_RMB(AttrSet):
    PAD              = Pad(0)
    SIZE_SM_PEER_CNT = U64(1)
    SIZE_SM_CNT      = U64(2)
    FULL_PEER_CNT    = U64(3)
    FULL_CNT         = U64(4)
    REUSE_CNT        = U64(5)
    ALLOC_CNT        = U64(6)
    DGRADE_CNT       = U64(7)


class SMC_NLA_STATS_T(AttrSet):
    PAD           = Pad(0)
    TX_RMB_SIZE   = Nest(1, SMC_NLA_STATS_PLOAD)
    RX_RMB_SIZE   = Nest(2, SMC_NLA_STATS_PLOAD)
    TXPLOAD_SIZE  = Nest(3, SMC_NLA_STATS_PLOAD)
    RXPLOAD_SIZE  = Nest(4, SMC_NLA_STATS_PLOAD)
    TX_RMB_STATS  = Nest(5, SMC_NLA_STATS_RMB)
    RX_RMB_STATS  = Nest(6, SMC_NLA_STATS_RMB)
    CLNT_V1_SUCC  = U64(7)
    CLNT_V2_SUCC  = U64(8)
    SRV_V1_SUCC   = U64(9)
    SRV_V2_SUCC   = U64(10)
    SENDPAGE_CNT  = U64(11)
    SPLICE_CNT    = U64(12)
    CORK_CNT      = U64(13)
    NDLY_CNT      = U64(14)
    URG_DATA_CNT  = U64(15)
    RX_BYTES      = U64(16)
    TX_BYTES      = U64(17)
    RX_CNT        = U64(18)
    TX_CNT        = U64(19)
    RX_RMB_USAGE  = Uint(20)
    TX_RMB_USAGE  = Uint(21)


class SMC_NLA_STATS(AttrSet):
    PAD             = Pad(0)
    SMCD_TECH       = Nest(1, SMC_NLA_STATS_T)
    SMCR_TECH       = Nest(2, SMC_NLA_STATS_T)
    CLNT_HS_ERR_CNT = U64(3)
    SRV_HS_ERR_CNT  = U64(4)


class SMC_NLA_FBACK_STATS(AttrSet):
    PAD      = Pad(0)
    TYPE     = U8(1, SMC_ROLE)
    SRV_CNT  = U64(2)
    CLNT_CNT = U64(3)
    RSN_CODE = U32(4, SMC_CLC_DECL)
    RSN_CNT  = U16(5)


class SMC_GEN(AttrSet):
    SYS_INFO    = Nest(1, SMC_NLA_SYS)
    LGR_SMCR    = Nest(2, SMC_NLA_LGR_R)
    LINK_SMCR   = Nest(3, SMC_NLA_LINK)
    LGR_SMCD    = Nest(4, SMC_NLA_LGR_D)
    DEV_SMCD    = Nest(5, SMC_NLA_DEV)
    DEV_SMCR    = Nest(6, SMC_NLA_DEV)
    STATS       = Nest(7, SMC_NLA_STATS)
    FBACK_STATS = Nest(8, SMC_NLA_FBACK_STATS)

    template = (
        "[version {SMC_NLA_SYS_VER}.{SMC_NLA_SYS_REL} ][host {SMC_NLA_SYS_LOCAL_HOST} ][seid {SMC_NLA_SYS_SEID} ]"
        "[group {SMC_NLA_LGR_R_ID|SMC_NLA_LGR_D_ID} ][{SMC_NLA_LGR_R_ROLE} ][{SMC_NLA_LGR_R_TYPE} ]"
        "[gid {SMC_NLA_LGR_D_GID} peer {SMC_NLA_LGR_D_PEER_GID} ]"
        "[link {SMC_NLA_LINK_ID} ][{SMC_NLA_LINK_STATE} ][{SMC_NLA_LINK_IB_DEV}:{SMC_NLA_LINK_IB_PORT} ]"
        "[to {SMC_NLA_LINK_PEER_GID} ][{SMC_NLA_LINK_NET_DEV} ]"
        "[connections {SMC_NLA_LGR_R_CONNS_NUM|SMC_NLA_LGR_D_CONNS_NUM|SMC_NLA_LINK_CONN_CNT} ]"
        "[device {SMC_NLA_DEV_IB_NAME|SMC_NLA_DEV_PCI_ID} ][used {SMC_NLA_DEV_USE_CNT} ]"
        "[pnetid {SMC_NLA_LGR_R_PNETID|SMC_NLA_LGR_D_PNETID|SMC_NLA_DEV_PORT_PNETID} ]"
        "[errors client {SMC_NLA_STATS_CLNT_HS_ERR_CNT} server {SMC_NLA_STATS_SRV_HS_ERR_CNT} ]"
        "[fallback of {SMC_NLA_FBACK_STATS_TYPE} ][{SMC_NLA_FBACK_STATS_RSN_CODE} {SMC_NLA_FBACK_STATS_RSN_CNT} times]"
    )


class SMC_NLA_EID_TABLE(AttrSet):
    ENTRY = Text(1)

    template = "[{SMC_NLA_EID_TABLE_ENTRY}]"


class SMC_NLA_SEID(AttrSet):
    ENTRY   = Text(1)
    ENABLED = U8(2)

    template = "[{SMC_NLA_SEID_ENTRY} ][enabled {SMC_NLA_SEID_ENABLED}]"


class SMC_NLA_HS_LIMITATION(AttrSet):
    ENABLED = U8(1)

    template = "[enabled {SMC_NLA_HS_LIMITATION_ENABLED}]"


bind_genl(
    SMC_GEN,
    "SMC_GEN_NETLINK",
    SMC_NETLINK_GET_SYS_INFO=1,
    SMC_NETLINK_GET_LGR_SMCR=2,
    SMC_NETLINK_GET_LINK_SMCR=3,
    SMC_NETLINK_GET_LGR_SMCD=4,
    SMC_NETLINK_GET_DEV_SMCD=5,
    SMC_NETLINK_GET_DEV_SMCR=6,
    SMC_NETLINK_GET_STATS=7,
    SMC_NETLINK_GET_FBACK_STATS=8,
)
bind_genl(
    SMC_NLA_EID_TABLE,
    "SMC_GEN_NETLINK",
    SMC_NETLINK_DUMP_UEID=9,
    SMC_NETLINK_ADD_UEID=10,
    SMC_NETLINK_REMOVE_UEID=11,
    SMC_NETLINK_FLUSH_UEID=12,
)
bind_genl(
    SMC_NLA_SEID,
    "SMC_GEN_NETLINK",
    SMC_NETLINK_DUMP_SEID=13,
    SMC_NETLINK_ENABLE_SEID=14,
    SMC_NETLINK_DISABLE_SEID=15,
)
bind_genl(
    SMC_NLA_HS_LIMITATION,
    "SMC_GEN_NETLINK",
    SMC_NETLINK_DUMP_HS_LIMITATION=16,
    SMC_NETLINK_ENABLE_HS_LIMITATION=17,
    SMC_NETLINK_DISABLE_HS_LIMITATION=18,
)
