"""Connectivity Fault Management on a bridge: IFLA_BRIDGE_CFM (linux/if_bridge.h, cfm_bridge.h)."""

from nldissect.wire import U8, U32, AttrSet, Blob, Enum, Mac, Nest


class BR_CFM(Enum):
    PORT = 0
    VLAN = 1


class BR_CFM_MEP_DIRECTION(Enum):
    DOWN = 0
    UP   = 1


class BR_CFM_CCM_INTERVAL(Enum):
    NONE    = 0
    _3_3_MS = 1
    _10_MS  = 2
    _100_MS = 3
    _1_SEC  = 4
    _10_SEC = 5
    _1_MIN  = 6
    _10_MIN = 7


class IFLA_BRIDGE_CFM_MEP_CREATE(AttrSet):
    INSTANCE  = U32(1)
    DOMAIN    = U32(2, BR_CFM)
    DIRECTION = U32(3, BR_CFM_MEP_DIRECTION)
    IFINDEX   = U32(4, refers="interface")


class IFLA_BRIDGE_CFM_MEP_DELETE(AttrSet):
    INSTANCE = U32(1)


class IFLA_BRIDGE_CFM_MEP_CONFIG(AttrSet):
    INSTANCE    = U32(1)
    UNICAST_MAC = Mac(2)
    MDLEVEL     = U32(3)
    MEPID       = U32(4)


class IFLA_BRIDGE_CFM_CC_CONFIG(AttrSet):
    INSTANCE     = U32(1)
    ENABLE       = U32(2)
    EXP_INTERVAL = U32(3, BR_CFM_CCM_INTERVAL)
    EXP_MAID     = Blob(4, "maintenance association identifier, 48 bytes of the operator's choice")


class IFLA_BRIDGE_CFM_CC_PEER_MEP(AttrSet, prefix="IFLA_BRIDGE_CFM_CC_PEER"):
    MEP_INSTANCE = U32(1)
    MEPID        = U32(2)


class IFLA_BRIDGE_CFM_CC_RDI(AttrSet):
    INSTANCE = U32(1)
    RDI      = U32(2)


class IFLA_BRIDGE_CFM_CC_CCM_TX(AttrSet):
    INSTANCE       = U32(1)
    DMAC           = Mac(2)
    SEQ_NO_UPDATE  = U32(3)
    PERIOD         = U32(4)
    IF_TLV         = U32(5)
    IF_TLV_VALUE   = U8(6)
    PORT_TLV       = U32(7)
    PORT_TLV_VALUE = U8(8)


class IFLA_BRIDGE_CFM_MEP_STATUS(AttrSet):
    INSTANCE           = U32(1)
    OPCODE_UNEXP_SEEN  = U32(2)
    VERSION_UNEXP_SEEN = U32(3)
    RX_LEVEL_LOW_SEEN  = U32(4)


class IFLA_BRIDGE_CFM_CC_PEER_STATUS(AttrSet):
    INSTANCE       = U32(1)
    PEER_MEPID     = U32(2)
    CCM_DEFECT     = U32(3)
    RDI            = U32(4)
    PORT_TLV_VALUE = U8(5)
    IF_TLV_VALUE   = U8(6)
    SEEN           = U32(7)
    TLV_SEEN       = U32(8)
    SEQ_UNEXP_SEEN = U32(9)


class IFLA_BRIDGE_CFM(AttrSet):
    MEP_CREATE          = Nest(1, IFLA_BRIDGE_CFM_MEP_CREATE)
    MEP_DELETE          = Nest(2, IFLA_BRIDGE_CFM_MEP_DELETE)
    MEP_CONFIG          = Nest(3, IFLA_BRIDGE_CFM_MEP_CONFIG)
    CC_CONFIG           = Nest(4, IFLA_BRIDGE_CFM_CC_CONFIG)
    CC_PEER_MEP_ADD     = Nest(5, IFLA_BRIDGE_CFM_CC_PEER_MEP)
    CC_PEER_MEP_REMOVE  = Nest(6, IFLA_BRIDGE_CFM_CC_PEER_MEP)
    CC_RDI              = Nest(7, IFLA_BRIDGE_CFM_CC_RDI)
    CC_CCM_TX           = Nest(8, IFLA_BRIDGE_CFM_CC_CCM_TX)
    MEP_CREATE_INFO     = Nest(9, IFLA_BRIDGE_CFM_MEP_CREATE, many=True)
    MEP_CONFIG_INFO     = Nest(10, IFLA_BRIDGE_CFM_MEP_CONFIG, many=True)
    CC_CONFIG_INFO      = Nest(11, IFLA_BRIDGE_CFM_CC_CONFIG, many=True)
    CC_RDI_INFO         = Nest(12, IFLA_BRIDGE_CFM_CC_RDI, many=True)
    CC_CCM_TX_INFO      = Nest(13, IFLA_BRIDGE_CFM_CC_CCM_TX, many=True)
    CC_PEER_MEP_INFO    = Nest(14, IFLA_BRIDGE_CFM_CC_PEER_MEP, many=True)
    MEP_STATUS_INFO     = Nest(15, IFLA_BRIDGE_CFM_MEP_STATUS, many=True)
    CC_PEER_STATUS_INFO = Nest(16, IFLA_BRIDGE_CFM_CC_PEER_STATUS, many=True)
