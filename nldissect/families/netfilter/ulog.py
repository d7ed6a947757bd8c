"""Logged packets, NFLOG (linux/netfilter/nfnetlink_log.h)."""

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

from ..common import ARPHRD, ETH_P
from .conntrack import CTA
from .nfnetlink import NF_INET, NFGENMSG, NFPROTO
from .queue import IP_CT


class nfulnl_msg_packet_hdr(Message):
    fields_desc = [Be16.of("hw_protocol", ETH_P), U8.of("hook", NF_INET), Pad.of("_pad", 1)]


class nfulnl_msg_packet_hw(Message):
    fields_desc = [Be16.of("hw_addrlen"), Pad.of("_pad", 2), Mac.of("hw_addr", 8)]


class nfulnl_msg_packet_timestamp(Message):
    fields_desc = [Be64.of("sec", measure="time"), Be64.of("usec")]


class NFULA_VLAN(AttrSet):
    PROTO = Be16(1, ETH_P)
    TCI   = Be16(2, base=16)


class NFULA(AttrSet):
    PACKET_HDR         = Struct(1, nfulnl_msg_packet_hdr)
    MARK               = Be32(2)
    TIMESTAMP          = Struct(3, nfulnl_msg_packet_timestamp)
    IFINDEX_INDEV      = Be32(4, refers="interface")
    IFINDEX_OUTDEV     = Be32(5, refers="interface")
    IFINDEX_PHYSINDEV  = Be32(6, refers="interface")
    IFINDEX_PHYSOUTDEV = Be32(7, refers="interface")
    HWADDR             = Struct(8, nfulnl_msg_packet_hw)
    PAYLOAD            = Blob(9, "a packet from its network header on")
    PREFIX             = Text(10)
    UID                = Be32(11)
    SEQ                = Be32(12)
    SEQ_GLOBAL         = Be32(13)
    GID                = Be32(14)
    HWTYPE             = Be16(15, ARPHRD)
    HWHEADER           = Blob(16, "the packet's link-layer header")
    HWLEN              = Be16(17)
    CT                 = Nest(18, CTA)
    CT_INFO            = Be32(19, IP_CT)
    VLAN               = Nest(20, NFULA_VLAN)
    L2HDR              = Blob(21, "the packet's link-layer header")


bind_attrs(NFULA.PAYLOAD, Inside(None, "scapy.layers.inet:IP"), nfgen_family=NFPROTO.IPV4)
bind_attrs(NFULA.PAYLOAD, Inside(None, "scapy.layers.inet6:IPv6"), nfgen_family=NFPROTO.IPV6)
bind_attrs(NFULA.HWHEADER, Inside(None, "scapy.layers.l2:Ether"), HWTYPE=ARPHRD.ETHER)


class nfulnl_packet(Message):               # res_id is the number of the group
    fields_desc = [*NFGENMSG, Attrs("attrs", NFULA)]
    summary = "group {res_id} [{NFULA_PREFIX}] [{hook}] [{hw_protocol}] [indev {NFULA_IFINDEX_INDEV}] " \
              "[outdev {NFULA_IFINDEX_OUTDEV}] [mark {NFULA_MARK}] [uid {NFULA_UID}] [seq {NFULA_SEQ}]"


class NFULNL_CFG_CMD(Enum):
    NONE      = 0
    BIND      = 1
    UNBIND    = 2
    PF_BIND   = 3
    PF_UNBIND = 4


class NFULNL_COPY(Enum):
    NONE   = 0
    META   = 1
    PACKET = 2


class NFULNL_CFG_F(Flags):
    SEQ        = 0x1
    SEQ_GLOBAL = 0x2
    CONNTRACK  = 0x4


class nfulnl_msg_config_cmd(Message):
    fields_desc = [U8.of("command_", NFULNL_CFG_CMD)]


class nfulnl_msg_config_mode(Message):
    fields_desc = [Be32.of("copy_range"), U8.of("copy_mode", NFULNL_COPY), Pad.of("_pad", 1)]


class NFULA_CFG(AttrSet):
    CMD      = Struct(1, nfulnl_msg_config_cmd)
    MODE     = Struct(2, nfulnl_msg_config_mode)
    NLBUFSIZ = Be32(3)
    TIMEOUT  = Be32(4, measure="clock_t")  # hundredths of a second
    QTHRESH  = Be32(5)
    FLAGS    = Be16(6, NFULNL_CFG_F)


class nfulnl_config(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFULA_CFG)]
    summary = "group {res_id} [{command}] [{copy_mode}] [range {copy_range}] [buffer {NFULA_CFG_NLBUFSIZ}] " \
              "[threshold {NFULA_CFG_QTHRESH}] [flags {NFULA_CFG_FLAGS}]"


bind_message(nfulnl_packet, NETLINK_NETFILTER, NFULNL_MSG_PACKET=0x400)
bind_message(nfulnl_config, NETLINK_NETFILTER, NFULNL_MSG_CONFIG=0x401)
bind_counter(NETLINK_NETFILTER, "NFULNL_MSG_PACKET", field="NFULA_SEQ", by="res_id", what="packets of group {res_id}")
