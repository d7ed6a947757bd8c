"""Accounting of tasks and cgroups (linux/taskstats.h, linux/cgroupstats.h, kernel/taskstats.c)."""

from nldissect.wire import S8, U8, U16, U32, U64, AttrSet, Enum, Flags, Message, Nest, Pad, Struct, Text, bind_genl


class AC_FLAG(Flags, prefix=""):            # linux/acct.h
    AFORK   = 0x01
    ASU     = 0x02
    ACOMPAT = 0x04
    ACORE   = 0x08
    AXSIG   = 0x10
    AGROUP  = 0x20


class SCHED(Enum):
    NORMAL   = 0
    FIFO     = 1
    RR       = 2
    BATCH    = 3
    IDLE     = 5
    DEADLINE = 6
    EXT      = 7


class taskstats(Message):
    """Version 14; older ones end earlier. Of newer ones 15 alone has fields in between, others append."""

    fields_desc = [
        U16.of("version"), Pad.of("_pad1", 2), U32.of("ac_exitcode", base=16), U8.of("ac_flag", AC_FLAG),
        S8.of("ac_nice"), Pad.of("_pad2", 6),
        U64.of("cpu_count"), U64.of("cpu_delay_total", measure="ns"), U64.of("blkio_count"),
        U64.of("blkio_delay_total", measure="ns"),
        U64.of("swapin_count"), U64.of("swapin_delay_total", measure="ns"), U64.of("cpu_run_real_total", measure="ns"),
        U64.of("cpu_run_virtual_total", measure="ns"),
        Text.of("ac_comm", 32), U8.of("ac_sched", SCHED), Pad.of("ac_pad", 7), U32.of("ac_uid"), U32.of("ac_gid"),
        U32.of("ac_pid"), U32.of("ac_ppid"), U32.of("ac_btime", measure="time"), Pad.of("_pad3", 4),
        U64.of("ac_etime", measure="us"),
        U64.of("ac_utime", measure="us"), U64.of("ac_stime", measure="us"), U64.of("ac_minflt"), U64.of("ac_majflt"),
        U64.of("coremem"), U64.of("virtmem"), U64.of("hiwater_rss"), U64.of("hiwater_vm"),
        U64.of("read_char"), U64.of("write_char"), U64.of("read_syscalls"), U64.of("write_syscalls"),
        U64.of("read_bytes"), U64.of("write_bytes"), U64.of("cancelled_write_bytes"), U64.of("nvcsw"),
        U64.of("nivcsw"), U64.of("ac_utimescaled", measure="us"), U64.of("ac_stimescaled", measure="us"),
        U64.of("cpu_scaled_run_real_total", measure="ns"),
        U64.of("freepages_count"), U64.of("freepages_delay_total", measure="ns"), U64.of("thrashing_count"),
        U64.of("thrashing_delay_total", measure="ns"), U64.of("ac_btime64", measure="time"), U64.of("compact_count"),
        U64.of("compact_delay_total", measure="ns"),
        U32.of("ac_tgid"), Pad.of("_pad4", 4), U64.of("ac_tgetime", measure="us"), U64.of("ac_exe_dev", base=16),
        U64.of("ac_exe_inode"), U64.of("wpcopy_count"), U64.of("wpcopy_delay_total", measure="ns"), U64.of("irq_count"),
        U64.of("irq_delay_total", measure="ns"),
    ]


class TASKSTATS_CMD_ATTR(AttrSet):
    PID                = U32(1)
    TGID               = U32(2)
    REGISTER_CPUMASK   = Text(3)
    DEREGISTER_CPUMASK = Text(4)

    template = (
        "[pid {TASKSTATS_CMD_ATTR_PID}] [tgid {TASKSTATS_CMD_ATTR_TGID}] "
        "[exits on cpus {TASKSTATS_CMD_ATTR_REGISTER_CPUMASK}] "
        "[no exits on cpus {TASKSTATS_CMD_ATTR_DEREGISTER_CPUMASK}]"
    )


class TASKSTATS_TYPE(AttrSet):
    PID       = U32(1)
    TGID      = U32(2)
    STATS     = Struct(3, taskstats)
    AGGR_PID  = Nest(4, "self")
    AGGR_TGID = Nest(5, "self")
    NULL      = Pad(6)

    template = (
        "[pid {TASKSTATS_TYPE_AGGR_PID.TASKSTATS_TYPE_PID}] [tgid {TASKSTATS_TYPE_AGGR_TGID.TASKSTATS_TYPE_TGID}] "
        "[{ac_comm}] [exit {ac_exitcode}] [user {ac_utime}] [system {ac_stime}] [elapsed {ac_etime}]"
    )


class cgroupstats(Message):
    fields_desc = [
        U64.of("nr_sleeping"), U64.of("nr_running"), U64.of("nr_stopped"), U64.of("nr_uninterruptible"),
        U64.of("nr_io_wait"),
    ]


class CGROUPSTATS_CMD_ATTR(AttrSet):
    FD = U32(1)

    template = "[fd {CGROUPSTATS_CMD_ATTR_FD}]"


class CGROUPSTATS_TYPE(AttrSet):
    CGROUP_STATS = Struct(1, cgroupstats)

    template = (
        "[sleeping {nr_sleeping}] [running {nr_running}] [stopped {nr_stopped}] "
        "[uninterruptible {nr_uninterruptible}] [waiting for io {nr_io_wait}]"
    )


bind_genl(TASKSTATS_CMD_ATTR, "TASKSTATS", to="kernel", TASKSTATS_CMD_GET=1)
bind_genl(TASKSTATS_TYPE, "TASKSTATS", to="user", TASKSTATS_CMD_GET=1, TASKSTATS_CMD_NEW=2)
bind_genl(CGROUPSTATS_CMD_ATTR, "TASKSTATS", to="kernel", CGROUPSTATS_CMD_GET=4)
bind_genl(CGROUPSTATS_TYPE, "TASKSTATS", to="user", CGROUPSTATS_CMD_GET=4, CGROUPSTATS_CMD_NEW=5)
