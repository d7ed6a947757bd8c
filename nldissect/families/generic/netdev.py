"""Devices as drivers see them: XDP, queues, NAPI instances, page pools (linux/netdev.h, net/core/netdev-genl.c).

Newer than 6.12: NETDEV_CMD_NAPI_SET and what it sets (6.13; THREADED 6.17, BUSY_POLL 6.19), IO_URING and XSK (6.15),
NETDEV_CMD_BIND_TX (6.16), RX_BUF_LEN, RX_PAGE_SIZE, NETDEV_CMD_QUEUE_CREATE and leases (7.0 and later).
"""

from nldissect.wire import S32, U32, U64, AttrSet, Enum, Flags, Nest, Pad, Uint, bind_flagged, bind_genl


class NETDEV_XDP_ACT(Flags):
    BASIC        = 1
    REDIRECT     = 2
    NDO_XMIT     = 4
    XSK_ZEROCOPY = 8
    HW_OFFLOAD   = 16
    RX_SG        = 32
    NDO_XMIT_SG  = 64


class NETDEV_XDP_RX_METADATA(Flags):
    TIMESTAMP = 1
    HASH      = 2
    VLAN_TAG  = 4


class NETDEV_XSK_FLAGS(Flags):
    TX_TIMESTAMP        = 1
    TX_CHECKSUM         = 2
    TX_LAUNCH_TIME_FIFO = 4


class NETDEV_QUEUE_TYPE(Enum):
    RX = 0
    TX = 1


class NETDEV_QSTATS_SCOPE(Flags):
    QUEUE = 1


class NETDEV_NAPI_THREADED(Enum):
    DISABLED  = 0
    ENABLED   = 1
    BUSY_POLL = 2


class NETDEV_A_DEV(AttrSet):
    IFINDEX                  = U32(1, refers="interface")
    PAD                      = Pad(2)
    XDP_FEATURES             = U64(3, NETDEV_XDP_ACT)
    XDP_ZC_MAX_SEGS          = U32(4)
    XDP_RX_METADATA_FEATURES = U64(5, NETDEV_XDP_RX_METADATA)
    XSK_FEATURES             = U64(6, NETDEV_XSK_FLAGS)

    template = (
        "[dev {NETDEV_A_DEV_IFINDEX} ][xdp {NETDEV_A_DEV_XDP_FEATURES} ][zc-max-segs {NETDEV_A_DEV_XDP_ZC_MAX_SEGS} ]"
        "[rx-metadata {NETDEV_A_DEV_XDP_RX_METADATA_FEATURES} ][xsk {NETDEV_A_DEV_XSK_FEATURES}]"
    )


class NETDEV_A_IO_URING_PROVIDER_INFO(AttrSet):
    RX_BUF_LEN = Uint(1)


class NETDEV_A_PAGE_POOL(AttrSet):
    ID           = Uint(1)
    IFINDEX      = U32(2, refers="interface")
    NAPI_ID      = Uint(3)
    INFLIGHT     = Uint(4)
    INFLIGHT_MEM = Uint(5)
    DETACH_TIME  = Uint(6)                      # seconds since boot
    DMABUF       = U32(7)
    IO_URING     = Nest(8, NETDEV_A_IO_URING_PROVIDER_INFO)

    template = (
        "[pool {NETDEV_A_PAGE_POOL_ID} ][dev {NETDEV_A_PAGE_POOL_IFINDEX} ][napi {NETDEV_A_PAGE_POOL_NAPI_ID} ]"
        "[inflight {NETDEV_A_PAGE_POOL_INFLIGHT} ][{NETDEV_A_PAGE_POOL_INFLIGHT_MEM} bytes ]"
        "[detached at {NETDEV_A_PAGE_POOL_DETACH_TIME} s ][dmabuf {NETDEV_A_PAGE_POOL_DMABUF} ]"
        "[{?NETDEV_A_PAGE_POOL_IO_URING}io_uring]"
    )


class NETDEV_A_PAGE_POOL_STATS(AttrSet):
    INFO                    = Nest(1, NETDEV_A_PAGE_POOL)
    ALLOC_FAST              = Uint(8)
    ALLOC_SLOW              = Uint(9)
    ALLOC_SLOW_HIGH_ORDER   = Uint(10)
    ALLOC_EMPTY             = Uint(11)
    ALLOC_REFILL            = Uint(12)
    ALLOC_WAIVE             = Uint(13)
    RECYCLE_CACHED          = Uint(14)
    RECYCLE_CACHE_FULL      = Uint(15)
    RECYCLE_RING            = Uint(16)
    RECYCLE_RING_FULL       = Uint(17)
    RECYCLE_RELEASED_REFCNT = Uint(18)

    template = (
        "[pool {NETDEV_A_PAGE_POOL_ID} ][dev {NETDEV_A_PAGE_POOL_IFINDEX} ]"
        "[alloc fast {NETDEV_A_PAGE_POOL_STATS_ALLOC_FAST} ][slow {NETDEV_A_PAGE_POOL_STATS_ALLOC_SLOW} ]"
        "[recycle ring {NETDEV_A_PAGE_POOL_STATS_RECYCLE_RING} ][cached {NETDEV_A_PAGE_POOL_STATS_RECYCLE_CACHED}]"
    )


class NETDEV_A_NAPI(AttrSet):
    IFINDEX             = U32(1, refers="interface")
    ID                  = U32(2)
    IRQ                 = U32(3)
    PID                 = U32(4)
    DEFER_HARD_IRQS     = U32(5)
    GRO_FLUSH_TIMEOUT   = Uint(6, measure="ns")
    IRQ_SUSPEND_TIMEOUT = Uint(7, measure="ns")
    THREADED            = U32(8, NETDEV_NAPI_THREADED)

    template = (
        "[dev {NETDEV_A_NAPI_IFINDEX} ][napi {NETDEV_A_NAPI_ID} ][irq {NETDEV_A_NAPI_IRQ} ][pid {NETDEV_A_NAPI_PID} ]"
        "[defer-hard-irqs {NETDEV_A_NAPI_DEFER_HARD_IRQS} ]"
        "[gro-flush-timeout {NETDEV_A_NAPI_GRO_FLUSH_TIMEOUT} ]"
        "[irq-suspend-timeout {NETDEV_A_NAPI_IRQ_SUSPEND_TIMEOUT} ][threaded {NETDEV_A_NAPI_THREADED}]"
    )


class NETDEV_A_XSK_INFO(AttrSet):
    """No attributes yet: the nest alone says that AF_XDP has the queue."""


class NETDEV_A_LEASE(AttrSet):
    IFINDEX  = U32(1, refers="interface")
    QUEUE    = Nest(2, "NETDEV_A_QUEUE")
    NETNS_ID = S32(3)


class NETDEV_A_QUEUE(AttrSet):
    ID       = U32(1)
    IFINDEX  = U32(2, refers="interface")
    TYPE     = U32(3, NETDEV_QUEUE_TYPE)
    NAPI_ID  = U32(4)
    DMABUF   = U32(5)
    IO_URING = Nest(6, NETDEV_A_IO_URING_PROVIDER_INFO)
    XSK      = Nest(7, NETDEV_A_XSK_INFO)
    LEASE    = Nest(8, NETDEV_A_LEASE)

    template = (
        "[dev {NETDEV_A_QUEUE_IFINDEX} ][{NETDEV_A_QUEUE_TYPE} ][queue {NETDEV_A_QUEUE_ID} ]"
        "[napi {NETDEV_A_QUEUE_NAPI_ID} ][dmabuf {NETDEV_A_QUEUE_DMABUF} ]"
        "[{?NETDEV_A_QUEUE_IO_URING}io_uring ][{?NETDEV_A_QUEUE_XSK}xsk ][leased from {NETDEV_A_LEASE_IFINDEX}]"
    )


class NETDEV_A_QSTATS(AttrSet):
    IFINDEX                = U32(1, refers="interface")
    QUEUE_TYPE             = U32(2, NETDEV_QUEUE_TYPE)
    QUEUE_ID               = U32(3)
    SCOPE                  = Uint(4, NETDEV_QSTATS_SCOPE)
    RX_PACKETS             = Uint(8)
    RX_BYTES               = Uint(9)
    TX_PACKETS             = Uint(10)
    TX_BYTES               = Uint(11)
    RX_ALLOC_FAIL          = Uint(12)
    RX_HW_DROPS            = Uint(13)
    RX_HW_DROP_OVERRUNS    = Uint(14)
    RX_CSUM_COMPLETE       = Uint(15)
    RX_CSUM_UNNECESSARY    = Uint(16)
    RX_CSUM_NONE           = Uint(17)
    RX_CSUM_BAD            = Uint(18)
    RX_HW_GRO_PACKETS      = Uint(19)
    RX_HW_GRO_BYTES        = Uint(20)
    RX_HW_GRO_WIRE_PACKETS = Uint(21)
    RX_HW_GRO_WIRE_BYTES   = Uint(22)
    RX_HW_DROP_RATELIMITS  = Uint(23)
    TX_HW_DROPS            = Uint(24)
    TX_HW_DROP_ERRORS      = Uint(25)
    TX_CSUM_NONE           = Uint(26)
    TX_NEEDS_CSUM          = Uint(27)
    TX_HW_GSO_PACKETS      = Uint(28)
    TX_HW_GSO_BYTES        = Uint(29)
    TX_HW_GSO_WIRE_PACKETS = Uint(30)
    TX_HW_GSO_WIRE_BYTES   = Uint(31)
    TX_HW_DROP_RATELIMITS  = Uint(32)
    TX_STOP                = Uint(33)
    TX_WAKE                = Uint(34)

    template = (
        "[dev {NETDEV_A_QSTATS_IFINDEX} ][by {NETDEV_A_QSTATS_SCOPE} ]"
        "[{NETDEV_A_QSTATS_QUEUE_TYPE} queue {NETDEV_A_QSTATS_QUEUE_ID} ]"
        "[rx {NETDEV_A_QSTATS_RX_PACKETS} packets ][{NETDEV_A_QSTATS_RX_BYTES} bytes ]"
        "[tx {NETDEV_A_QSTATS_TX_PACKETS} packets ][{NETDEV_A_QSTATS_TX_BYTES} bytes]"
    )


class NETDEV_A_DMABUF(AttrSet):
    IFINDEX      = U32(1, refers="interface")
    QUEUES       = Nest(2, NETDEV_A_QUEUE, many=True)
    FD           = U32(3)
    ID           = U32(4)
    RX_PAGE_SIZE = U32(5)

    template = (
        "[dev {NETDEV_A_DMABUF_IFINDEX} ][fd {NETDEV_A_DMABUF_FD} ][queues {NETDEV_A_QUEUE_ID*} ]"
        "[binding {NETDEV_A_DMABUF_ID} ][rx-page-size {NETDEV_A_DMABUF_RX_PAGE_SIZE}]"
    )


bind_genl(
    NETDEV_A_DEV,
    "netdev",
    NETDEV_CMD_DEV_GET=1,
    NETDEV_CMD_DEV_ADD_NTF=2,
    NETDEV_CMD_DEV_DEL_NTF=3,
    NETDEV_CMD_DEV_CHANGE_NTF=4,
)
bind_genl(
    NETDEV_A_PAGE_POOL,
    "netdev",
    NETDEV_CMD_PAGE_POOL_GET=5,
    NETDEV_CMD_PAGE_POOL_ADD_NTF=6,
    NETDEV_CMD_PAGE_POOL_DEL_NTF=7,
    NETDEV_CMD_PAGE_POOL_CHANGE_NTF=8,
)
bind_genl(NETDEV_A_PAGE_POOL_STATS, "netdev", NETDEV_CMD_PAGE_POOL_STATS_GET=9)
bind_genl(NETDEV_A_QUEUE, "netdev", NETDEV_CMD_QUEUE_GET=10, NETDEV_CMD_QUEUE_CREATE=16)
bind_genl(NETDEV_A_NAPI, "netdev", NETDEV_CMD_NAPI_GET=11, NETDEV_CMD_NAPI_SET=14)
bind_genl(NETDEV_A_QSTATS, "netdev", NETDEV_CMD_QSTATS_GET=12)
bind_genl(NETDEV_A_DMABUF, "netdev", NETDEV_CMD_BIND_RX=13, NETDEV_CMD_BIND_TX=15)
bind_flagged("netdev")
