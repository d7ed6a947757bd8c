"""Neighbours (ARP, NDP) and bridge forwarding entries: RTM_NEWNEIGH and its kin (linux/neighbour.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S32,
    U8,
    U16,
    U32,
    Addr,
    Attrs,
    AttrSet,
    Be16,
    Flag,
    Flags,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
    bind_attrs,
    bind_message,
)

from ..common import AF, RTN, RTPROT


class NUD(Flags):
    INCOMPLETE = 0x01
    REACHABLE  = 0x02
    STALE      = 0x04
    DELAY      = 0x08
    PROBE      = 0x10
    FAILED     = 0x20
    NOARP      = 0x40
    PERMANENT  = 0x80


class NTF(Flags):
    USE         = 0x01
    SELF        = 0x02
    MASTER      = 0x04
    PROXY       = 0x08
    EXT_LEARNED = 0x10
    OFFLOADED   = 0x20
    STICKY      = 0x40
    ROUTER      = 0x80


class NTF_EXT(Flags):
    MANAGED       = 0x01
    LOCKED        = 0x02
    EXT_VALIDATED = 0x04


class FDB_NOTIFY(Flags):
    BIT          = 0x01
    INACTIVE_BIT = 0x02


class nda_cacheinfo(Message):
    fields_desc = [
        U32.of("ndm_confirmed", measure="clock_t"), U32.of("ndm_used", measure="clock_t"),
        U32.of("ndm_updated", measure="clock_t"), U32.of("ndm_refcnt"),
    ]


class NFEA(AttrSet):
    ACTIVITY_NOTIFY = U8(1, FDB_NOTIFY)
    DONT_REFRESH    = Flag(2)


class NDA(AttrSet):
    DST            = Addr(1)
    LLADDR         = Mac(2)
    CACHEINFO      = Struct(3, nda_cacheinfo)
    PROBES         = U32(4)
    VLAN           = U16(5)
    PORT           = Be16(6)                 # the UDP port of a VXLAN remote, unlike its neighbours
    VNI            = U32(7)
    IFINDEX        = U32(8, refers="interface")
    MASTER         = U32(9, refers="interface")
    LINK_NETNSID   = S32(10)
    SRC_VNI        = U32(11)
    PROTOCOL       = U8(12, RTPROT)
    NH_ID          = U32(13)
    FDB_EXT_ATTRS  = Nest(14, NFEA)
    FLAGS_EXT      = U32(15, NTF_EXT)
    NDM_STATE_MASK = U16(16, NUD)
    NDM_FLAGS_MASK = U8(17, NTF)


bind_attrs(NDA.DST, U8(None, base=16), ndm_family=AF.MCTP)


class ndmsg(Message):
    fields_desc = [
        U8.of("ndm_family", AF), Pad.of("ndm_pad1", 1), Pad.of("ndm_pad2", 2),
        S32.of("ndm_ifindex", refers="interface"), U16.of("ndm_state", NUD), U8.of("ndm_flags", NTF),
        U8.of("ndm_type", RTN), Attrs("attrs", NDA),
    ]
    summary = (
        "[{!NDA_DST}{!NDA_LLADDR}{ndm_family}] [{NDA_DST}] [lladdr {NDA_LLADDR}] [dev {ndm_ifindex}] [vlan {NDA_VLAN}]"
        " [master {NDA_MASTER}] [vni {NDA_VNI}] [port {NDA_PORT}] [nhid {NDA_NH_ID}] [{ndm_state}] [<{ndm_flags}>]"
        " [<{NDA_FLAGS_EXT}>] [proto {NDA_PROTOCOL}]"
    )


bind_message(ndmsg, NETLINK_ROUTE, RTM_NEWNEIGH=28, RTM_DELNEIGH=29, RTM_GETNEIGH=30)
