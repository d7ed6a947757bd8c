"""Media Redundancy Protocol on a bridge: IFLA_BRIDGE_MRP (linux/if_bridge.h, mrp_bridge.h)."""

from nldissect.wire import U16, U32, AttrSet, Enum, Nest


class BR_MRP_RING_ROLE(Enum):
    DISABLED = 0
    MRC      = 1
    MRM      = 2
    MRA      = 3


class BR_MRP_IN_ROLE(Enum):
    DISABLED = 0
    MIC      = 1
    MIM      = 2


class BR_MRP_RING_STATE(Enum):
    OPEN   = 0
    CLOSED = 1


class BR_MRP_IN_STATE(Enum):
    OPEN   = 0
    CLOSED = 1


class BR_MRP_PORT_STATE(Enum):
    DISABLED      = 0
    BLOCKED       = 1
    FORWARDING    = 2
    NOT_CONNECTED = 3


class BR_MRP_PORT_ROLE(Enum):
    PRIMARY   = 0
    SECONDARY = 1
    INTER     = 2


class IFLA_BRIDGE_MRP_INSTANCE(AttrSet):
    RING_ID   = U32(1)
    P_IFINDEX = U32(2, refers="interface")
    S_IFINDEX = U32(3, refers="interface")
    PRIO      = U16(4)


class IFLA_BRIDGE_MRP_PORT_STATE(AttrSet):
    STATE = U32(1, BR_MRP_PORT_STATE)


class IFLA_BRIDGE_MRP_PORT_ROLE(AttrSet):
    ROLE = U32(1, BR_MRP_PORT_ROLE)


class IFLA_BRIDGE_MRP_RING_STATE(AttrSet):
    RING_ID = U32(1)
    STATE   = U32(2, BR_MRP_RING_STATE)


class IFLA_BRIDGE_MRP_RING_ROLE(AttrSet):
    RING_ID = U32(1)
    ROLE    = U32(2, BR_MRP_RING_ROLE)


class IFLA_BRIDGE_MRP_START_TEST(AttrSet):
    RING_ID  = U32(1)
    INTERVAL = U32(2)
    MAX_MISS = U32(3)
    PERIOD   = U32(4)
    MONITOR  = U32(5)


class IFLA_BRIDGE_MRP_INFO(AttrSet):
    RING_ID          = U32(1)
    P_IFINDEX        = U32(2, refers="interface")
    S_IFINDEX        = U32(3, refers="interface")
    PRIO             = U16(4)
    RING_STATE       = U32(5, BR_MRP_RING_STATE)
    RING_ROLE        = U32(6, BR_MRP_RING_ROLE)
    TEST_INTERVAL    = U32(7)
    TEST_MAX_MISS    = U32(8)
    TEST_MONITOR     = U32(9)
    I_IFINDEX        = U32(10, refers="interface")
    IN_STATE         = U32(11, BR_MRP_IN_STATE)
    IN_ROLE          = U32(12, BR_MRP_IN_ROLE)
    IN_TEST_INTERVAL = U32(13)
    IN_TEST_MAX_MISS = U32(14)


class IFLA_BRIDGE_MRP_IN_STATE(AttrSet):
    IN_ID = U32(1)
    STATE = U32(2, BR_MRP_IN_STATE)


class IFLA_BRIDGE_MRP_IN_ROLE(AttrSet):
    RING_ID   = U32(1)
    IN_ID     = U16(2)
    ROLE      = U32(3, BR_MRP_IN_ROLE)
    I_IFINDEX = U32(4, refers="interface")


class IFLA_BRIDGE_MRP_START_IN_TEST(AttrSet):
    IN_ID    = U32(1)
    INTERVAL = U32(2)
    MAX_MISS = U32(3)
    PERIOD   = U32(4)


class IFLA_BRIDGE_MRP(AttrSet):
    INSTANCE      = Nest(1, IFLA_BRIDGE_MRP_INSTANCE)
    PORT_STATE    = Nest(2, IFLA_BRIDGE_MRP_PORT_STATE)
    PORT_ROLE     = Nest(3, IFLA_BRIDGE_MRP_PORT_ROLE)
    RING_STATE    = Nest(4, IFLA_BRIDGE_MRP_RING_STATE)
    RING_ROLE     = Nest(5, IFLA_BRIDGE_MRP_RING_ROLE)
    START_TEST    = Nest(6, IFLA_BRIDGE_MRP_START_TEST)
    INFO          = Nest(7, IFLA_BRIDGE_MRP_INFO, many=True)
    IN_ROLE       = Nest(8, IFLA_BRIDGE_MRP_IN_ROLE)
    IN_STATE      = Nest(9, IFLA_BRIDGE_MRP_IN_STATE)
    START_IN_TEST = Nest(10, IFLA_BRIDGE_MRP_START_IN_TEST)
