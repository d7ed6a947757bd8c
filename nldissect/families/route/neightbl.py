"""Neighbour tables and their parameters: RTM_NEWNEIGHTBL and its kin (linux/neighbour.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    U8,
    U16,
    U32,
    U64,
    Attrs,
    AttrSet,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_message,
)

from ..common import AF


class ndt_config(Message):
    fields_desc = [
        U16.of("ndtc_key_len"), U16.of("ndtc_entry_size"), U32.of("ndtc_entries"),
        U32.of("ndtc_last_flush", measure="ms"),
        U32.of("ndtc_last_rand", measure="ms"), U32.of("ndtc_hash_rnd"), U32.of("ndtc_hash_mask"),
        U32.of("ndtc_hash_chain_gc"),
        U32.of("ndtc_proxy_qlen"),
    ]


class ndt_stats(Message):
    fields_desc = [
        U64.of("ndts_allocs"), U64.of("ndts_destroys"), U64.of("ndts_hash_grows"), U64.of("ndts_res_failed"),
        U64.of("ndts_lookups"), U64.of("ndts_hits"), U64.of("ndts_rcv_probes_mcast"), U64.of("ndts_rcv_probes_ucast"),
        U64.of("ndts_periodic_gc_runs"), U64.of("ndts_forced_gc_runs"), U64.of("ndts_table_fulls"),
    ]


class NDTPA(AttrSet):
    IFINDEX                = U32(1, refers="interface")
    REFCNT                 = U32(2)
    REACHABLE_TIME         = U64(3, measure="ms")
    BASE_REACHABLE_TIME    = U64(4, measure="ms")
    RETRANS_TIME           = U64(5, measure="ms")
    GC_STALETIME           = U64(6, measure="ms")
    DELAY_PROBE_TIME       = U64(7, measure="ms")
    QUEUE_LEN              = U32(8)
    APP_PROBES             = U32(9)
    UCAST_PROBES           = U32(10)
    MCAST_PROBES           = U32(11)
    ANYCAST_DELAY          = U64(12, measure="ms")
    PROXY_DELAY            = U64(13, measure="ms")
    PROXY_QLEN             = U32(14)
    LOCKTIME               = U64(15, measure="ms")
    QUEUE_LENBYTES         = U32(16)
    MCAST_REPROBES         = U32(17)
    PAD                    = Pad(18)
    INTERVAL_PROBE_TIME_MS = U64(19, measure="ms")


class NDTA(AttrSet):
    NAME        = Text(1)
    THRESH1     = U32(2)
    THRESH2     = U32(3)
    THRESH3     = U32(4)
    CONFIG      = Struct(5, ndt_config)
    PARMS       = Nest(6, NDTPA)
    STATS       = Struct(7, ndt_stats)
    GC_INTERVAL = U64(8, measure="ms")
    PAD         = Pad(9)


class ndtmsg(Message):
    fields_desc = [U8.of("ndtm_family", AF), Pad.of("ndtm_pad1", 1), Pad.of("ndtm_pad2", 2), Attrs("attrs", NDTA)]
    summary = "[{ndtm_family}] [{NDTA_NAME}] [dev {NDTPA_IFINDEX}] [entries {ndtc_entries}]"


bind_message(ndtmsg, NETLINK_ROUTE, RTM_NEWNEIGHTBL=64, RTM_GETNEIGHTBL=66, RTM_SETNEIGHTBL=67)
