"""The names that family files are written with, gathered; `from nldissect.wire import AttrSet` gets them from here."""

from .addresses import Addr, Mac
from .attrs import AttrSet, bind_attrs
from .bindings import bind_datagram, bind_genl, bind_message, bind_rest
from .bits import BitList, Bits, Bits16, Bits32, BitSet
from .composing import bind_composer
from .conditions import Conditions
from .context import Context
from .decode.walk import walk
from .echo import Echo
from .errno import Errno
from .flags import NETLINK, NLM_F, PACKET
from .frame import nlmon
from .kinds import Kind
from .logtext import LogLine
from .message import Message
from .names import Enum, Flags
from .nlmsg import genlmsghdr, nlmsghdr
from .nodes import Frame, Node, Walked
from .opaque import Blob, Flag, Framed, Inside, Pad, Rest, Secret
from .scalars import (
    S8,
    S16,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    Array,
    Be16,
    Be32,
    Be64,
    BeHandle,
    BeS32,
    BeUint,
    Bitfield32,
    Handle,
    Le16,
    Le32,
    Le64,
    LeUint,
    Scalar,
    Sint,
    Uint,
)
from .shapes import Attrs, Nest, Nests, Records, Struct, Structs, Tlv, Varying
from .sockaddr import groups_in, mask_of, sockaddr_nl
from .texts import Base64, KeyValues, Text, TextOrHex, Texts
from .worded import Worded, Worded8, Worded32, WordedS32

NETLINK_ROUTE = NETLINK.ROUTE
NETLINK_USERSOCK = NETLINK.USERSOCK
NETLINK_SOCK_DIAG = NETLINK.SOCK_DIAG
NETLINK_NFLOG = NETLINK.NFLOG
NETLINK_XFRM = NETLINK.XFRM
NETLINK_SELINUX = NETLINK.SELINUX
NETLINK_ISCSI = NETLINK.ISCSI
NETLINK_AUDIT = NETLINK.AUDIT
NETLINK_FIB_LOOKUP = NETLINK.FIB_LOOKUP
NETLINK_CONNECTOR = NETLINK.CONNECTOR
NETLINK_NETFILTER = NETLINK.NETFILTER
NETLINK_KOBJECT_UEVENT = NETLINK.KOBJECT_UEVENT
NETLINK_GENERIC = NETLINK.GENERIC
NETLINK_SCSITRANSPORT = NETLINK.SCSITRANSPORT
NETLINK_ECRYPTFS = NETLINK.ECRYPTFS
NETLINK_RDMA = NETLINK.RDMA
NETLINK_CRYPTO = NETLINK.CRYPTO
NETLINK_SMC = NETLINK.SMC
