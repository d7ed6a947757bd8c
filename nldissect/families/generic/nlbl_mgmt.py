"""NetLabel: which protocol labels the packets of a domain (net/netlabel/netlabel_mgmt.h)."""

from nldissect.wire import U16, U32, Addr, AttrSet, Enum, Nest, Text, bind_genl

from ..common import AF


class NETLBL_NLTYPE(Enum):
    """net/netlabel.h"""

    NONE       = 0
    MGMT       = 1
    RIPSO      = 2
    CIPSOV4    = 3
    CIPSOV6    = 4
    UNLABELED  = 5
    ADDRSELECT = 6
    CALIPSO    = 7


class NLBL_MGMT_SELECTOR(AttrSet, prefix="NLBL_MGMT_A"):
    PROTOCOL = U32(2, NETLBL_NLTYPE)
    CV4DOI   = U32(4)
    IPV6ADDR = Addr(5, 16)
    IPV6MASK = Addr(6, 16)
    IPV4ADDR = Addr(7, 4)
    IPV4MASK = Addr(8, 4)
    CLPDOI   = U32(12)


class NLBL_MGMT_SELECTORS(AttrSet, prefix="NLBL_MGMT_A"):
    ADDRSELECTOR = Nest(9, NLBL_MGMT_SELECTOR, many=True)


class NLBL_MGMT_A(AttrSet):
    DOMAIN       = Text(1)
    PROTOCOL     = U32(2, NETLBL_NLTYPE)
    VERSION      = U32(3)
    CV4DOI       = U32(4)
    IPV6ADDR     = Addr(5, 16)
    IPV6MASK     = Addr(6, 16)
    IPV4ADDR     = Addr(7, 4)
    IPV4MASK     = Addr(8, 4)
    SELECTORLIST = Nest(10, NLBL_MGMT_SELECTORS)
    FAMILY       = U16(11, AF)
    CLPDOI       = U32(12)

    template = (
        "[version {NLBL_MGMT_A_VERSION} ][domain {NLBL_MGMT_A_DOMAIN} ]"
        "[{*.NLBL_MGMT_A_IPV4ADDR}/{*.NLBL_MGMT_A_IPV4MASK} ][{*.NLBL_MGMT_A_IPV6ADDR}/{*.NLBL_MGMT_A_IPV6MASK} ]"
        "[{NLBL_MGMT_A_FAMILY} ][selectors {NLBL_MGMT_A_SELECTORLIST#} ][protocol {*.NLBL_MGMT_A_PROTOCOL} ]"
        "[doi {*.NLBL_MGMT_A_CV4DOI|*.NLBL_MGMT_A_CLPDOI}]"
    )


bind_genl(
    NLBL_MGMT_A,
    "NLBL_MGMT",
    NLBL_MGMT_C_ADD=1,
    NLBL_MGMT_C_REMOVE=2,
    NLBL_MGMT_C_LISTALL=3,
    NLBL_MGMT_C_ADDDEF=4,
    NLBL_MGMT_C_REMOVEDEF=5,
    NLBL_MGMT_C_LISTDEF=6,
    NLBL_MGMT_C_PROTOCOLS=7,
    NLBL_MGMT_C_VERSION=8,
)
