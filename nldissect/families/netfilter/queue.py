"""Packets queued to user space, and the verdicts on them (linux/netfilter/nfnetlink_queue.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U8,
    Attrs,
    AttrSet,
    Be16,
    Be32,
    Be64,
    Blob,
    Enum,
    Flags,
    Inside,
    Mac,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_attrs,
    bind_counter,
    bind_message,
)

from ..common import AF, ETH_P
from .conntrack import CTA
from .conntrack_exp import CTA_EXPECT
from .nfnetlink import NF_INET, NFGENMSG, NFPROTO
from .nftables_data import NFT_VERDICT


class IP_CT(Enum):
    ESTABLISHED       = 0
    RELATED           = 1
    NEW               = 2
    ESTABLISHED_REPLY = 3
    RELATED_REPLY     = 4


class NFQA_SKB(Flags):
    CSUMNOTREADY     = 0x1
    GSO              = 0x2
    CSUM_NOTVERIFIED = 0x4


class nfqnl_msg_packet_hdr(Message):
    fields_desc = [Be32.of("packet_id"), Be16.of("hw_protocol", ETH_P), U8.of("hook", NF_INET)]


class nfqnl_msg_verdict_hdr(Message):       # NF_QUEUE carries the queue's number in its upper half
    fields_desc = [Be32.of("verdict", NFT_VERDICT), Be32.of("id")]


class nfqnl_msg_packet_timestamp(Message):
    fields_desc = [Be64.of("sec", measure="time"), Be64.of("usec")]


class nfqnl_msg_packet_hw(Message):
    fields_desc = [Be16.of("hw_addrlen"), Pad.of("_pad", 2), Mac.of("hw_addr", 8)]


class NFQA_VLAN(AttrSet):
    PROTO = Be16(1, ETH_P)
    TCI   = Be16(2, base=16)


class NFQA(AttrSet):
    PACKET_HDR         = Struct(1, nfqnl_msg_packet_hdr)
    VERDICT_HDR        = Struct(2, nfqnl_msg_verdict_hdr)
    MARK               = Be32(3)
    TIMESTAMP          = Struct(4, nfqnl_msg_packet_timestamp)
    IFINDEX_INDEV      = Be32(5, refers="interface")
    IFINDEX_OUTDEV     = Be32(6, refers="interface")
    IFINDEX_PHYSINDEV  = Be32(7, refers="interface")
    IFINDEX_PHYSOUTDEV = Be32(8, refers="interface")
    HWADDR             = Struct(9, nfqnl_msg_packet_hw)
    PAYLOAD            = Blob(10, "a packet from its network header on")
    CT                 = Nest(11, CTA)
    CT_INFO            = Be32(12, IP_CT)
    CAP_LEN            = Be32(13)
    SKB_INFO           = Be32(14, NFQA_SKB)
    EXP                = Nest(15, CTA_EXPECT)
    UID                = Be32(16)
    GID                = Be32(17)
    SECCTX             = Text(18)
    VLAN               = Nest(19, NFQA_VLAN)
    L2HDR              = Blob(20, "the packet's link-layer header")
    PRIORITY           = Be32(21, base=16)
    CGROUP_CLASSID     = Be32(22, base=16)


bind_attrs(NFQA.PAYLOAD, Inside(None, "scapy.layers.inet:IP"), nfgen_family=NFPROTO.IPV4)
bind_attrs(NFQA.PAYLOAD, Inside(None, "scapy.layers.inet6:IPv6"), nfgen_family=NFPROTO.IPV6)


class nfqnl_packet(Message):                # res_id is the number of the queue
    fields_desc = [*NFGENMSG, Attrs("attrs", NFQA)]
    summary = "queue {res_id} [packet {packet_id|id}] [{verdict}] [{hook}] [{hw_protocol}] " \
              "[indev {NFQA_IFINDEX_INDEV}] [outdev {NFQA_IFINDEX_OUTDEV}] [mark {NFQA_MARK}] [length {NFQA_CAP_LEN}]"


class NFQNL_CFG_CMD(Enum):
    NONE      = 0
    BIND      = 1
    UNBIND    = 2
    PF_BIND   = 3
    PF_UNBIND = 4


class NFQNL_COPY(Enum):
    NONE   = 0
    META   = 1
    PACKET = 2


class NFQA_CFG_F(Flags):
    FAIL_OPEN = 0x01
    CONNTRACK = 0x02
    GSO       = 0x04
    UID_GID   = 0x08
    SECCTX    = 0x10


class nfqnl_msg_config_cmd(Message):
    fields_desc = [U8.of("command_", NFQNL_CFG_CMD), Pad.of("_pad", 1), Be16.of("pf", AF)]


class nfqnl_msg_config_params(Message):
    fields_desc = [Be32.of("copy_range"), U8.of("copy_mode", NFQNL_COPY)]


class NFQA_CFG(AttrSet):
    CMD          = Struct(1, nfqnl_msg_config_cmd)
    PARAMS       = Struct(2, nfqnl_msg_config_params)
    QUEUE_MAXLEN = Be32(3)
    MASK         = Be32(4, NFQA_CFG_F)
    FLAGS        = Be32(5, NFQA_CFG_F)


class nfqnl_config(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFQA_CFG)]
    summary = "queue {res_id} [{command}] [{copy_mode}] [range {copy_range}] [maxlen {NFQA_CFG_QUEUE_MAXLEN}] " \
              "[flags {NFQA_CFG_FLAGS}]"


bind_message(nfqnl_packet, NETLINK_NETFILTER, NFQNL_MSG_PACKET=0x300, NFQNL_MSG_VERDICT=0x301,
             NFQNL_MSG_VERDICT_BATCH=0x303)
bind_message(nfqnl_config, NETLINK_NETFILTER, NFQNL_MSG_CONFIG=0x302)
bind_counter(NETLINK_NETFILTER, "NFQNL_MSG_PACKET", field="packet_id", by="res_id", what="packets of queue {res_id}")
