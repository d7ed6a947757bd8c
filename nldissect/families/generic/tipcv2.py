"""TIPC, the cluster protocol: nodes, bearers, links, names, sockets (linux/tipc_netlink.h, net/tipc/)."""

from nldissect.wire import (
    U32,
    U64,
    Array,
    AttrSet,
    Enum,
    Flag,
    Message,
    Nest,
    Pad,
    Secret,
    Struct,
    Text,
    TextOrHex,
    bind_attrs,
    bind_genl,
)

from ..common import kernel_sockaddr_storage
from ..sock_diag.tipc import TIPC_DIAG_SOCK


class TIPC_SCOPE(Enum, prefix="TIPC"):
    ZONE_SCOPE    = 1
    CLUSTER_SCOPE = 2
    NODE_SCOPE    = 3


class TIPC_SERVICE(Enum, prefix="TIPC"):
    """Service types that are taken; users' begin at 64 (linux/tipc.h)."""

    NODE_STATE = 0
    TOP_SRV    = 1
    LINK_STATE = 2


class BCLINK_MODE(Enum):
    """How broadcasts go out: broadcast, replicast, as the link selects (net/tipc/bcast.h)."""

    BCAST = 1
    RCAST = 2
    SEL   = 4


class TIPC_REKEYING(Enum):
    NOW = 0xFFFFFFFF


class tipc_aead_key(Message):
    fields_desc = [Text.of("alg_name", 32), U32.of("keylen"), Secret.of("key", count="keylen")]


class TIPC_NLA_PROP(AttrSet):
    PRIO            = U32(1)
    TOL             = U32(2)
    WIN             = U32(3)
    MTU             = U32(4)
    BROADCAST       = U32(5, BCLINK_MODE)
    BROADCAST_RATIO = U32(6)


class TIPC_NLA_UDP(AttrSet):
    LOCAL          = Struct(1, kernel_sockaddr_storage)
    REMOTE         = Struct(2, kernel_sockaddr_storage)
    MULTI_REMOTEIP = Flag(3)


class TIPC_NLA_BEARER(AttrSet):
    NAME     = Text(1)
    PROP     = Nest(2, TIPC_NLA_PROP)
    DOMAIN   = U32(3, base=16)
    UDP_OPTS = Nest(4, TIPC_NLA_UDP)


class TIPC_NLA_STATS(AttrSet):
    RX_INFO       = U32(1)
    RX_FRAGMENTS  = U32(2)
    RX_FRAGMENTED = U32(3)
    RX_BUNDLES    = U32(4)
    RX_BUNDLED    = U32(5)
    TX_INFO       = U32(6)
    TX_FRAGMENTS  = U32(7)
    TX_FRAGMENTED = U32(8)
    TX_BUNDLES    = U32(9)
    TX_BUNDLED    = U32(10)
    MSG_PROF_TOT  = U32(11)
    MSG_LEN_CNT   = U32(12)
    MSG_LEN_TOT   = U32(13)
    MSG_LEN_P0    = U32(14)
    MSG_LEN_P1    = U32(15)
    MSG_LEN_P2    = U32(16)
    MSG_LEN_P3    = U32(17)
    MSG_LEN_P4    = U32(18)
    MSG_LEN_P5    = U32(19)
    MSG_LEN_P6    = U32(20)
    RX_STATES     = U32(21)
    RX_PROBES     = U32(22)
    RX_NACKS      = U32(23)
    RX_DEFERRED   = U32(24)
    TX_STATES     = U32(25)
    TX_PROBES     = U32(26)
    TX_NACKS      = U32(27)
    TX_ACKS       = U32(28)
    RETRANSMITTED = U32(29)
    DUPLICATES    = U32(30)
    LINK_CONGS    = U32(31)
    MAX_QUEUE     = U32(32)
    AVG_QUEUE     = U32(33)


class TIPC_NLA_LINK(AttrSet):
    NAME      = Text(1)
    DEST      = U32(2, base=16)
    MTU       = U32(3)
    BROADCAST = Flag(4)
    UP        = Flag(5)
    ACTIVE    = Flag(6)
    PROP      = Nest(7, TIPC_NLA_PROP)
    STATS     = Nest(8, TIPC_NLA_STATS)
    RX        = U32(9)
    TX        = U32(10)


class TIPC_NLA_MEDIA(AttrSet):
    NAME = Text(1)
    PROP = Nest(2, TIPC_NLA_PROP)


class TIPC_NLA_NODE(AttrSet):
    ADDR       = U32(1, base=16)
    UP         = Flag(2)
    ID         = TextOrHex(3, 16)
    KEY        = Struct(4, tipc_aead_key)
    KEY_MASTER = Flag(5)
    REKEYING   = U32(6, TIPC_REKEYING)


class TIPC_NLA_NET(AttrSet):
    """NODEID and NODEID_W1 are the halves of 16 bytes, as a rule of text, which the kernel moves as two u64."""

    UNSPEC      = Pad(0)                    # what aligns NODEID
    ID          = U32(1)
    ADDR        = U32(2, base=16)
    NODEID      = TextOrHex(3, 8)
    NODEID_W1   = TextOrHex(4, 8)
    ADDR_LEGACY = Flag(5)


class TIPC_NLA_PUBL(AttrSet):
    TYPE  = U32(1, TIPC_SERVICE)
    LOWER = U32(2)
    UPPER = U32(3)
    SCOPE = U32(4, TIPC_SCOPE)
    NODE  = U32(5, base=16)
    REF   = U32(6)
    KEY   = U32(7)


class TIPC_NLA_NAME_TABLE(AttrSet):
    PUBL = Nest(1, TIPC_NLA_PUBL)


class TIPC_NLA_MON(AttrSet):
    ACTIVATION_THRESHOLD = U32(1)
    REF                  = U32(2)
    ACTIVE               = Flag(3)
    BEARER_NAME          = Text(4)
    PEERCNT              = U32(5)
    LISTGEN              = U32(6)


class TIPC_NLA_MON_PEER(AttrSet):
    ADDR    = U32(1, base=16)
    DOMGEN  = U32(2)
    APPLIED = U32(3)
    UPMAP   = U64(4, base=16)
    MEMBERS = Array(5, U32(None, base=16))
    UP      = Flag(6)
    HEAD    = Flag(7)
    LOCAL   = Flag(8)
    PAD     = Pad(9)


PROP = (
    "[priority {TIPC_NLA_PROP_PRIO} ][tolerance {TIPC_NLA_PROP_TOL} ms ][window {TIPC_NLA_PROP_WIN} ]"
    "[mtu {TIPC_NLA_PROP_MTU} ][broadcast {TIPC_NLA_PROP_BROADCAST} ][ratio {TIPC_NLA_PROP_BROADCAST_RATIO} ]"
)


class TIPC_NLA(AttrSet):
    BEARER     = Nest(1, TIPC_NLA_BEARER)
    SOCK       = Nest(2, TIPC_DIAG_SOCK)
    PUBL       = Nest(3, TIPC_NLA_PUBL)
    LINK       = Nest(4, TIPC_NLA_LINK)
    MEDIA      = Nest(5, TIPC_NLA_MEDIA)
    NODE       = Nest(6, TIPC_NLA_NODE)
    NET        = Nest(7, TIPC_NLA_NET)
    NAME_TABLE = Nest(8, TIPC_NLA_NAME_TABLE)
    MON        = Nest(9, TIPC_NLA_MON)
    MON_PEER   = Nest(10, TIPC_NLA_MON_PEER)

    template = (
        "[{TIPC_NLA_BEARER_NAME|TIPC_NLA_LINK_NAME|TIPC_NLA_MEDIA_NAME} ][domain {TIPC_NLA_BEARER_DOMAIN} ]"
        "[{sin_addr}:{sin_port} ][{sin6_addr}:{sin6_port} ]"
        "[{?TIPC_NLA_LINK_BROADCAST}broadcast ][to {TIPC_NLA_LINK_DEST} ][{?TIPC_NLA_LINK_UP}up ]"
        "[{?TIPC_NLA_LINK_ACTIVE}active ][mtu {TIPC_NLA_LINK_MTU} ]" + PROP +
        "[rx {TIPC_NLA_LINK_RX} ][tx {TIPC_NLA_LINK_TX} ]"
        "[socket {TIPC_NLA_SOCK_ADDR}:{TIPC_NLA_SOCK_REF} ][{!TIPC_NLA_SOCK_ADDR}socket {TIPC_NLA_SOCK_REF} ]"
        "[{?TIPC_NLA_SOCK_HAS_PUBL}bound ][connected to {TIPC_NLA_CON_NODE}:{TIPC_NLA_CON_SOCK} ]"
        "[name {TIPC_NLA_PUBL_TYPE}:{TIPC_NLA_PUBL_LOWER}-{TIPC_NLA_PUBL_UPPER} ][{TIPC_NLA_PUBL_SCOPE} ]"
        "[port {TIPC_NLA_PUBL_NODE}:{TIPC_NLA_PUBL_REF} ]"
        "[node {TIPC_NLA_NODE_ADDR} ][{?TIPC_NLA_NODE_UP}up ][node {TIPC_NLA_NODE_ID} ][key {alg_name} ]"
        "[{?TIPC_NLA_NODE_KEY_MASTER}master ][rekeying {TIPC_NLA_NODE_REKEYING} ]"
        "[net {TIPC_NLA_NET_ID} ][address {TIPC_NLA_NET_ADDR} ]"
        "[identity {TIPC_NLA_NET_NODEID}[{TIPC_NLA_NET_NODEID_W1}] ][{?TIPC_NLA_NET_ADDR_LEGACY}legacy ]"
        "[threshold {TIPC_NLA_MON_ACTIVATION_THRESHOLD} ][{TIPC_NLA_MON_BEARER_NAME} ][peers {TIPC_NLA_MON_PEERCNT} ]"
        "[peer {TIPC_NLA_MON_PEER_ADDR} ][{?TIPC_NLA_MON_PEER_UP}up ][{?TIPC_NLA_MON_PEER_LOCAL}local ]"
        "[{?TIPC_NLA_MON_PEER_HEAD}head]"
    )


# The answers to TIPC_NL_UDP_GET_REMOTEIP bear this command, and a number of TIPC_NLA_UDP where others have TIPC_NLA's.
bind_attrs(TIPC_NLA.SOCK, kernel_sockaddr_storage, cmd=4, to="user")

bind_genl(
    TIPC_NLA,
    "TIPCv2",
    TIPC_NL_LEGACY=1,
    TIPC_NL_BEARER_DISABLE=2,
    TIPC_NL_BEARER_ENABLE=3,
    TIPC_NL_BEARER_GET=4,
    TIPC_NL_BEARER_SET=5,
    TIPC_NL_SOCK_GET=6,
    TIPC_NL_PUBL_GET=7,
    TIPC_NL_LINK_GET=8,
    TIPC_NL_LINK_SET=9,
    TIPC_NL_LINK_RESET_STATS=10,
    TIPC_NL_MEDIA_GET=11,
    TIPC_NL_MEDIA_SET=12,
    TIPC_NL_NODE_GET=13,
    TIPC_NL_NET_GET=14,
    TIPC_NL_NET_SET=15,
    TIPC_NL_NAME_TABLE_GET=16,
    TIPC_NL_MON_SET=17,
    TIPC_NL_MON_GET=18,
    TIPC_NL_MON_PEER_GET=19,
    TIPC_NL_PEER_REMOVE=20,
    TIPC_NL_BEARER_ADD=21,
    TIPC_NL_UDP_GET_REMOTEIP=22,
    TIPC_NL_KEY_SET=23,
    TIPC_NL_KEY_FLUSH=24,
    TIPC_NL_ADDR_LEGACY_GET=25,
)
