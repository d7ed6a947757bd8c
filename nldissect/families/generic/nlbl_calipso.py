"""NetLabel: domains of interpretation of CALIPSO, the labels of IPv6 (net/netlabel/netlabel_calipso.h)."""

from nldissect.wire import U32, AttrSet, Enum, bind_genl


class CALIPSO_MAP(Enum):
    """net/calipso.h"""

    UNKNOWN = 0
    PASS    = 2


class NLBL_CALIPSO_A(AttrSet):
    DOI   = U32(1)
    MTYPE = U32(2, CALIPSO_MAP)

    template = "[doi {NLBL_CALIPSO_A_DOI} ][{NLBL_CALIPSO_A_MTYPE}]"


bind_genl(
    NLBL_CALIPSO_A,
    "NLBL_CALIPSO",
    NLBL_CALIPSO_C_ADD=1,
    NLBL_CALIPSO_C_REMOVE=2,
    NLBL_CALIPSO_C_LIST=3,
    NLBL_CALIPSO_C_LISTALL=4,
)
