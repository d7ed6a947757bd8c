"""Traffic control: queueing disciplines, classes, filters and chains (linux/rtnetlink.h, linux/pkt_sched.h)."""

from nldissect.wire import (
    NETLINK_ROUTE,
    S16,
    S32,
    U8,
    U16,
    U32,
    Array,
    Attrs,
    AttrSet,
    Bitfield32,
    Enum,
    Flag,
    Flags,
    Handle,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    Worded32,
    bind_attrs,
    bind_message,
)

from ..common import AF
from .tc_info import TC_H, HashHandle, Leaf, Place, Preference, Refcount
from .tc_stats import TCA_STATS, gnet_estimator, tc_stats


class TC_LINKLAYER(Enum):
    UNAWARE  = 0
    ETHERNET = 1
    ATM      = 2


class tc_ratespec(Message):
    fields_desc = [U8.of("cell_log"), U8.of("linklayer", TC_LINKLAYER), U16.of("overhead"), S16.of("cell_align"),
                   U16.of("mpu"), U32.of("rate", measure="B/s")]


class tc_sizespec(Message):
    fields_desc = [U8.of("cell_log"), U8.of("size_log"), S16.of("cell_align"), S32.of("overhead"),
                   U32.of("linklayer", TC_LINKLAYER), U32.of("mpu"), U32.of("mtu"), U32.of("tsize")]


class TCA_STAB(AttrSet):
    BASE = Struct(1, tc_sizespec)
    DATA = Array(2, U16)


class TCA_DUMP_FLAGS(Flags):
    TERSE = 0x1


class TCA(AttrSet):
    KIND           = Text(1)
    OPTIONS        = Nest(2)
    STATS          = Struct(3, tc_stats)
    XSTATS         = Nest(4)
    RATE           = Struct(5, gnet_estimator)
    FCNT           = U32(6)
    STATS2         = Nest(7, TCA_STATS)
    STAB           = Nest(8, TCA_STAB)
    PAD            = Pad(9)
    DUMP_INVISIBLE = Flag(10)
    CHAIN          = U32(11)
    HW_OFFLOAD     = U8(12)
    INGRESS_BLOCK  = U32(13)
    EGRESS_BLOCK   = U32(14)
    DUMP_FLAGS     = Bitfield32(15, TCA_DUMP_FLAGS)
    EXT_WARN_MSG   = Text(16)


class TCM_IFINDEX(Enum):
    MAGIC_BLOCK = -1                        # a shared block, whose number stands in tcm_parent


class tcmsg(Message):
    fields_desc = [U8.of("tcm_family", AF), Pad.of("tcm__pad1", 1), Pad.of("tcm__pad2", 2),
                   S32.of("tcm_ifindex", TCM_IFINDEX, refers="interface"),
                   Handle.of("tcm_handle", TC_H), Handle.of("tcm_parent", TC_H),
                   U32.of("tcm_info", base=16), Attrs("attrs", TCA)]
    summary = "[{TCA_KIND}] [{tcm_handle}] [dev {tcm_ifindex}] [parent {tcm_parent}] [{tcm_info}] [chain {TCA_CHAIN}]" \
              " [rate {TCA_HTB_RATE64|TCA_HTB_PARMS.rate.rate|TCA_TBF_RATE64|TCA_TBF_PARMS.rate.rate}]" \
              " [ceil {TCA_HTB_CEIL64|TCA_HTB_PARMS.ceil.rate}] [delay {TCA_NETEM_LATENCY64}]"


QDISC   = (36, 37, 38)                      # message types: options and numbers differ between queues, classes, filters
TCLASS  = (40, 41, 42)
TFILTER = (44, 45, 46)
CHAIN   = (100, 101, 102)

bind_attrs(tcmsg.tcm_handle, Worded32(None), nlmsg_type=TFILTER)
bind_attrs(tcmsg.tcm_handle, HashHandle(None), nlmsg_type=TFILTER, TCA_KIND="u32")
bind_attrs(tcmsg.tcm_parent, Place(None, TC_H), nlmsg_type=(*TFILTER, *CHAIN))
bind_attrs(tcmsg.tcm_info, Refcount(None), nlmsg_type=QDISC)
bind_attrs(tcmsg.tcm_info, Leaf(None), nlmsg_type=TCLASS)
bind_attrs(tcmsg.tcm_info, Preference(None), nlmsg_type=(*TFILTER, *CHAIN))

bind_message(tcmsg, NETLINK_ROUTE, RTM_NEWQDISC=36, RTM_DELQDISC=37, RTM_GETQDISC=38, RTM_NEWTCLASS=40,
             RTM_DELTCLASS=41, RTM_GETTCLASS=42, RTM_NEWTFILTER=44, RTM_DELTFILTER=45, RTM_GETTFILTER=46,
             RTM_NEWCHAIN=100, RTM_DELCHAIN=101, RTM_GETCHAIN=102)
