"""What rules ask, and how they compare (linux/audit.h)."""

from nldissect.wire.enums import Enum


class AUDIT_FIELD(Enum, prefix="AUDIT"):
    PID           = 0
    UID           = 1
    EUID          = 2
    SUID          = 3
    FSUID         = 4
    GID           = 5
    EGID          = 6
    SGID          = 7
    FSGID         = 8
    LOGINUID      = 9
    PERS          = 10
    ARCH          = 11
    MSGTYPE       = 12
    SUBJ_USER     = 13
    SUBJ_ROLE     = 14
    SUBJ_TYPE     = 15
    SUBJ_SEN      = 16
    SUBJ_CLR      = 17
    PPID          = 18
    OBJ_USER      = 19
    OBJ_ROLE      = 20
    OBJ_TYPE      = 21
    OBJ_LEV_LOW   = 22
    OBJ_LEV_HIGH  = 23
    LOGINUID_SET  = 24
    SESSIONID     = 25
    FSTYPE        = 26
    DEVMAJOR      = 100
    DEVMINOR      = 101
    INODE         = 102
    EXIT          = 103
    SUCCESS       = 104
    WATCH         = 105
    PERM          = 106
    DIR           = 107
    FILETYPE      = 108
    OBJ_UID       = 109
    OBJ_GID       = 110
    FIELD_COMPARE = 111
    EXE           = 112
    SADDR_FAM     = 113
    ARG0          = 200
    ARG1          = 201
    ARG2          = 202
    ARG3          = 203
    FILTERKEY     = 210


class AUDIT_OPERATOR(Enum, prefix="AUDIT"):
    BIT_MASK              = 0x08000000
    LESS_THAN             = 0x10000000
    GREATER_THAN          = 0x20000000
    NOT_EQUAL             = 0x30000000
    EQUAL                 = 0x40000000
    BIT_TEST              = 0x48000000
    LESS_THAN_OR_EQUAL    = 0x50000000
    GREATER_THAN_OR_EQUAL = 0x60000000
