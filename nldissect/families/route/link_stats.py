"""Counters and hardware map of a link: the C structs of IFLA_STATS, IFLA_STATS64 and IFLA_MAP (linux/if_link.h)."""

from nldissect.wire import U8, U16, U32, U64, Message, Pad

COUNTERS = (
    "rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_dropped", "tx_dropped",
    "multicast", "collisions",
    "rx_length_errors", "rx_over_errors", "rx_crc_errors", "rx_frame_errors", "rx_fifo_errors", "rx_missed_errors",
    "tx_aborted_errors", "tx_carrier_errors", "tx_fifo_errors", "tx_heartbeat_errors", "tx_window_errors",
    "rx_compressed", "tx_compressed", "rx_nohandler",
)


class rtnl_link_stats(Message):
    fields_desc = [U32.of(name) for name in COUNTERS]


class rtnl_link_stats64(Message):
    fields_desc = [U64.of(name) for name in (*COUNTERS, "rx_otherhost_dropped")]


class rtnl_link_ifmap(Message):
    fields_desc = [
        U64.of("mem_start"), U64.of("mem_end"), U64.of("base_addr"),
        U16.of("irq"), U8.of("dma"), U8.of("port"), Pad.of("__pad", 4),
    ]
