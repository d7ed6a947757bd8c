"""Warnings of disk quotas (linux/quota.h, fs/quota/netlink.c)."""

from nldissect.wire import U32, U64, AttrSet, Enum, Pad, bind_genl


class QTYPE(Enum, prefix=""):
    USRQUOTA = 0
    GRPQUOTA = 1
    PRJQUOTA = 2


class QUOTA_NL(Enum):
    NOWARN         = 0
    IHARDWARN      = 1
    ISOFTLONGWARN  = 2
    ISOFTWARN      = 3
    BHARDWARN      = 4
    BSOFTLONGWARN  = 5
    BSOFTWARN      = 6
    IHARDBELOW     = 7
    ISOFTBELOW     = 8
    BHARDBELOW     = 9
    BSOFTBELOW     = 10


class QUOTA_NL_A(AttrSet):
    QTYPE     = U32(1, QTYPE)
    EXCESS_ID = U64(2)
    WARNING   = U32(3, QUOTA_NL)
    DEV_MAJOR = U32(4)
    DEV_MINOR = U32(5)
    CAUSED_ID = U64(6)
    PAD       = Pad(7)

    template = (
        "[{QUOTA_NL_A_WARNING}] [{QUOTA_NL_A_QTYPE}] [of {QUOTA_NL_A_EXCESS_ID}] "
        "[dev {QUOTA_NL_A_DEV_MAJOR}:{QUOTA_NL_A_DEV_MINOR}] [by {QUOTA_NL_A_CAUSED_ID}]"
    )


bind_genl(QUOTA_NL_A, "VFS_DQUOT", QUOTA_NL_C_WARNING=1)
