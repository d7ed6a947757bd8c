"""PSP, encryption of connections in network hardware (linux/psp.h); since 6.18.

Newer than that: statistics (6.19), devices lent to other network namespaces (7.1 and later).
"""

from nldissect.wire import S32, U32, AttrSet, Enum, Flag, Flags, Nest, Secret, Uint, bind_genl


class PSP_VERSION(Enum):
    HDR0_AES_GCM_128  = 0
    HDR0_AES_GCM_256  = 1
    HDR0_AES_GMAC_128 = 2
    HDR0_AES_GMAC_256 = 3


class PSP_VERSIONS(Flags, prefix="PSP_VERSION"):
    """The same as a set of bits."""

    HDR0_AES_GCM_128  = 1
    HDR0_AES_GCM_256  = 2
    HDR0_AES_GMAC_128 = 4
    HDR0_AES_GMAC_256 = 8


class PSP_A_ASSOC_DEV_INFO(AttrSet):
    IFINDEX = U32(1, refers="interface")
    NSID    = S32(2)


class PSP_A_DEV(AttrSet):
    ID               = U32(1)
    IFINDEX          = U32(2, refers="interface")
    PSP_VERSIONS_CAP = U32(3, PSP_VERSIONS)
    PSP_VERSIONS_ENA = U32(4, PSP_VERSIONS)
    ASSOC_LIST       = Nest(5, PSP_A_ASSOC_DEV_INFO, many=True)
    NSID             = S32(6)
    BY_ASSOCIATION   = Flag(7)

    template = (
        "[psp {PSP_A_DEV_ID} ][dev {PSP_A_DEV_IFINDEX} ][can {PSP_A_DEV_PSP_VERSIONS_CAP} ]"
        "[accepts {PSP_A_DEV_PSP_VERSIONS_ENA} ][netns {PSP_A_DEV_NSID}]"
    )


class PSP_A_KEYS(AttrSet):
    KEY = Secret(1)
    SPI = U32(2, base=16)


class PSP_A_ASSOC(AttrSet):
    DEV_ID  = U32(1)
    VERSION = U32(2, PSP_VERSION)
    RX_KEY  = Nest(3, PSP_A_KEYS)
    TX_KEY  = Nest(4, PSP_A_KEYS)
    SOCK_FD = U32(5)

    template = (
        "[psp {PSP_A_ASSOC_DEV_ID} ][{PSP_A_ASSOC_VERSION} ][rx spi {PSP_A_ASSOC_RX_KEY.PSP_A_KEYS_SPI} ]"
        "[tx spi {PSP_A_ASSOC_TX_KEY.PSP_A_KEYS_SPI} ][socket {PSP_A_ASSOC_SOCK_FD}]"
    )


class PSP_A_STATS(AttrSet):
    DEV_ID        = U32(1)
    KEY_ROTATIONS = Uint(2)
    STALE_EVENTS  = Uint(3)
    RX_PACKETS    = Uint(4)
    RX_BYTES      = Uint(5)
    RX_AUTH_FAIL  = Uint(6)
    RX_ERROR      = Uint(7)
    RX_BAD        = Uint(8)
    TX_PACKETS    = Uint(9)
    TX_BYTES      = Uint(10)
    TX_ERROR      = Uint(11)

    template = (
        "[psp {PSP_A_STATS_DEV_ID} ][rx {PSP_A_STATS_RX_PACKETS} packets ][tx {PSP_A_STATS_TX_PACKETS} packets ]"
        "[auth-fail {PSP_A_STATS_RX_AUTH_FAIL} ][rotations {PSP_A_STATS_KEY_ROTATIONS}]"
    )


bind_genl(
    PSP_A_DEV,
    "psp",
    PSP_CMD_DEV_GET=1,
    PSP_CMD_DEV_ADD_NTF=2,
    PSP_CMD_DEV_DEL_NTF=3,
    PSP_CMD_DEV_SET=4,
    PSP_CMD_DEV_CHANGE_NTF=5,
    PSP_CMD_KEY_ROTATE=6,
    PSP_CMD_KEY_ROTATE_NTF=7,
    PSP_CMD_DEV_ASSOC=11,
    PSP_CMD_DEV_DISASSOC=12,
)
bind_genl(PSP_A_ASSOC, "psp", PSP_CMD_RX_ASSOC=8, PSP_CMD_TX_ASSOC=9)
bind_genl(PSP_A_STATS, "psp", PSP_CMD_GET_STATS=10)
