"""MACsec links: IFLA_INFO_DATA of kind "macsec" (linux/if_link.h, if_macsec.h)."""

from nldissect.wire import U8, U32, U64, AttrSet, Be16, Be64, Enum, Pad, bind_attrs

from .link import IFLA_INFO


class MACSEC_VALIDATE(Enum):
    DISABLED = 0
    CHECK    = 1
    STRICT   = 2


class MACSEC_OFFLOAD(Enum):
    OFF = 0
    PHY = 1
    MAC = 2


class MACSEC_CIPHER(Enum, prefix="MACSEC"):
    DEFAULT_CIPHER_ID         = 0x0080020001000001
    CIPHER_ID_GCM_AES_128     = 0x0080C20001000001
    CIPHER_ID_GCM_AES_256     = 0x0080C20001000002
    CIPHER_ID_GCM_AES_XPN_128 = 0x0080C20001000003
    CIPHER_ID_GCM_AES_XPN_256 = 0x0080C20001000004


class IFLA_MACSEC(AttrSet):
    SCI            = Be64(1, base=16)
    PORT           = Be16(2)
    ICV_LEN        = U8(3)
    CIPHER_SUITE   = U64(4, MACSEC_CIPHER)
    WINDOW         = U32(5)
    ENCODING_SA    = U8(6)
    ENCRYPT        = U8(7)
    PROTECT        = U8(8)
    INC_SCI        = U8(9)
    ES             = U8(10)
    SCB            = U8(11)
    REPLAY_PROTECT = U8(12)
    VALIDATION     = U8(13, MACSEC_VALIDATE)
    PAD            = Pad(14)
    OFFLOAD        = U8(15, MACSEC_OFFLOAD)


bind_attrs(IFLA_INFO.DATA, IFLA_MACSEC, KIND="macsec")
