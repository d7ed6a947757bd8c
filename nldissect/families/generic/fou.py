"""Foo over UDP: ports whose datagrams carry other packets (linux/fou.h, net/ipv4/fou_core.c)."""

from nldissect.wire import S32, U8, Addr, AttrSet, Be16, Enum, Flag, bind_genl

from ..common import AF, IPPROTO


class FOU_ENCAP(Enum):
    UNSPEC = 0
    DIRECT = 1
    GUE    = 2


class FOU_ATTR(AttrSet):
    PORT              = Be16(1)
    AF                = U8(2, AF)
    IPPROTO           = U8(3, IPPROTO)
    TYPE              = U8(4, FOU_ENCAP)
    REMCSUM_NOPARTIAL = Flag(5)
    LOCAL_V4          = Addr(6, 4)
    LOCAL_V6          = Addr(7, 16)
    PEER_V4           = Addr(8, 4)
    PEER_V6           = Addr(9, 16)
    PEER_PORT         = Be16(10)
    IFINDEX           = S32(11, refers="interface")

    template = (
        "[port {FOU_ATTR_PORT} ][{FOU_ATTR_TYPE} ][ipproto {FOU_ATTR_IPPROTO} ][{FOU_ATTR_AF} ]"
        "[local {FOU_ATTR_LOCAL_V4|FOU_ATTR_LOCAL_V6} ][peer {FOU_ATTR_PEER_V4|FOU_ATTR_PEER_V6} ]"
        "[peer_port {FOU_ATTR_PEER_PORT} ][dev {FOU_ATTR_IFINDEX}]"
    )


bind_genl(FOU_ATTR, "fou", FOU_CMD_ADD=1, FOU_CMD_DEL=2, FOU_CMD_GET=3)
