"""Automatic Multicast Tunneling: IFLA_INFO_DATA of kind "amt" (linux/amt.h)."""

from nldissect.wire import U32, Addr, AttrSet, Be16, Enum, bind_attrs

from .link import IFLA_INFO


class AMT_MODE(Enum):
    GATEWAY = 0
    RELAY   = 1


class IFLA_AMT(AttrSet):
    MODE         = U32(1, AMT_MODE)
    RELAY_PORT   = Be16(2)
    GATEWAY_PORT = Be16(3)
    LINK         = U32(4, refers="interface")
    LOCAL_IP     = Addr(5)
    REMOTE_IP    = Addr(6)
    DISCOVERY_IP = Addr(7)
    MAX_TUNNELS  = U32(8)


bind_attrs(IFLA_INFO.DATA, IFLA_AMT, KIND="amt")
