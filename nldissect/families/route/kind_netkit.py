"""netkit pairs: IFLA_INFO_DATA of kind "netkit" (linux/if_link.h)."""

from nldissect.wire import S32, U8, U16, U32, AttrSet, Enum, Struct, bind_attrs

from .link import IFLA_INFO, ifinfomsg


class NETKIT(Enum):
    """Verdict when no BPF program gives one: enum netkit_action."""

    NEXT     = -1
    PASS     = 0
    DROP     = 2
    REDIRECT = 7


class NETKIT_MODE(Enum, prefix="NETKIT"):
    L2 = 0
    L3 = 1


class NETKIT_SCRUB(Enum):
    NONE    = 0
    DEFAULT = 1


class NETKIT_DEVICE(Enum):
    PAIR   = 0
    SINGLE = 1


class IFLA_NETKIT(AttrSet):
    PEER_INFO   = Struct(1, ifinfomsg)
    PRIMARY     = U8(2)
    POLICY      = S32(3, NETKIT)
    PEER_POLICY = S32(4, NETKIT)
    MODE        = U32(5, NETKIT_MODE)
    SCRUB       = U32(6, NETKIT_SCRUB)
    PEER_SCRUB  = U32(7, NETKIT_SCRUB)
    HEADROOM    = U16(8)
    TAILROOM    = U16(9)
    PAIRING     = U32(10, NETKIT_DEVICE)


bind_attrs(IFLA_INFO.DATA, IFLA_NETKIT, KIND="netkit")
