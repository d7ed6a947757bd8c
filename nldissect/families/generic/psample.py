"""Sampled packets and their groups (linux/psample.h, net/psample/psample.c)."""

from nldissect.wire import (
    U8,
    U16,
    U32,
    U64,
    Addr,
    AttrSet,
    Be16,
    Be64,
    Blob,
    Flag,
    Framed,
    Nest,
    Pad,
    Struct,
    Varying,
    bind_attrs,
    bind_counter,
    bind_genl,
)

from ..common import ETH_P
from .ovs.tunnel import OVS_VXLAN_OPTS, erspan_metadata, geneve_opt


class PSAMPLE_TUNNEL_KEY_ATTR(AttrSet):
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


class PSAMPLE_ATTR(AttrSet):
    IIFINDEX           = U16(0, refers="interface")         # the lower half of an index
    OIFINDEX           = U16(1, refers="interface")
    ORIGSIZE           = U32(2)
    SAMPLE_GROUP       = U32(3)
    GROUP_SEQ          = U32(4)
    SAMPLE_RATE        = U32(5)
    DATA               = Framed(6)
    GROUP_REFCOUNT     = U32(7)
    TUNNEL             = Nest(8, PSAMPLE_TUNNEL_KEY_ATTR)
    PAD                = Pad(9)
    OUT_TC             = U16(10)
    OUT_TC_OCC         = U64(11)                            # bytes
    LATENCY            = U64(12, measure="ns")
    TIMESTAMP          = U64(13, measure="time_ns")
    PROTO              = U16(14, ETH_P)
    USER_COOKIE        = Blob(15, "a cookie in the form of the program that gave it")
    SAMPLE_PROBABILITY = Flag(16)

    template = (
        "[group {PSAMPLE_ATTR_SAMPLE_GROUP}] [seq {PSAMPLE_ATTR_GROUP_SEQ}] [users {PSAMPLE_ATTR_GROUP_REFCOUNT}] "
        "[iif {PSAMPLE_ATTR_IIFINDEX}] [oif {PSAMPLE_ATTR_OIFINDEX}] [{PSAMPLE_ATTR_PROTO}] "
        "[length {PSAMPLE_ATTR_ORIGSIZE}] [1 of {PSAMPLE_ATTR_SAMPLE_RATE}]"
    )


for protocol in (ETH_P.IP, ETH_P.IPV6):
    bind_attrs(PSAMPLE_ATTR.DATA, Framed(None, protocol), PROTO=protocol)

bind_genl(PSAMPLE_ATTR, "psample", PSAMPLE_CMD_SAMPLE=0, PSAMPLE_CMD_GET_GROUP=1, PSAMPLE_CMD_NEW_GROUP=2,
          PSAMPLE_CMD_DEL_GROUP=3)
bind_counter(
    "psample", "PSAMPLE_CMD_SAMPLE", field="PSAMPLE_ATTR_GROUP_SEQ", by="PSAMPLE_ATTR_SAMPLE_GROUP",
    what="packets of group {PSAMPLE_ATTR_SAMPLE_GROUP}",
)
