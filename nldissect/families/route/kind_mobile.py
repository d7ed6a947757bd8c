"""Links of mobile networks: IFLA_INFO_DATA of kinds rmnet, wwan and gtp (linux/if_link.h, wwan.h)."""

from nldissect.wire import S32, U8, U16, U32, Addr, AttrSet, Enum, Flags, Message, Struct, bind_attrs

from .link import IFLA_INFO


class RMNET_FLAGS(Flags):
    INGRESS_DEAGGREGATION = 0x01
    INGRESS_MAP_COMMANDS  = 0x02
    INGRESS_MAP_CKSUMV4   = 0x04
    EGRESS_MAP_CKSUMV4    = 0x08
    INGRESS_MAP_CKSUMV5   = 0x10
    EGRESS_MAP_CKSUMV5    = 0x20


class GTP_ROLE(Enum):
    GGSN = 0
    SGSN = 1


class ifla_rmnet_flags(Message):
    fields_desc = [U32.of("flags", RMNET_FLAGS), U32.of("mask", RMNET_FLAGS)]


class IFLA_RMNET(AttrSet):
    MUX_ID = U16(1)
    FLAGS  = Struct(2, ifla_rmnet_flags)


class IFLA_WWAN(AttrSet):
    LINK_ID = U32(1)


class IFLA_GTP(AttrSet):
    FD0            = S32(1)
    FD1            = S32(2)
    PDP_HASHSIZE   = U32(3)
    ROLE           = U32(4, GTP_ROLE)
    CREATE_SOCKETS = U8(5)
    RESTART_COUNT  = U8(6)
    LOCAL          = Addr(7)
    LOCAL6         = Addr(8)


bind_attrs(IFLA_INFO.DATA, IFLA_RMNET, KIND="rmnet")
bind_attrs(IFLA_INFO.DATA, IFLA_WWAN, KIND="wwan")
bind_attrs(IFLA_INFO.DATA, IFLA_GTP, KIND="gtp")
