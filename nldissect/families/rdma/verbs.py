"""What InfiniBand's verbs call their values (rdma/ib_verbs.h, ib_user_verbs.h, rdma_user_cm.h, cma_priv.h)."""

from nldissect.wire import Enum, Flags


class IB_PORT(Enum):
    NOP          = 0
    DOWN         = 1
    INIT         = 2
    ARMED        = 3
    ACTIVE       = 4
    ACTIVE_DEFER = 5


class IB_PORT_PHYS_STATE(Enum):
    SLEEP                       = 1
    POLLING                     = 2
    DISABLED                    = 3
    PORT_CONFIGURATION_TRAINING = 4
    LINK_UP                     = 5
    LINK_ERROR_RECOVERY         = 6
    PHY_TEST                    = 7


class IB_MIG(Enum):
    MIGRATED = 0
    REARM    = 1
    ARMED    = 2


class IB_QPT(Enum):
    SMI           = 0
    GSI           = 1
    RC            = 2
    UC            = 3
    UD            = 4
    RAW_IPV6      = 5
    RAW_ETHERTYPE = 6
    RAW_PACKET    = 8
    XRC_INI       = 9
    XRC_TGT       = 10
    DRIVER        = 0xFF


class IB_QPS(Enum):
    RESET = 0
    INIT  = 1
    RTR   = 2
    RTS   = 3
    SQD   = 4
    SQE   = 5
    ERR   = 6


class IB_SRQT(Enum):
    BASIC = 0
    XRC   = 1
    TM    = 2


class IB_POLL(Enum):
    SOFTIRQ           = 0
    WORKQUEUE         = 1
    UNBOUND_WORKQUEUE = 2
    DIRECT            = 3


class RDMA_PS(Enum):
    IPOIB = 0x0002
    TCP   = 0x0106
    UDP   = 0x0111
    IB    = 0x013F


class RDMA_CM(Enum):
    IDLE           = 0
    ADDR_QUERY     = 1
    ADDR_RESOLVED  = 2
    ROUTE_QUERY    = 3
    ROUTE_RESOLVED = 4
    CONNECT        = 5
    DISCONNECT     = 6
    ADDR_BOUND     = 7
    LISTEN         = 8
    DEVICE_REMOVAL = 9
    DESTROYING     = 10


class RDMA_NODE(Enum):
    IB_CA       = 1
    IB_SWITCH   = 2
    IB_ROUTER   = 3
    RNIC        = 4
    USNIC       = 5
    USNIC_UDP   = 6
    UNSPECIFIED = 7


class RDMA_DRIVER(Enum):
    UNKNOWN    = 0
    MLX5       = 1
    MLX4       = 2
    CXGB3      = 3
    CXGB4      = 4
    MTHCA      = 5
    BNXT_RE    = 6
    OCRDMA     = 7
    NES        = 8
    IRDMA      = 9
    VMW_PVRDMA = 10
    QEDR       = 11
    HNS        = 12
    USNIC      = 13
    RXE        = 14
    HFI1       = 15
    QIB        = 16
    EFA        = 17
    SIW        = 18
    ERDMA      = 19
    MANA       = 20


class IB_DEVICE(Flags):
    RESIZE_MAX_WR          = 1 << 0
    BAD_PKEY_CNTR          = 1 << 1
    BAD_QKEY_CNTR          = 1 << 2
    RAW_MULTI              = 1 << 3
    AUTO_PATH_MIG          = 1 << 4
    CHANGE_PHY_PORT        = 1 << 5
    UD_AV_PORT_ENFORCE     = 1 << 6
    CURR_QP_STATE_MOD      = 1 << 7
    SHUTDOWN_PORT          = 1 << 8
    PORT_ACTIVE_EVENT      = 1 << 10
    SYS_IMAGE_GUID         = 1 << 11
    RC_RNR_NAK_GEN         = 1 << 12
    SRQ_RESIZE             = 1 << 13
    N_NOTIFY_CQ            = 1 << 14
    MEM_WINDOW             = 1 << 17
    UD_IP_CSUM             = 1 << 18
    XRC                    = 1 << 20
    MEM_MGT_EXTENSIONS     = 1 << 21
    MEM_WINDOW_TYPE_2A     = 1 << 23
    MEM_WINDOW_TYPE_2B     = 1 << 24
    RC_IP_CSUM             = 1 << 25
    RAW_IP_CSUM            = 1 << 26
    MANAGED_FLOW_STEERING  = 1 << 29
    RAW_SCATTER_FCS        = 1 << 34
    PCI_WRITE_END_PADDING  = 1 << 36
    FLUSH_GLOBAL           = 1 << 38
    FLUSH_PERSISTENT       = 1 << 39
    ATOMIC_WRITE           = 1 << 40


class IB_PORT_CAP(Flags, prefix="IB_PORT"):
    """PortInfo's CapabilityMask, and CapabilityMask2 in the upper half (rdma/ib_mad.h)."""

    SM                              = 1 << 1
    NOTICE_SUP                      = 1 << 2
    TRAP_SUP                        = 1 << 3
    OPT_IPD_SUP                     = 1 << 4
    AUTO_MIGR_SUP                   = 1 << 5
    SL_MAP_SUP                      = 1 << 6
    MKEY_NVRAM                      = 1 << 7
    PKEY_NVRAM                      = 1 << 8
    LED_INFO_SUP                    = 1 << 9
    SM_DISABLED                     = 1 << 10
    SYS_IMAGE_GUID_SUP              = 1 << 11
    PKEY_SW_EXT_PORT_TRAP_SUP       = 1 << 12
    EXTENDED_SPEEDS_SUP             = 1 << 14
    CAP_MASK2_SUP                   = 1 << 15
    CM_SUP                          = 1 << 16
    SNMP_TUNNEL_SUP                 = 1 << 17
    REINIT_SUP                      = 1 << 18
    DEVICE_MGMT_SUP                 = 1 << 19
    VENDOR_CLASS_SUP                = 1 << 20
    DR_NOTICE_SUP                   = 1 << 21
    CAP_MASK_NOTICE_SUP             = 1 << 22
    BOOT_MGMT_SUP                   = 1 << 23
    LINK_LATENCY_SUP                = 1 << 24
    CLIENT_REG_SUP                  = 1 << 25
    OTHER_LOCAL_CHANGES_SUP         = 1 << 26
    LINK_SPEED_WIDTH_TABLE_SUP      = 1 << 27
    VENDOR_SPECIFIC_MADS_TABLE_SUP  = 1 << 28
    MCAST_PKEY_TRAP_SUPPRESSION_SUP = 1 << 29
    MCAST_FDB_TOP_SUP               = 1 << 30
    HIERARCHY_INFO_SUP              = 1 << 31
    SET_NODE_DESC_SUP               = 1 << 32
    EX_PORT_INFO_EX_SUP             = 1 << 33
    VIRT_SUP                        = 1 << 34
    SWITCH_PORT_STATE_TABLE_SUP     = 1 << 35
    LINK_WIDTH_2X_SUP               = 1 << 36
    LINK_SPEED_HDR_SUP              = 1 << 37
    LINK_SPEED_NDR_SUP              = 1 << 42
    EXTENDED_SPEEDS2_SUP            = 1 << 43
    LINK_SPEED_XDR_SUP              = 1 << 44
