"""Numbers and struct layouts of the kernel's user-space headers, under the kernel's own names.

Plain numbers to compare with. Enumerations whose values are shown by name are tables: wire/protocol.py and the families
have them. A number that only one module needs is defined in that module.
"""

from __future__ import annotations

from struct import Struct
from typing import Any, TypeVar

Length = TypeVar("Length", int, Any)
"""A number of bytes, or a NumPy array of such numbers."""

# linux/netlink.h
NETLINK_ROUTE = 0
NETLINK_XFRM = 6
NETLINK_CONNECTOR = 11
NETLINK_NETFILTER = 12
NETLINK_GENERIC = 16
NETLINK_ADD_MEMBERSHIP = 1
NETLINK_DROP_MEMBERSHIP = 2
NETLINK_PKTINFO = 3
NETLINK_BROADCAST_ERROR = 4
NETLINK_NO_ENOBUFS = 5
NETLINK_LISTEN_ALL_NSID = 8
NETLINK_LIST_MEMBERSHIPS = 9
NETLINK_CAP_ACK = 10
NETLINK_EXT_ACK = 11
NETLINK_GET_STRICT_CHK = 12
NLMSG_ERROR = 2
NLMSG_DONE = 3
NLMSG_OVERRUN = 4
NLMSG_MIN_TYPE = 0x10
NLMSGERR_ATTR_MSG = 1
NLM_F_REQUEST = 0x1
NLM_F_MULTI = 0x2
NLM_F_ACK = 0x4
NLM_F_ACK_TLVS = 0x200
NLM_F_EXCL = 0x200
NLM_F_DUMP = 0x300
NLM_F_CREATE = 0x400
NLA_F_NESTED = 0x8000
NLA_F_NET_BYTEORDER = 0x4000
NLA_TYPE_MASK = 0x3FFF
"""Of 16 bits: the kernel's has all bits of an int but the two flags."""
NLMSG_HDRLEN = 16
NLA_HDRLEN = 4
STRUCT_NLMSGHDR = Struct("=IHHII")
STRUCT_NLMSGHDR_BY_ORDER = {"<": Struct("<IHHII"), ">": Struct(">IHHII")}
STRUCT_NLATTR = Struct("=HH")
STRUCT_NLATTR_BY_ORDER = {"<": Struct("<HH"), ">": Struct(">HH")}


def nlmsg_align(length: Length) -> Length:
    """Return the bytes that a message of this length takes with the padding after it (NLMSG_ALIGN)."""
    return (length + 3) & ~3


def nla_align(length: Length) -> Length:
    """Return the bytes that an attribute of this length takes with the padding after it (NLA_ALIGN)."""
    return (length + 3) & ~3


# linux/genetlink.h
GENL_ID_CTRL = 0x10
GENL_HDRLEN = 4
CTRL_CMD_NEWFAMILY = 1
CTRL_CMD_DELFAMILY = 2
CTRL_CMD_GETFAMILY = 3
CTRL_ATTR_FAMILY_ID = 1
CTRL_ATTR_FAMILY_NAME = 2

# linux/cn_proc.h, linux/connector.h
CN_IDX_PROC = 1
CN_VAL_PROC = 1
PROC_CN_MCAST_LISTEN = 1
PROC_CN_MCAST_IGNORE = 2
PROC_EVENT_FORK = 0x1
PROC_EVENT_EXEC = 0x2
PROC_EVENT_COMM = 0x200
PROC_EVENT_EXIT = 0x80000000
STRUCT_CN_MSG = Struct("=4I2H")

# linux/if_packet.h
PACKET_BROADCAST = 1
PACKET_MULTICAST = 2
PACKET_OUTGOING = 4
PACKET_USER = 6
PACKET_KERNEL = 7

# linux/if_arp.h
ARPHRD_ETHER = 1
ARPHRD_LOOPBACK = 772
ARPHRD_NETLINK = 824

# linux/if_ether.h
ETH_P_ALL = 3

# linux/if.h
IFF_UP = 0x1

# linux/sched.h
CLONE_NEWNET = 0x40000000

# linux/capability.h
CAP_DAC_READ_SEARCH = 2
CAP_SYS_PTRACE = 19

# asm/socket.h, as most architectures have it
SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35

# sys/socket.h: of the numbers that the kernel keeps in a header of its own
SOL_NETLINK = 270

# pcap/sll.h of libpcap: struct sll_header, which precedes each datagram in a capture of LINKTYPE_NETLINK
SLL_HDR_LEN = 16
STRUCT_SLL_HEADER = Struct(">HHH8sH")


def sll_header(packet_type: int, protocol: int) -> bytes:
    """Return the 16-byte header of a frame: its packet type (PACKET_*), hence its direction, and netlink protocol."""
    return STRUCT_SLL_HEADER.pack(packet_type, ARPHRD_NETLINK, 0, b"", protocol)
