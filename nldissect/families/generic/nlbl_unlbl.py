"""NetLabel: traffic that bears no label, and the contexts it gets (net/netlabel/netlabel_unlabeled.h)."""

from nldissect.wire import U8, Addr, AttrSet, Text, bind_genl


class NLBL_UNLABEL_A(AttrSet):
    ACPTFLG  = U8(1)
    IPV6ADDR = Addr(2, 16)
    IPV6MASK = Addr(3, 16)
    IPV4ADDR = Addr(4, 4)
    IPV4MASK = Addr(5, 4)
    IFACE    = Text(6)
    SECCTX   = Text(7)

    template = (
        "[accept {NLBL_UNLABEL_A_ACPTFLG} ][{NLBL_UNLABEL_A_IFACE} ]"
        "[{NLBL_UNLABEL_A_IPV4ADDR}/{NLBL_UNLABEL_A_IPV4MASK} ]"
        "[{NLBL_UNLABEL_A_IPV6ADDR}/{NLBL_UNLABEL_A_IPV6MASK} ][{NLBL_UNLABEL_A_SECCTX}]"
    )


bind_genl(
    NLBL_UNLABEL_A,
    "NLBL_UNLBL",
    NLBL_UNLABEL_C_ACCEPT=1,
    NLBL_UNLABEL_C_LIST=2,
    NLBL_UNLABEL_C_STATICADD=3,
    NLBL_UNLABEL_C_STATICREMOVE=4,
    NLBL_UNLABEL_C_STATICLIST=5,
    NLBL_UNLABEL_C_STATICADDDEF=6,
    NLBL_UNLABEL_C_STATICREMOVEDEF=7,
    NLBL_UNLABEL_C_STATICLISTDEF=8,
)
