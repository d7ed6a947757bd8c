"""Datapaths of Open vSwitch (linux/openvswitch.h, net/openvswitch/datapath.c)."""

from nldissect.wire import U32, U64, Array, Attrs, AttrSet, Flags, Message, Pad, Struct, Text, bind_genl

from .ovs import DATAPATH


class OVS_DP_F(Flags):
    UNALIGNED               = 0x1
    VPORT_PIDS              = 0x2
    TC_RECIRC_SHARING       = 0x4
    DISPATCH_UPCALL_PER_CPU = 0x8


class ovs_dp_stats(Message):
    fields_desc = [U64.of("n_hit"), U64.of("n_missed"), U64.of("n_lost"), U64.of("n_flows")]


class ovs_dp_megaflow_stats(Message):
    fields_desc = [
        U64.of("n_mask_hit"), U32.of("n_masks"), Pad.of("pad0", 4), U64.of("n_cache_hit"), Pad.of("pad1", 8),
    ]


class OVS_DP_ATTR(AttrSet):
    NAME             = Text(1)
    UPCALL_PID       = U32(2)
    STATS            = Struct(3, ovs_dp_stats)
    MEGAFLOW_STATS   = Struct(4, ovs_dp_megaflow_stats)
    USER_FEATURES    = U32(5, OVS_DP_F)
    PAD              = Pad(6)
    MASKS_CACHE_SIZE = U32(7)
    PER_CPU_PIDS     = Array(8, U32)
    IFINDEX          = U32(9, refers="interface")


class ovs_datapath(Message):
    fields_desc = [DATAPATH, Attrs("attrs", OVS_DP_ATTR)]
    summary = (
        "[{OVS_DP_ATTR_NAME|dp_ifindex}] [features {OVS_DP_ATTR_USER_FEATURES}] [upcalls to {OVS_DP_ATTR_UPCALL_PID}] "
        "[hit {n_hit}] [missed {n_missed}] [lost {n_lost}] [flows {n_flows}] [masks {n_masks}]"
    )
    teaches = ("interface", "dp_ifindex", "OVS_DP_ATTR_NAME")


bind_genl(ovs_datapath, "ovs_datapath", OVS_DP_CMD_NEW=1, OVS_DP_CMD_DEL=2, OVS_DP_CMD_GET=3, OVS_DP_CMD_SET=4)
