"""Failed Binder transactions (linux/android/binder_netlink.h, binder.h); since 6.18."""

from nldissect.wire import U32, AttrSet, Enum, Flag, Flags, Text, bind_genl


class BR(Enum):
    """What the sender is told (enum binder_driver_return_protocol)."""

    DEAD_REPLY                 = 0x7205
    FAILED_REPLY               = 0x7211
    FROZEN_REPLY               = 0x7212
    ONEWAY_SPAM_SUSPECT        = 0x7213
    TRANSACTION_PENDING_FROZEN = 0x7214


class TF(Flags):
    ONE_WAY     = 0x01
    ROOT_OBJECT = 0x04
    STATUS_CODE = 0x08
    ACCEPT_FDS  = 0x10
    CLEAR_BUF   = 0x20
    UPDATE_TXN  = 0x40


class BINDER_A_REPORT(AttrSet):
    ERROR     = U32(1, BR, base=16)
    CONTEXT   = Text(2)
    FROM_PID  = U32(3)
    FROM_TID  = U32(4)
    TO_PID    = U32(5)
    TO_TID    = U32(6)
    IS_REPLY  = Flag(7)
    FLAGS     = U32(8, TF)
    CODE      = U32(9)
    DATA_SIZE = U32(10)

    template = (
        "[{BINDER_A_REPORT_CONTEXT} ][{BINDER_A_REPORT_ERROR} ][{?BINDER_A_REPORT_IS_REPLY}reply ]"
        "[from {BINDER_A_REPORT_FROM_PID} ][to {BINDER_A_REPORT_TO_PID} ][code {BINDER_A_REPORT_CODE} ]"
        "[{BINDER_A_REPORT_FLAGS} ][{BINDER_A_REPORT_DATA_SIZE} bytes]"
    )


bind_genl(BINDER_A_REPORT, "binder", BINDER_CMD_REPORT=1)
