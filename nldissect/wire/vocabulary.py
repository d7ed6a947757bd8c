"""The names that family files are written with; `from nldissect.wire import AttrSet` gets them from here."""

from .addresses import Addr, Mac
from .attr_set import AttrSet, TlvHeader, bind_attrs
from .audit_text import LogLine
from .bits import BitList, Bits, Bits16, Bits32, BitSet, bit_list
from .composers import bind_composer
from .containers import Attrs, Nest, Nests, Records, Struct, Structs, Tlv, Varying
from .context import Context
from .decode.nodes import DecodedFrame, DecodedMessage, Node, nodes_of
from .decode.walk import walk
from .enums import Enum, Flags
from .errno import ERRNO, Errno
from .kernel_content import AttrPath, KernelContent, bind_kernel_content
from .kind import Kind
from .numbers import (
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
from .opaque import Blob, Flag, Framed, Inside, Pad, Rest, Secret
from .packets.ack_fields import Echo
from .packets.bindings import bind_datagram, bind_genl, bind_message, bind_rest, message_type_names
from .packets.frame import nlmon
from .packets.message import Message
from .packets.nlmsghdr import genlmsghdr, nlmsghdr
from .packets.sockaddr import groups_in, mask_of, sockaddr_nl
from .phrases import Phrases
from .policy_words import format_policy
from .protocol import NETLINK, NLM_F, PACKET
from .rule_matches import Conditions
from .semantics.objects import (
    AnchorFinder,
    Counterpart,
    MessagePredicate,
    ObjectAnchor,
    ObservedChange,
    Reach,
    RepeatedValue,
    SiblingRule,
    bind_gone,
    bind_no_object,
    bind_object,
    get_int,
    has_field,
    has_flag,
)
from .semantics.refusals import (
    AttributeMissing,
    GatewayUnreached,
    LeafValues,
    ObjectAbsent,
    ObjectPresent,
    ObjectReader,
    ObjectReference,
    ObjectSearch,
    ObjectValue,
    Reference,
    ReferenceFinder,
    RequestedGateway,
    bind_departure,
    bind_names,
    bind_refusal,
    own_node,
)
from .semantics.request_forms import Gateway, MaskedField, RequestForm, bind_request_form, request_form
from .semantics.sequence_numbers import bind_counter
from .semantics.strict import bind_flagged, bind_obsolete, bind_strict
from .text import Base64, KeyValues, Text, TextOrHex, Texts
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
