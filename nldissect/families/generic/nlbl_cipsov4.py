"""NetLabel: domains of interpretation of CIPSO, the labels of IPv4 (net/netlabel/netlabel_cipso_v4.h)."""

from nldissect.wire import U8, U32, AttrSet, Enum, Nest, bind_genl


class CIPSO_V4_MAP(Enum):
    """net/cipso_ipv4.h"""

    UNKNOWN = 0
    TRANS   = 1
    PASS    = 2
    LOCAL   = 3


class CIPSO_V4_TAG(Enum):
    INVALID  = 0
    RBITMAP  = 1
    ENUM     = 2
    RANGE    = 5
    PBITMAP  = 6
    FREEFORM = 7
    LOCAL    = 128


class NLBL_CIPSOV4_TAGS(AttrSet, prefix="NLBL_CIPSOV4_A"):
    TAG = U8(3, CIPSO_V4_TAG, many=True)


class NLBL_CIPSOV4_LEVEL(AttrSet, prefix="NLBL_CIPSOV4_A"):
    MLSLVLLOC = U32(5)
    MLSLVLREM = U32(6)


class NLBL_CIPSOV4_LEVELS(AttrSet, prefix="NLBL_CIPSOV4_A"):
    MLSLVL = Nest(7, NLBL_CIPSOV4_LEVEL, many=True)


class NLBL_CIPSOV4_CATEGORY(AttrSet, prefix="NLBL_CIPSOV4_A"):
    MLSCATLOC = U32(9)
    MLSCATREM = U32(10)


class NLBL_CIPSOV4_CATEGORIES(AttrSet, prefix="NLBL_CIPSOV4_A"):
    MLSCAT = Nest(11, NLBL_CIPSOV4_CATEGORY, many=True)


class NLBL_CIPSOV4_A(AttrSet):
    DOI       = U32(1)
    MTYPE     = U32(2, CIPSO_V4_MAP)
    TAGLST    = Nest(4, NLBL_CIPSOV4_TAGS)
    MLSLVLLST = Nest(8, NLBL_CIPSOV4_LEVELS)
    MLSCATLST = Nest(12, NLBL_CIPSOV4_CATEGORIES)

    template = (
        "[doi {NLBL_CIPSOV4_A_DOI} ][{NLBL_CIPSOV4_A_MTYPE} ][tags {NLBL_CIPSOV4_A_TAG*} ]"
        "[levels {NLBL_CIPSOV4_A_MLSLVLLST#} ][categories {NLBL_CIPSOV4_A_MLSCATLST#}]"
    )


bind_genl(
    NLBL_CIPSOV4_A,
    "NLBL_CIPSOv4",
    NLBL_CIPSOV4_C_ADD=1,
    NLBL_CIPSOV4_C_REMOVE=2,
    NLBL_CIPSOV4_C_LIST=3,
    NLBL_CIPSOV4_C_LISTALL=4,
)
