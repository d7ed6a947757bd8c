"""MACsec: secure channels, associations, statistics (linux/if_macsec.h, drivers/net/macsec.c)."""

from nldissect.wire import U8, U32, U64, AttrSet, Be32, Be64, Blob, Nest, Nests, Pad, Secret, Uint, bind_genl

from ..interfaces import bind_interface
from ..route.kind_macsec import MACSEC_CIPHER, MACSEC_OFFLOAD, MACSEC_VALIDATE


class MACSEC_SECY_ATTR(AttrSet):
    SCI          = Be64(1, base=16)
    ENCODING_SA  = U8(2)
    WINDOW       = U32(3)
    CIPHER_SUITE = U64(4, MACSEC_CIPHER)
    ICV_LEN      = U8(5)
    PROTECT      = U8(6)
    REPLAY       = U8(7)
    OPER         = U8(8)
    VALIDATE     = U8(9, MACSEC_VALIDATE)
    ENCRYPT      = U8(10)
    INC_SCI      = U8(11)
    ES           = U8(12)
    SCB          = U8(13)
    PAD          = Pad(14)


class MACSEC_SA_STATS_ATTR(AttrSet):
    IN_PKTS_OK           = U32(1)
    IN_PKTS_INVALID      = U32(2)
    IN_PKTS_NOT_VALID    = U32(3)
    IN_PKTS_NOT_USING_SA = U32(4)
    IN_PKTS_UNUSED_SA    = U32(5)
    OUT_PKTS_PROTECTED   = U32(6)
    OUT_PKTS_ENCRYPTED   = U32(7)


class MACSEC_SA_ATTR(AttrSet):
    AN     = U8(1)
    ACTIVE = U8(2)
    PN     = Uint(3)                        # 8 bytes with a cipher of extended numbering
    KEY    = Secret(4)
    KEYID  = Blob(5, "an identifier that user space made", size=16)  # MACSEC_KEYID_LEN
    STATS  = Nest(6, MACSEC_SA_STATS_ATTR)
    PAD    = Pad(7)
    SSCI   = Be32(8, base=16)
    SALT   = Secret(9)


class MACSEC_RXSC_STATS_ATTR(AttrSet):
    IN_OCTETS_VALIDATED  = U64(1)
    IN_OCTETS_DECRYPTED  = U64(2)
    IN_PKTS_UNCHECKED    = U64(3)
    IN_PKTS_DELAYED      = U64(4)
    IN_PKTS_OK           = U64(5)
    IN_PKTS_INVALID      = U64(6)
    IN_PKTS_LATE         = U64(7)
    IN_PKTS_NOT_VALID    = U64(8)
    IN_PKTS_NOT_USING_SA = U64(9)
    IN_PKTS_UNUSED_SA    = U64(10)
    PAD                  = Pad(11)


class MACSEC_RXSC_ATTR(AttrSet):
    SCI     = Be64(1, base=16)
    ACTIVE  = U8(2)
    SA_LIST = Nests(3, MACSEC_SA_ATTR)
    STATS   = Nest(4, MACSEC_RXSC_STATS_ATTR)
    PAD     = Pad(5)


class MACSEC_TXSC_STATS_ATTR(AttrSet):
    OUT_PKTS_PROTECTED   = U64(1)
    OUT_PKTS_ENCRYPTED   = U64(2)
    OUT_OCTETS_PROTECTED = U64(3)
    OUT_OCTETS_ENCRYPTED = U64(4)
    PAD                  = Pad(5)


class MACSEC_SECY_STATS_ATTR(AttrSet):
    OUT_PKTS_UNTAGGED   = U64(1)
    IN_PKTS_UNTAGGED    = U64(2)
    OUT_PKTS_TOO_LONG   = U64(3)
    IN_PKTS_NO_TAG      = U64(4)
    IN_PKTS_BAD_TAG     = U64(5)
    IN_PKTS_UNKNOWN_SCI = U64(6)
    IN_PKTS_NO_SCI      = U64(7)
    IN_PKTS_OVERRUN     = U64(8)
    PAD                 = Pad(9)


class MACSEC_OFFLOAD_ATTR(AttrSet):
    TYPE = U8(1, MACSEC_OFFLOAD)
    PAD  = Pad(2)


class MACSEC_ATTR(AttrSet):
    IFINDEX     = U32(1, refers="interface")
    RXSC_CONFIG = Nest(2, MACSEC_RXSC_ATTR)
    SA_CONFIG   = Nest(3, MACSEC_SA_ATTR)
    SECY        = Nest(4, MACSEC_SECY_ATTR)
    TXSA_LIST   = Nests(5, MACSEC_SA_ATTR)
    RXSC_LIST   = Nests(6, MACSEC_RXSC_ATTR)
    TXSC_STATS  = Nest(7, MACSEC_TXSC_STATS_ATTR)
    SECY_STATS  = Nest(8, MACSEC_SECY_STATS_ATTR)
    OFFLOAD     = Nest(9, MACSEC_OFFLOAD_ATTR)

    template = (
        "[{MACSEC_ATTR_IFINDEX}] [rx sci {MACSEC_ATTR_RXSC_CONFIG.MACSEC_RXSC_ATTR_SCI}] "
        "[sa {MACSEC_ATTR_SA_CONFIG.MACSEC_SA_ATTR_AN}] [pn {MACSEC_ATTR_SA_CONFIG.MACSEC_SA_ATTR_PN}] "
        "[active {MACSEC_ATTR_SA_CONFIG.MACSEC_SA_ATTR_ACTIVE|MACSEC_ATTR_RXSC_CONFIG.MACSEC_RXSC_ATTR_ACTIVE}] "
        "[{?MACSEC_SA_ATTR_KEY}key] [id {MACSEC_ATTR_SA_CONFIG.MACSEC_SA_ATTR_KEYID}] "
        "[sci {MACSEC_SECY_ATTR_SCI}] [{MACSEC_SECY_ATTR_CIPHER_SUITE}] [encoding sa {MACSEC_SECY_ATTR_ENCODING_SA}] "
        "[validate {MACSEC_SECY_ATTR_VALIDATE}] [tx sas {MACSEC_ATTR_TXSA_LIST#}] [rx scs {MACSEC_ATTR_RXSC_LIST#}] "
        "[offload {MACSEC_OFFLOAD_ATTR_TYPE}]"
    )


bind_genl(
    MACSEC_ATTR,
    "macsec",
    MACSEC_CMD_GET_TXSC=0,
    MACSEC_CMD_ADD_RXSC=1,
    MACSEC_CMD_DEL_RXSC=2,
    MACSEC_CMD_UPD_RXSC=3,
    MACSEC_CMD_ADD_TXSA=4,
    MACSEC_CMD_DEL_TXSA=5,
    MACSEC_CMD_UPD_TXSA=6,
    MACSEC_CMD_ADD_RXSA=7,
    MACSEC_CMD_DEL_RXSA=8,
    MACSEC_CMD_UPD_RXSA=9,
    MACSEC_CMD_UPD_OFFLOAD=10,
)
bind_interface("macsec", "MACSEC_ATTR_IFINDEX", source="get_dev_from_nl (drivers/net/macsec.c)")
