"""`nldissect sockets`: every netlink socket and the processes that hold it, as a table or as JSON.

Keys of an object; one that does not apply is left out: protocol port inode processes (name pid) guess (name pid)
groups drops memory flags
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from nldissect.errors import print_notice
from nldissect.escapes import escaped
from nldissect.render.json_text import encode
from nldissect.render.names import protocol_name
from nldissect.sockets.socket_list import OpenSocket, SocketTable, table
from nldissect.terminal.colors import Piece, painter_for
from nldissect.terminal.table import Page, TableColumn
from nldissect.wire.protocol_names import protocol_word

KERNEL = "kernel"
FLAG = "NDIAG_FLAG_"


def sockets(options: argparse.Namespace) -> int:
    """Run the command; return the exit status. Notices name what this user could not see."""
    found = table()
    if options.format == "json":
        sys.stdout.write(encode([as_object(one, found.names) for one in found.sockets]) + "\n")
    else:
        print_table(found, options.color)
    sys.stdout.flush()
    for one in found.lacks:
        print_notice(one)
    return 0


def as_object(held: OpenSocket, names: dict[tuple[int, int], str]) -> dict[str, Any]:
    """Return one socket as plain values, see the head of this file."""
    out: dict[str, Any] = {
        "protocol": protocol_name(held.protocol) or held.protocol,
        "port": held.port,
        "inode": held.inode,
        "processes": [one._asdict() for one in held.owners],
    }
    if held.guess is not None:
        out["guess"] = held.guess._asdict()
    out["groups"] = [names[held.protocol, number] for number in held.groups]
    if held.drops is not None:
        out["drops"] = held.drops
    if held.memory:
        out["memory"] = held.memory
    if held.flags is not None:
        out["flags"] = list(held.flags)
    return out


def print_table(found: SocketTable, color: bool) -> None:
    """Print a line for each socket; a "?" marks a process that is a guess by the port id."""
    columns = [
        TableColumn("protocol"),
        TableColumn("port", right=True),
        TableColumn("process"),
        TableColumn("drops", right=True),
        TableColumn("queued", right=True, spare=True),
        TableColumn("buffer", right=True, spare=True),
        TableColumn("flags", spare=True),
        TableColumn("groups"),
    ]
    for one in found.sockets:
        memory = one.memory
        cells: tuple[Piece, ...] = (
            ("", protocol_word(one.protocol)),
            ("", str(one.port)),
            _holder(one),
            ("error" if one.drops else "dim", "-" if one.drops is None else str(one.drops)),
            ("", str(memory.get("SK_MEMINFO_RMEM_ALLOC", "-"))),
            ("dim", str(memory.get("SK_MEMINFO_RCVBUF", "-"))),
            ("dim", ",".join(flag.removeprefix(FLAG) for flag in one.flags or ()) or "-"),
            ("", " ".join(_short(found.names[one.protocol, number]) for number in one.groups)),
        )
        for column, cell in zip(columns, cells, strict=True):
            column.cells.append(cell)
    Page(sys.stdout, painter_for(sys.stdout, color)).table(columns)


def _holder(held: OpenSocket) -> Piece:
    if held.owners:
        return "", ",".join(f"{escaped(one.name)}[{one.pid}]" for one in held.owners)
    if not held.port:
        return "dim", KERNEL
    guess = held.guess
    return "warning", "?" if guess is None else f"{escaped(guess.name)}[{guess.pid}]?"


def _short(group: str) -> str:
    """Return the name of a group without its protocol, which has a column."""
    return group.partition("/")[2]
