"""Connection tracking: helpers in user space (linux/netfilter/nfnetlink_cthelper.h)."""

from nldissect.wire import NETLINK_NETFILTER, U8, Attrs, AttrSet, Be16, Be32, Enum, Message, Nest, Text, bind_message

from ..common import IPPROTO
from .nfnetlink import NFGENMSG, NFPROTO


class NFCT_HELPER_STATUS(Enum):
    DISABLED = 0
    ENABLED  = 1


class NFCTH_TUPLE(AttrSet):
    L3PROTONUM = Be16(1, NFPROTO)
    L4PROTONUM = U8(2, IPPROTO)


class NFCTH_POLICY(AttrSet):
    NAME           = Text(1)
    EXPECT_MAX     = Be32(2)
    EXPECT_TIMEOUT = Be32(3, measure="s")


class NFCTH_POLICY_SET(AttrSet, prefix="NFCTH_POLICY"):
    SET_NUM = Be32(1)
    SET     = Nest(2, NFCTH_POLICY, also="SET1")
    SET2    = Nest(3, NFCTH_POLICY)
    SET3    = Nest(4, NFCTH_POLICY)
    SET4    = Nest(5, NFCTH_POLICY)


class NFCTH(AttrSet):
    NAME          = Text(1)
    TUPLE         = Nest(2, NFCTH_TUPLE)
    QUEUE_NUM     = Be32(3)
    POLICY        = Nest(4, NFCTH_POLICY_SET)
    PRIV_DATA_LEN = Be32(5)
    STATUS        = Be32(6, NFCT_HELPER_STATUS)


class nfnl_cthelper(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", NFCTH)]
    summary = "[{NFCTH_NAME}] [{NFCTH_TUPLE_L3PROTONUM}] [{NFCTH_TUPLE_L4PROTONUM}] [queue {NFCTH_QUEUE_NUM}] " \
              "[{NFCTH_STATUS}]"


bind_message(nfnl_cthelper, NETLINK_NETFILTER, NFNL_MSG_CTHELPER_NEW=0x900, NFNL_MSG_CTHELPER_GET=0x901,
             NFNL_MSG_CTHELPER_DEL=0x902)
