"""Multicast groups by protocol, and how users write them: `route/link`, `RTNLGRP_LINK`, `uevent/udev`, `16/3`.

A group is a number; the mask in a socket address is another thing (wire/packets/sockaddr.py). Each table names its
header.
"""

from __future__ import annotations

from typing import NamedTuple

from nldissect.errors import FieldError
from nldissect.wire.enums import Enum
from nldissect.wire.protocol import NETLINK
from nldissect.wire.protocol_names import protocol_number, protocol_word


class RTNLGRP(Enum):
    """linux/rtnetlink.h"""

    LINK          = 1
    NOTIFY        = 2
    NEIGH         = 3
    TC            = 4
    IPV4_IFADDR   = 5
    IPV4_MROUTE   = 6
    IPV4_ROUTE    = 7
    IPV4_RULE     = 8
    IPV6_IFADDR   = 9
    IPV6_MROUTE   = 10
    IPV6_ROUTE    = 11
    IPV6_IFINFO   = 12
    DECnet_IFADDR = 13
    DECnet_ROUTE  = 15
    DECnet_RULE   = 16
    IPV6_PREFIX   = 18
    IPV6_RULE     = 19
    ND_USEROPT    = 20
    PHONET_IFADDR = 21
    PHONET_ROUTE  = 22
    DCB           = 23
    IPV4_NETCONF  = 24
    IPV6_NETCONF  = 25
    MDB           = 26
    MPLS_ROUTE    = 27
    NSID          = 28
    MPLS_NETCONF  = 29
    IPV4_MROUTE_R = 30
    IPV6_MROUTE_R = 31
    NEXTHOP       = 32
    BRVLAN        = 33
    MCTP_IFADDR   = 34
    TUNNEL        = 35
    STATS         = 36
    IPV4_MCADDR   = 37
    IPV6_MCADDR   = 38
    IPV6_ACADDR   = 39


class NFNLGRP(Enum):
    """linux/netfilter/nfnetlink.h"""

    CONNTRACK_NEW         = 1
    CONNTRACK_UPDATE      = 2
    CONNTRACK_DESTROY     = 3
    CONNTRACK_EXP_NEW     = 4
    CONNTRACK_EXP_UPDATE  = 5
    CONNTRACK_EXP_DESTROY = 6
    NFTABLES              = 7
    ACCT_QUOTA            = 8
    NFTRACE               = 9


class XFRMNLGRP(Enum):
    """linux/xfrm.h"""

    ACQUIRE = 1
    EXPIRE  = 2
    SA      = 3
    POLICY  = 4
    AEVENTS = 5
    REPORT  = 6
    MIGRATE = 7
    MAPPING = 8


class SKNLGRP(Enum):
    """linux/sock_diag.h"""

    INET_TCP_DESTROY  = 1
    INET_UDP_DESTROY  = 2
    INET6_TCP_DESTROY = 3
    INET6_UDP_DESTROY = 4


class AUDIT_NLGRP(Enum):
    """linux/audit.h"""

    READLOG = 1


class SELNLGRP(Enum):
    """linux/selinux_netlink.h"""

    AVC = 1


class MONITOR_GROUP(Enum):
    """lib/kobject_uevent.c sends to 1, systemd-udevd to 2; the names are systemd's (sd-device, device-monitor.c)."""

    KERNEL = 1
    UDEV   = 2


class CONNECTOR_GROUP(Enum, prefix="CN_IDX"):
    """A connector's group is its idx (linux/connector.h)."""

    PROC = 0x1
    CIFS = 0x2
    V86D = 0x4
    BB   = 0x5
    DM   = 0x7
    DRBD = 0x8


class RDMA_NL_GROUP(Enum):
    """rdma/rdma_netlink.h"""

    IWPM   = 2
    LS     = 3
    NOTIFY = 4


class ISCSI_NL_GRP(Enum):
    """scsi/iscsi_if.h"""

    ISCSID = 1
    UIP    = 2


class SCSI_NL_GRP(Enum):
    """scsi/scsi_netlink.h writes 1 << 2, and drivers/scsi/scsi_netlink.c takes that for the group's number."""

    FC_EVENTS = 4


GROUPS = {
    NETLINK.ROUTE: RTNLGRP,
    NETLINK.SOCK_DIAG: SKNLGRP,
    NETLINK.XFRM: XFRMNLGRP,
    NETLINK.SELINUX: SELNLGRP,
    NETLINK.ISCSI: ISCSI_NL_GRP,
    NETLINK.AUDIT: AUDIT_NLGRP,
    NETLINK.CONNECTOR: CONNECTOR_GROUP,
    NETLINK.NETFILTER: NFNLGRP,
    NETLINK.KOBJECT_UEVENT: MONITOR_GROUP,
    NETLINK.SCSITRANSPORT: SCSI_NL_GRP,
    NETLINK.RDMA: RDMA_NL_GROUP,
}
"""Which groups a protocol has. Those of NETLINK_GENERIC are numbered as families come; only nlctrl's is fixed."""

NLCTRL_NOTIFY = 0x10                    # GENL_ID_CTRL (net/netlink/genetlink.c, genl_ctrl)
ALONE = {NETLINK.KOBJECT_UEVENT: (MONITOR_GROUP.KERNEL,)}
"""What a protocol without a group means, where that is not all its groups."""


class Group(NamedTuple):
    """One group as users name it; `number` is None where only nlctrl knows it: group `name` of the generic `family`."""

    protocol: int
    number: int | None
    family: str = ""
    name: str = ""

    def __str__(self) -> str:
        if self.number is None:
            return f"generic/{self.family}/{self.name}"
        return group_name(self.protocol, self.number)


def group_name(protocol: int, number: int) -> str:
    """A group as `parse` reads it: "route/link", "25/3"."""
    word = protocol_word(protocol)
    names = GROUPS.get(protocol)
    name = names.names.get(number) if names is not None else None
    if names is None or name is None:
        return "generic/nlctrl/notify" if (protocol, number) == (NETLINK.GENERIC, NLCTRL_NOTIFY) else f"{word}/{number}"
    return f"{word}/{names.short(name).lower().replace('_', '-')}"


def group_of(protocol: int, text: str) -> Group:
    """A group of this protocol by number, name without protocol, or the header's name."""
    if text.isdecimal():
        if int(text) < 1:
            raise FieldError(f"no group {text}: groups count from 1")
        return Group(protocol, int(text))
    if protocol == NETLINK.GENERIC:
        family, slash, name = text.removeprefix("generic/").partition("/")
        if not slash or not family or not name:
            raise FieldError(f"a generic group is written FAMILY/GROUP (nlctrl/notify), or as a number; not {text!r}")
        return Group(protocol, NLCTRL_NOTIFY if (family, name) == ("nlctrl", "notify") else None, family, name)
    names = GROUPS.get(protocol)
    where = NETLINK.names.get(protocol, f"protocol {protocol}")
    if names is None:
        raise FieldError(f"the groups of {where} have no names; give the number instead of {text!r}")
    word = text.upper().replace("-", "_").removeprefix("RTMGRP_")
    for known, number in names.numbers.items():
        if word in (known.upper(), names.short(known).upper()):
            return Group(protocol, number)
    listed = " ".join(names.short(one).lower().replace("_", "-") for one in names.numbers)
    raise FieldError(f"{where} has no group {text!r}; there are {listed}")


def parse(text: str) -> list[Group]:
    """Groups of any protocol: PROTOCOL/GROUP, the header's name (RTNLGRP_LINK), or a protocol alone for all it has."""
    for protocol, names in GROUPS.items():
        if names.prefix and text.upper().startswith(names.prefix + "_"):
            return [group_of(protocol, text)]
    word, slash, rest = text.partition("/")
    protocol = protocol_number(word)
    if slash:
        return [group_of(protocol, rest)]
    if protocol == NETLINK.GENERIC:
        return [Group(protocol, NLCTRL_NOTIFY, "nlctrl", "notify")]
    if protocol not in GROUPS:
        raise FieldError(f"the groups of {text} have no names; write {text}/NUMBER")
    return [Group(protocol, number) for number in ALONE.get(protocol, tuple(GROUPS[protocol].names))]
