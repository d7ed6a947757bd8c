"""Filters in socket requests: INET_DIAG_REQ_BYTECODE (linux/inet_diag.h).

A program is a row of operations: u8 code, u8 yes (the operation's whole length), u16 no (where to jump if it does not
hold), arguments. So each is a TLV whose payload begins with `no`.
"""

from nldissect.wire import S32, U8, U16, U32, U64, Addr, AttrSet, Message, Pad, Struct

from ..common import AF


class inet_diag_bc_op(Message):
    fields_desc = [U16.of("no")]


class inet_diag_bc_port(Message):
    """A comparison of ports: the number stands in `no` of a second inet_diag_bc_op."""

    fields_desc = [U16.of("no"), Pad.of("code", 1), Pad.of("yes", 1), U16.of("port")]


class inet_diag_hostcond(Message):
    fields_desc = [
        U16.of("no"), U8.of("family", AF), U8.of("prefix_len"), Pad.of("__pad", 2), S32.of("port"),
        Addr.of("addr", family="family", prefix="prefix_len"),
    ]


class inet_diag_devcond(Message):
    fields_desc = [U16.of("no"), U32.of("ifindex", refers="interface")]


class inet_diag_markcond(Message):
    fields_desc = [U16.of("no"), U32.of("mark", base=16), U32.of("mask", base=16)]


class inet_diag_cgroupcond(Message):
    fields_desc = [U16.of("no"), U64.of("cgroup_id")]


class INET_DIAG_BC(AttrSet, sequence=True):
    NOP         = Struct(0, inet_diag_bc_op)
    JMP         = Struct(1, inet_diag_bc_op)
    S_GE        = Struct(2, inet_diag_bc_port)
    S_LE        = Struct(3, inet_diag_bc_port)
    D_GE        = Struct(4, inet_diag_bc_port)
    D_LE        = Struct(5, inet_diag_bc_port)
    AUTO        = Struct(6, inet_diag_bc_op)
    S_COND      = Struct(7, inet_diag_hostcond)
    D_COND      = Struct(8, inet_diag_hostcond)
    DEV_COND    = Struct(9, inet_diag_devcond)
    MARK_COND   = Struct(10, inet_diag_markcond)
    S_EQ        = Struct(11, inet_diag_bc_port)
    D_EQ        = Struct(12, inet_diag_bc_port)
    CGROUP_COND = Struct(13, inet_diag_cgroupcond)
