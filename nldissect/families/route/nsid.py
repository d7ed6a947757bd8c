"""Ids of peer network namespaces: RTM_NEWNSID and its kin (linux/net_namespace.h)."""

from nldissect.wire import NETLINK_ROUTE, S32, U8, U32, Attrs, AttrSet, Enum, Message, Pad, bind_message

from ..common import AF


class NETNSA_NSID(Enum):
    NOT_ASSIGNED = -1


class NETNSA(AttrSet):
    NSID         = S32(1, NETNSA_NSID)
    PID          = U32(2)
    FD           = U32(3)
    TARGET_NSID  = S32(4)
    CURRENT_NSID = S32(5, NETNSA_NSID)


class rtgenmsg_nsid(Message):
    """struct rtgenmsg with the attributes it has here."""

    fields_desc = [U8.of("rtgen_family", AF), Pad.of("__pad", 3), Attrs("attrs", NETNSA)]
    summary = (
        "[nsid {NETNSA_NSID}] [pid {NETNSA_PID}] [fd {NETNSA_FD}] [target nsid {NETNSA_TARGET_NSID}]"
        " [current nsid {NETNSA_CURRENT_NSID}]"
    )


bind_message(rtgenmsg_nsid, NETLINK_ROUTE, RTM_NEWNSID=88, RTM_DELNSID=89, RTM_GETNSID=90)
