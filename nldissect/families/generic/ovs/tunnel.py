"""Tunnel keys: what a packet came in, or is to be put into (ovs_tunnel_key_lens in net/openvswitch/flow_netlink.c)."""

from nldissect.wire import (
    S32,
    U8,
    U32,
    Addr,
    Array,
    AttrSet,
    Be16,
    Be32,
    Be64,
    Bits,
    Flag,
    Message,
    Nest,
    Pad,
    Struct,
    Varying,
    bind_attrs,
)


class geneve_opt(Message):
    """`length` counts words of 4 bytes."""

    fields_desc = [
        Be16.of("opt_class", base=16), U8.of("type", base=16),
        Bits.of("length", {"length": 5, "r3": 1, "r2": 1, "r1": 1}),
        Array.of("opt_data", Be32(None, base=16), count="length"),
    ]


class erspan_index(Message):
    fields_desc = [Be32.of("index"), Pad.of("_unused", 4)]


class erspan_md2(Message):
    """`p_ft_hwid` and `hwid_dir`: bit-fields of one byte each."""

    fields_desc = [
        Be32.of("timestamp"), Be16.of("sgt"), Bits.of("p_ft_hwid", {"hwid_upper": 2, "ft": 5, "p": 1}),
        Bits.of("hwid_dir", {"o": 1, "gra": 2, "dir": 1, "hwid": 4}),
    ]


class erspan_metadata(Message):
    fields_desc = [S32.of("version"), Struct.of("u", erspan_md2)]


bind_attrs(erspan_metadata.u, erspan_index, version=1)


class OVS_VXLAN_OPTS(AttrSet, prefix="OVS_VXLAN_EXT"):
    """A port says with a flag that it has GBP, a tunnel key what it is."""

    GBP = U32(1, base=16)


class OVS_TUNNEL_KEY_ATTR(AttrSet):
    ID               = Be64(0)
    IPV4_SRC         = Addr(1)
    IPV4_DST         = Addr(2)
    TOS              = U8(3, base=16)
    TTL              = U8(4)
    DONT_FRAGMENT    = Flag(5)
    CSUM             = Flag(6)
    OAM              = Flag(7)
    GENEVE_OPTS      = Varying(8, geneve_opt)
    TP_SRC           = Be16(9)
    TP_DST           = Be16(10)
    VXLAN_OPTS       = Nest(11, OVS_VXLAN_OPTS)
    IPV6_SRC         = Addr(12)
    IPV6_DST         = Addr(13)
    PAD              = Pad(14)
    ERSPAN_OPTS      = Struct(15, erspan_metadata)
    IPV4_INFO_BRIDGE = Flag(16)
