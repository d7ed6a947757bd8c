"""Settings and rules (linux/audit.h, kernel/audit.c, kernel/auditfilter.c)."""

from nldissect.wire import (
    NETLINK_AUDIT,
    S32,
    U32,
    Array,
    BitList,
    Blob,
    Conditions,
    Enum,
    Flags,
    Message,
    Rest,
    Text,
    bind_message,
    bind_obsolete,
)

from .fields import AUDIT_FIELD, AUDIT_OPERATOR
from .rules import KINDS, SIGNS, WORDS

FIELDS = 64


class AUDIT_STATUS(Flags):
    ENABLED                  = 0x0001
    FAILURE                  = 0x0002
    PID                      = 0x0004
    RATE_LIMIT               = 0x0008
    BACKLOG_LIMIT            = 0x0010
    BACKLOG_WAIT_TIME        = 0x0020
    LOST                     = 0x0040
    BACKLOG_WAIT_TIME_ACTUAL = 0x0080


class AUDIT_FAIL(Enum):
    SILENT = 0
    PRINTK = 1
    PANIC  = 2


class AUDIT_FEATURE_BITMAP(Flags):
    BACKLOG_LIMIT     = 0x01
    BACKLOG_WAIT_TIME = 0x02
    EXECUTABLE_PATH   = 0x04
    EXCLUDE_EXTEND    = 0x08
    SESSIONID_FILTER  = 0x10
    LOST_RESET        = 0x20
    FILTER_FS         = 0x40


class AUDIT_FEATURE(Flags):
    ONLY_UNSET_LOGINUID = 1
    LOGINUID_IMMUTABLE  = 2


class AUDIT_FILTER(Enum):
    USER       = 0
    TASK       = 1
    ENTRY      = 2
    WATCH      = 3
    EXIT       = 4
    EXCLUDE    = 5
    FS         = 6
    URING_EXIT = 7


class AUDIT_ACTION(Enum, prefix="AUDIT"):
    NEVER    = 0
    POSSIBLE = 1
    ALWAYS   = 2


class audit_status(Message):
    """`mask` says which of the others AUDIT_SET sets."""

    fields_desc = [
        U32.of("mask", AUDIT_STATUS), U32.of("enabled"), U32.of("failure", AUDIT_FAIL), U32.of("pid"),
        U32.of("rate_limit"), U32.of("backlog_limit"), U32.of("lost"), U32.of("backlog"),
        U32.of("feature_bitmap", AUDIT_FEATURE_BITMAP), U32.of("backlog_wait_time"), U32.of("backlog_wait_time_actual"),
    ]
    summary = (
        "[{!nlmsg_type=AUDIT_SET}enabled {enabled} failure {failure} pid {pid} rate_limit {rate_limit}"
        " backlog_limit {backlog_limit} lost {lost} backlog {backlog}]"
        "[{?nlmsg_type=AUDIT_SET}set [{?mask&AUDIT_STATUS_ENABLED}enabled {enabled}]"
        " [{?mask&AUDIT_STATUS_FAILURE}failure {failure}] [{?mask&AUDIT_STATUS_PID}pid {pid}]"
        " [{?mask&AUDIT_STATUS_RATE_LIMIT}rate_limit {rate_limit}]"
        " [{?mask&AUDIT_STATUS_BACKLOG_LIMIT}backlog_limit {backlog_limit}]"
        " [{?mask&AUDIT_STATUS_BACKLOG_WAIT_TIME}backlog_wait_time {backlog_wait_time}]"
        " [{?mask&AUDIT_STATUS_LOST}reset lost]"
        " [{?mask&AUDIT_STATUS_BACKLOG_WAIT_TIME_ACTUAL}reset backlog_wait_time_actual] ]"
    )


class audit_features(Message):
    """`mask` says which features AUDIT_SET_FEATURE changes."""

    fields_desc = [
        U32.of("vers"), U32.of("mask", AUDIT_FEATURE), U32.of("features", AUDIT_FEATURE), U32.of("lock", AUDIT_FEATURE),
    ]
    summary = "[of {mask}][ on {features}][ locked {lock}]"


class audit_rule_data(Message):
    """A field's value is a number, or the length of its text: `buf` has the texts of all fields, one behind the other.

    `mask` has a bit for each system call; of the last word the kernel makes classes of them (audit_to_entry_common in
    kernel/auditfilter.c).
    """

    fields_desc = [
        U32.of("flags", AUDIT_FILTER), U32.of("action", AUDIT_ACTION), U32.of("field_count"),
        BitList.of("mask", 64, every=63),
        Conditions.of("fields_", AUDIT_FIELD, words=WORDS, signs=SIGNS, kinds=KINDS, count="field_count"),
        Rest.of("fields_unused", FIELDS, unit=4, count="field_count"),
        Array.of("values", U32, count="field_count"),
        Rest.of("values_unused", FIELDS, unit=4, count="field_count"),
        Array.of("fieldflags", U32(None, AUDIT_OPERATOR), count="field_count"),
        Rest.of("fieldflags_unused", FIELDS, unit=4, count="field_count"),
        U32.of("buflen"), Text.of("buf", count="buflen"),
    ]
    summary = "[{action},{flags}][ syscalls {mask}][ {fields/fieldflags/values/buf}]"


class audit_rule(Message):
    """Before Linux 2.6.17; ended with 3.4."""

    fields_desc = [
        U32.of("flags", AUDIT_FILTER), U32.of("action", AUDIT_ACTION), U32.of("field_count"),
        BitList.of("mask", 64, every=63),
        Array.of("fields_", U32(None, AUDIT_FIELD), length=FIELDS), Array.of("values", U32, length=FIELDS),
    ]
    summary = "[{action},{flags}][ syscalls {mask}]"


class audit_sig_info(Message):
    """Who ended the audit daemon."""

    fields_desc = [U32.of("uid"), S32.of("pid"), Text.of("ctx")]
    summary = "[uid {uid} pid {pid}][ {ctx}]"


class audit_tty_status(Message):
    fields_desc = [U32.of("enabled"), U32.of("log_passwd")]
    summary = "[enabled {enabled} log_passwd {log_passwd}]"


class audit_equiv(Message):
    """Two paths by their lengths: what is watched in the one is to be in the other."""

    fields_desc = [U32.of("oldlen"), U32.of("newlen"), Text.of("old", count="oldlen"), Text.of("new", count="newlen")]
    summary = "{old} {new}"


class audit_replace(Message):
    """Asks a running audit daemon whether it is alive before another takes its place."""

    fields_desc = [S32.of("pid")]
    summary = "pid {pid}"


class audit_none(Message):
    """No body, or one that no kernel of kernel.org ever read."""

    fields_desc = [Blob.of("data", "never specified")]


bind_message(audit_status, NETLINK_AUDIT, AUDIT_GET=1000, AUDIT_SET=1001)
bind_message(audit_rule, NETLINK_AUDIT, AUDIT_LIST=1002, AUDIT_ADD=1003, AUDIT_DEL=1004)
bind_message(audit_none, NETLINK_AUDIT, AUDIT_WATCH_INS=1007, AUDIT_WATCH_REM=1008, AUDIT_WATCH_LIST=1009,
             AUDIT_TRIM=1014)
bind_message(audit_sig_info, NETLINK_AUDIT, AUDIT_SIGNAL_INFO=1010)
bind_message(audit_rule_data, NETLINK_AUDIT, AUDIT_ADD_RULE=1011, AUDIT_DEL_RULE=1012, AUDIT_LIST_RULES=1013)
bind_message(audit_equiv, NETLINK_AUDIT, AUDIT_MAKE_EQUIV=1015)
bind_message(audit_tty_status, NETLINK_AUDIT, AUDIT_TTY_GET=1016, AUDIT_TTY_SET=1017)
bind_message(audit_features, NETLINK_AUDIT, AUDIT_SET_FEATURE=1018, AUDIT_GET_FEATURE=1019)
bind_message(audit_replace, NETLINK_AUDIT, AUDIT_REPLACE=1329)
bind_obsolete(NETLINK_AUDIT, "AUDIT_LIST", instead="AUDIT_LIST_RULES")
bind_obsolete(NETLINK_AUDIT, "AUDIT_ADD", instead="AUDIT_ADD_RULE")
bind_obsolete(NETLINK_AUDIT, "AUDIT_DEL", instead="AUDIT_DEL_RULE")
bind_obsolete(NETLINK_AUDIT, "AUDIT_USER", instead="a type from 1100 to 1199")
