"""VNIs of a VXLAN device with a VNI filter: RTM_NEWTUNNEL and its kin (linux/if_link.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    U8,
    U32,
    U64,
    Addr,
    Attrs,
    AttrSet,
    Flags,
    Message,
    Nest,
    Pad,
    bind_message,
)

from ..common import AF


class TUNNEL_MSG_FLAG(Flags):
    STATS = 0x01


class VNIFILTER_ENTRY_STATS(AttrSet):
    RX_BYTES  = U64(1)
    RX_PKTS   = U64(2)
    RX_DROPS  = U64(3)
    RX_ERRORS = U64(4)
    TX_BYTES  = U64(5)
    TX_PKTS   = U64(6)
    TX_DROPS  = U64(7)
    TX_ERRORS = U64(8)
    PAD       = Pad(9)


class VXLAN_VNIFILTER_ENTRY(AttrSet):
    START  = U32(1)
    END    = U32(2)
    GROUP  = Addr(3)
    GROUP6 = Addr(4)
    STATS  = Nest(5, VNIFILTER_ENTRY_STATS)


class VXLAN_VNIFILTER(AttrSet):
    ENTRY = Nest(1, VXLAN_VNIFILTER_ENTRY, many=True)


class tunnel_msg(Message):
    fields_desc = [
        U8.of("family", AF), U8.of("flags", TUNNEL_MSG_FLAG), Pad.of("reserved2", 2),
        U32.of("ifindex", refers="interface"), Attrs("attrs", VXLAN_VNIFILTER),
    ]
    summary = (
        "[dev {ifindex}] [<{flags}>] [vni {VXLAN_VNIFILTER_ENTRY_START}] [to {VXLAN_VNIFILTER_ENTRY_END}]"
        " [group {VXLAN_VNIFILTER_ENTRY_GROUP|VXLAN_VNIFILTER_ENTRY_GROUP6}]"
    )


bind_message(tunnel_msg, NETLINK_ROUTE, RTM_NEWTUNNEL=120, RTM_DELTUNNEL=121, RTM_GETTUNNEL=122)
