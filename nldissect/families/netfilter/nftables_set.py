"""nftables: sets, maps and their elements (linux/netfilter/nf_tables.h, libnftnl/udata.h, nft's datatype.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U32,
    Attrs,
    AttrSet,
    Be32,
    Be64,
    Blob,
    Enum,
    Flags,
    Message,
    Nest,
    Nests,
    Pad,
    Text,
    Tlv,
    bind_message,
)

from .nfnetlink import NFGENMSG
from .nftables_data import NFT_OBJECT, NFTA_DATA, NFTA_EXPR, NFTA_LIST
from .nftables_types import DataType


class NFT_SET(Flags):
    ANONYMOUS = 0x1
    CONSTANT  = 0x2
    INTERVAL  = 0x4
    MAP       = 0x8
    TIMEOUT   = 0x10
    EVAL      = 0x20
    OBJECT    = 0x40
    CONCAT    = 0x80
    EXPR      = 0x100


class NFT_SET_POL(Enum):
    PERFORMANCE = 0
    MEMORY      = 1


class BYTEORDER(Enum):
    INVALID     = 0
    HOST_ENDIAN = 1
    BIG_ENDIAN  = 2


class NFTA_SET_FIELD(AttrSet):
    LEN = Be32(1)


class NFTA_LIST_FIELD(AttrSet, prefix="NFTA_LIST"):
    ELEM = Nest(1, NFTA_SET_FIELD, many=True)


class NFTA_SET_DESC(AttrSet):
    SIZE   = Be32(1)
    CONCAT = Nest(2, NFTA_LIST_FIELD)


class NFTNL_UDATA_SET_TYPEOF(AttrSet):
    EXPR = U32(0)
    DATA = Blob(1, "nft's private description of the expression it takes the type from")


class NFTNL_UDATA_SET(AttrSet):
    KEYBYTEORDER   = U32(0, BYTEORDER)
    DATABYTEORDER  = U32(1, BYTEORDER)
    MERGE_ELEMENTS = U32(2)
    KEY_TYPEOF     = Tlv(3, "BB", NFTNL_UDATA_SET_TYPEOF)
    DATA_TYPEOF    = Tlv(4, "BB", NFTNL_UDATA_SET_TYPEOF)
    EXPR           = Blob(5, "nft's private description of an expression")
    DATA_INTERVAL  = U32(6)
    COMMENT        = Text(7)


class NFTA_SET(AttrSet):
    TABLE       = Text(1)
    NAME        = Text(2)
    FLAGS       = Be32(3, NFT_SET)
    KEY_TYPE    = DataType(4)
    KEY_LEN     = Be32(5)
    DATA_TYPE   = DataType(6)
    DATA_LEN    = Be32(7)
    POLICY      = Be32(8, NFT_SET_POL)
    DESC        = Nest(9, NFTA_SET_DESC)
    ID          = Be32(10)
    TIMEOUT     = Be64(11, measure="ms")
    GC_INTERVAL = Be32(12, measure="ms")
    USERDATA    = Tlv(13, "BB", NFTNL_UDATA_SET)
    PAD         = Pad(14)
    OBJ_TYPE    = Be32(15, NFT_OBJECT)
    HANDLE      = Be64(16)
    EXPR        = Nest(17, NFTA_EXPR)
    EXPRESSIONS = Nest(18, NFTA_LIST)
    TYPE        = Text(19)
    COUNT       = Be32(20)


class nft_set(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_SET)]
    summary = "set {nfgen_family} [{NFTA_SET_TABLE}] [{NFTA_SET_NAME}] [handle {NFTA_SET_HANDLE}] " \
              "[type {NFTA_SET_KEY_TYPE}] [: {NFTA_SET_DATA_TYPE}] [flags {NFTA_SET_FLAGS}] " \
              "[timeout {NFTA_SET_TIMEOUT}] [size {NFTA_SET_DESC_SIZE}] " \
              "[count {NFTA_SET_COUNT}] [comment {NFTNL_UDATA_SET_COMMENT}]"
    teaches = ("nft_set", "NFTA_SET_ID", "NFTA_SET_NAME")


class NFT_SET_ELEM(Flags):
    INTERVAL_END = 0x1
    CATCHALL     = 0x2


class NFTNL_SET_ELEM_F(Flags):
    INTERVAL_OPEN = 0x1


class NFTNL_UDATA_SET_ELEM(AttrSet):
    COMMENT = Text(0)
    FLAGS   = U32(1, NFTNL_SET_ELEM_F)


class NFTA_SET_ELEM(AttrSet):
    KEY         = Nest(1, NFTA_DATA)
    DATA        = Nest(2, NFTA_DATA)
    FLAGS       = Be32(3, NFT_SET_ELEM)
    TIMEOUT     = Be64(4, measure="ms")
    EXPIRATION  = Be64(5, measure="ms")
    USERDATA    = Tlv(6, "BB", NFTNL_UDATA_SET_ELEM)
    EXPR        = Nest(7, NFTA_EXPR)
    PAD         = Pad(8)
    OBJREF      = Text(9)
    KEY_END     = Nest(10, NFTA_DATA)
    EXPRESSIONS = Nest(11, NFTA_LIST)


class NFTA_SET_ELEM_LIST(AttrSet):
    TABLE    = Text(1)
    SET      = Text(2)
    ELEMENTS = Nests(3, NFTA_SET_ELEM)      # libnftnl numbers them, the kernel calls each NFTA_LIST_ELEM
    SET_ID   = Be32(4, refers="nft_set")


class nft_set_elem_list(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFTA_SET_ELEM_LIST)]
    summary = "element {nfgen_family} {NFTA_SET_ELEM_LIST_TABLE} {NFTA_SET_ELEM_LIST_SET} " \
              "[elements {NFTA_SET_ELEM_LIST_ELEMENTS#}] [key {NFTA_DATA_VALUE}]"


bind_message(nft_set, NETLINK_NETFILTER, NFT_MSG_NEWSET=0xA09, NFT_MSG_GETSET=0xA0A, NFT_MSG_DELSET=0xA0B,
             NFT_MSG_DESTROYSET=0xA1D)
bind_message(nft_set_elem_list, NETLINK_NETFILTER, NFT_MSG_NEWSETELEM=0xA0C, NFT_MSG_GETSETELEM=0xA0D,
             NFT_MSG_DELSETELEM=0xA0E, NFT_MSG_DESTROYSETELEM=0xA1E, NFT_MSG_GETSETELEM_RESET=0xA21)
