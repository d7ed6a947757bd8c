"""Upper layer protocols of TCP sockets: kernel TLS, MPTCP subflows (linux/tls.h, linux/mptcp.h, linux/mptcp_pm.h)."""

from nldissect.wire import U8, U16, U32, U64, AttrSet, Enum, Flag, Flags, Nest, Pad, Text


class TLS_VERSION(Enum, prefix=""):
    TLS_1_2_VERSION = 0x0303
    TLS_1_3_VERSION = 0x0304


class TLS_CIPHER(Enum):
    AES_GCM_128       = 51
    AES_GCM_256       = 52
    AES_CCM_128       = 53
    CHACHA20_POLY1305 = 54
    SM4_GCM           = 55
    SM4_CCM           = 56
    ARIA_GCM_128      = 57
    ARIA_GCM_256      = 58


class TLS_CONF(Enum):
    BASE      = 1
    SW        = 2
    HW        = 3
    HW_RECORD = 4


class TLS_INFO(AttrSet):
    VERSION            = U16(1, TLS_VERSION)
    CIPHER             = U16(2, TLS_CIPHER)
    TXCONF             = U16(3, TLS_CONF)
    RXCONF             = U16(4, TLS_CONF)
    ZC_RO_TX           = Flag(5)
    RX_NO_PAD          = Flag(6)
    TX_MAX_PAYLOAD_LEN = U16(7)


class MPTCP_SUBFLOW_FLAG(Flags):
    MCAP_REM          = 0x001
    MCAP_LOC          = 0x002
    JOIN_REM          = 0x004
    JOIN_LOC          = 0x008
    BKUP_REM          = 0x010
    BKUP_LOC          = 0x020
    FULLY_ESTABLISHED = 0x040
    CONNECTED         = 0x080
    MAPVALID          = 0x100


class MPTCP_SUBFLOW_ATTR(AttrSet):
    TOKEN_REM    = U32(1, base=16)
    TOKEN_LOC    = U32(2, base=16)
    RELWRITE_SEQ = U32(3)
    MAP_SEQ      = U64(4)
    MAP_SFSEQ    = U32(5)
    SSN_OFFSET   = U32(6)
    MAP_DATALEN  = U16(7)
    FLAGS        = U32(8, MPTCP_SUBFLOW_FLAG)
    ID_REM       = U8(9)
    ID_LOC       = U8(10)
    PAD          = Pad(11)


class INET_ULP_INFO(AttrSet):
    NAME  = Text(1)
    TLS   = Nest(2, TLS_INFO)
    MPTCP = Nest(3, MPTCP_SUBFLOW_ATTR)
