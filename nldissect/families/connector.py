"""NETLINK_CONNECTOR: a bus over which parts of the kernel talk with user space (linux/connector.h, drivers/connector).

Every message has the type NLMSG_DONE, whatever it says; who speaks is told by idx and val of struct cn_msg.
"""

from nldissect.wire import (
    ERRNO,
    NETLINK_CONNECTOR,
    S32,
    U8,
    U16,
    U32,
    U64,
    Blob,
    Enum,
    Flags,
    Mac,
    Message,
    Pad,
    Struct,
    Text,
    bind_attrs,
    bind_counter,
    bind_message,
)


class CN(Enum):
    IDX_PROC = 1
    IDX_CIFS = 2
    W1_IDX   = 3
    IDX_V86D = 4
    IDX_BB   = 5
    DST_IDX  = 6
    IDX_DM   = 7
    IDX_DRBD = 8
    KVP_IDX  = 9
    VSS_IDX  = 10


class PROC_CN_MCAST(Enum):
    LISTEN = 1
    IGNORE = 2


class PROC_EVENT(Enum):
    """linux/cn_proc.h"""

    NONE         = 0x00000000
    FORK         = 0x00000001
    EXEC         = 0x00000002
    UID          = 0x00000004
    GID          = 0x00000040
    SID          = 0x00000080
    PTRACE       = 0x00000100
    COMM         = 0x00000200
    NONZERO_EXIT = 0x20000000
    COREDUMP     = 0x40000000
    EXIT         = 0x80000000


class PROC_EVENTS(Flags, prefix="PROC_EVENT"):
    FORK         = 0x00000001
    EXEC         = 0x00000002
    UID          = 0x00000004
    GID          = 0x00000040
    SID          = 0x00000080
    PTRACE       = 0x00000100
    COMM         = 0x00000200
    NONZERO_EXIT = 0x20000000
    COREDUMP     = 0x40000000
    EXIT         = 0x80000000


class DM_ULOG(Enum):
    """linux/dm-log-userspace.h"""

    CTR                  = 1
    DTR                  = 2
    PRESUSPEND           = 3
    POSTSUSPEND          = 4
    RESUME               = 5
    GET_REGION_SIZE      = 6
    IS_CLEAN             = 7
    IN_SYNC              = 8
    FLUSH                = 9
    MARK_REGION          = 10
    CLEAR_REGION         = 11
    GET_RESYNC_WORK      = 12
    SET_REGION_SYNC      = 13
    GET_SYNC_COUNT       = 14
    STATUS_INFO          = 15
    STATUS_TABLE         = 16
    IS_REMOTE_RECOVERING = 17


class W1(Enum):
    """drivers/w1/w1_netlink.h"""

    SLAVE_ADD     = 0
    SLAVE_REMOVE  = 1
    MASTER_ADD    = 2
    MASTER_REMOVE = 3
    MASTER_CMD    = 4
    SLAVE_CMD     = 5
    LIST_MASTERS  = 6


class TF(Flags):
    """video/uvesafb.h"""

    VBEIB    = 0x01
    BUF_ESDI = 0x02
    BUF_ESBX = 0x04
    BUF_RET  = 0x08
    EXIT     = 0x10


class proc_ack(Message):
    """The answer to PROC_CN_MCAST_LISTEN and PROC_CN_MCAST_IGNORE."""

    fields_desc = [U32.of("err", ERRNO), Pad.of("__pad")]


class fork_proc_event(Message):
    fields_desc = [
        S32.of("parent_pid"), S32.of("parent_tgid"), S32.of("child_pid"), S32.of("child_tgid"), Pad.of("__pad"),
    ]


class exec_proc_event(Message):
    """Of a new session, too."""

    fields_desc = [S32.of("process_pid"), S32.of("process_tgid"), Pad.of("__pad")]


class uid_proc_event(Message):
    fields_desc = [
        S32.of("process_pid"), S32.of("process_tgid"), U32.of("ruid"), U32.of("euid"), Pad.of("__pad"),
    ]


class gid_proc_event(Message):
    fields_desc = [
        S32.of("process_pid"), S32.of("process_tgid"), U32.of("rgid"), U32.of("egid"), Pad.of("__pad"),
    ]


class ptrace_proc_event(Message):
    fields_desc = [
        S32.of("process_pid"), S32.of("process_tgid"), S32.of("tracer_pid"), S32.of("tracer_tgid"), Pad.of("__pad"),
    ]


class comm_proc_event(Message):
    fields_desc = [S32.of("process_pid"), S32.of("process_tgid"), Text.of("comm", 16)]


class coredump_proc_event(Message):
    fields_desc = [
        S32.of("process_pid"), S32.of("process_tgid"), S32.of("parent_pid"), S32.of("parent_tgid"), Pad.of("__pad"),
    ]


class exit_proc_event(Message):
    """`exit_code` as wait(2) gives it: the status above eight bits, a signal below."""

    fields_desc = [
        S32.of("process_pid"), S32.of("process_tgid"), U32.of("exit_code"), U32.of("exit_signal"),
        S32.of("parent_pid"), S32.of("parent_tgid"), Pad.of("__pad"),
    ]


class proc_event(Message):
    """Nanoseconds count from the boot."""

    fields_desc = [
        U32.of("what", PROC_EVENT), U32.of("cpu"), U64.of("timestamp_ns"),
        Blob.of("event_data", "an event of a kind that is not known"),
    ]


class proc_input(Message):
    """Which events are wanted: all, where only the first word stands or none is named."""

    fields_desc = [U32.of("mcast_op", PROC_CN_MCAST), U32.of("event_type", PROC_EVENTS)]


class w1_mst(Message):
    fields_desc = [U32.of("id"), U32.of("res")]


class w1_netlink_msg(Message):
    fields_desc = [
        U8.of("type", W1), U8.of("status", ERRNO), U16.of("len"), Mac.of("id", 8),
        Blob.of("data", "commands and what they read from the bus", count="len"),
    ]


class v86_regs(Message):
    fields_desc = [
        *(U32.of(name, base=16) for name in ("ebx", "ecx", "edx", "esi", "edi", "ebp", "eax", "eip", "eflags", "esp")),
        *(U16.of(name, base=16) for name in ("cs", "ss", "es", "ds", "fs", "gs")),
    ]


class uvesafb_task(Message):
    """What v86d is to run of a graphics card's BIOS."""

    fields_desc = [
        U8.of("flags", TF), Pad.of("__pad", 3), S32.of("buf_len"), Struct.of("regs", v86_regs),
        Blob.of("buf", "memory of the BIOS call"),
    ]


class dm_ulog_request(Message):
    """What a mirror's log in user space is asked."""

    fields_desc = [
        U64.of("luid"), Text.of("uuid", 129), Pad.of("padding", 3), U32.of("version"), S32.of("error"), U32.of("seq"),
        U32.of("request_type", DM_ULOG), U32.of("data_size"), Text.of("data", count="data_size"),
    ]


class cn_msg(Message):
    fields_desc = [
        U32.of("idx", CN), U32.of("val"), U32.of("seq"), U32.of("ack"), U16.of("len"), U16.of("flags"),
        Blob.of("data", "of a user of the connector that is not known", count="len"),
    ]
    summary = (
        "{idx}[ {mcast_op}][ {event_type}][ {what}][ pid {process_pid}][ parent {parent_pid}][ child {child_pid}]"
        "[ tracer {tracer_pid}][ {comm}][ ruid {ruid}][ euid {euid}][ rgid {rgid}][ egid {egid}]"
        "[ exit_code {exit_code}][ err {err}][ {type}][ {id}][ {request_type}][ {uuid}]"
    )


bind_attrs(proc_event.event_data, proc_ack, what=PROC_EVENT.NONE)
bind_attrs(proc_event.event_data, fork_proc_event, what=PROC_EVENT.FORK)
bind_attrs(proc_event.event_data, exec_proc_event, what=(PROC_EVENT.EXEC, PROC_EVENT.SID))
bind_attrs(proc_event.event_data, uid_proc_event, what=PROC_EVENT.UID)
bind_attrs(proc_event.event_data, gid_proc_event, what=PROC_EVENT.GID)
bind_attrs(proc_event.event_data, ptrace_proc_event, what=PROC_EVENT.PTRACE)
bind_attrs(proc_event.event_data, comm_proc_event, what=PROC_EVENT.COMM)
bind_attrs(proc_event.event_data, coredump_proc_event, what=PROC_EVENT.COREDUMP)
bind_attrs(proc_event.event_data, exit_proc_event, what=(PROC_EVENT.EXIT, PROC_EVENT.NONZERO_EXIT))
bind_attrs(w1_netlink_msg.id, w1_mst, type=(W1.MASTER_ADD, W1.MASTER_REMOVE, W1.MASTER_CMD, W1.LIST_MASTERS))
bind_attrs(cn_msg.data, proc_input, idx=CN.IDX_PROC, to="kernel")
bind_attrs(cn_msg.data, proc_event, idx=CN.IDX_PROC, to="user")
bind_attrs(cn_msg.data, w1_netlink_msg, idx=CN.W1_IDX)
bind_attrs(cn_msg.data, uvesafb_task, idx=CN.IDX_V86D)
bind_attrs(cn_msg.data, dm_ulog_request, idx=CN.IDX_DM)
bind_message(cn_msg, NETLINK_CONNECTOR, title="cn_msg", NLMSG_DONE=3)
# The low byte of idx; in big-endian files that stands last, and process events are called as all others.
bind_message(cn_msg, NETLINK_CONNECTOR, first=CN.IDX_PROC, title="cn_proc", NLMSG_DONE=3)
bind_counter(
    NETLINK_CONNECTOR, "cn_proc", "cn_msg", field="cn_msg.seq", by="idx cpu", what="process events of processor {cpu}",
    unless=("what", "PROC_EVENT_NONE"),
)
