"""`nldissect export`: captures as one table, Parquet or Arrow, one row a message.

Columns, null where they don't apply:

host, capture               what was captured (--host, or a comment "host=NAME" of a pcapng file), and the file's name
frame, message              their numbers, as `read` shows them
time                        UTC, in microseconds: Spark refuses nanoseconds, which --nanoseconds writes. Several
                            messages may have the same time; frame and message order them
interface, protocol, direction, nlmsg_len, nlmsg_type, nlmsg_flags, nlmsg_seq, nlmsg_pid
family, command             of a generic message
error                       name of the error with which the kernel refused the request: EINVAL ...
summary
the fields of -e            integers as int64 or uint64, all else as text
json                        the whole message as `-T ndjson` prints it; keys are masked

A frame without any message has a row too. Rows come file after file; one group of rows is kept in memory at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from nldissect import __version__
from nldissect.capfile.byte_source import one_line
from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.fields.column_reader import ColumnReader
from nldissect.errors import FileError, NldissectError, print_notice
from nldissect.filters import compile_filter
from nldissect.optional import library
from nldissect.render.columnar.extract_job import FrameSelector
from nldissect.render.columnar.json_renderer import JsonRenderer
from nldissect.render.names import protocol_name
from nldissect.render.table_writer import TableWriter, check_name
from nldissect.store.arrow import arrow_column, type_of
from nldissect.store.field_values import gathered
from nldissect.store.series import Series
from nldissect.terminal.progress import Progress

from ..exit_status import DONE, INCOMPLETE

HEADER = {
    "frame": "frame.number", "message": "message.number", "time": "frame.time", "interface": "frame.interface",
    "protocol": "protocol", "direction": "direction", "nlmsg_len": "nlmsg_len", "nlmsg_type": "nlmsg_type",
    "nlmsg_flags": "nlmsg_flags", "nlmsg_seq": "nlmsg_seq", "nlmsg_pid": "nlmsg_pid", "family": "genlmsghdr.family",
    "command": "genlmsghdr.cmd", "error": "error",
}  # fmt: skip
"""Columns, and the fields that they hold."""
OWN = ("host", "capture", *HEADER, "summary", "json")
SUMMARY = ',"summary":'
_decode = json.JSONDecoder().raw_decode
HOST = re.compile(r"^host=(\S+)$", re.MULTILINE)


def export(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    *files, out = options.paths
    _check(files, out)
    arrow = library("pyarrow")
    arrow.set_memory_pool(arrow.system_memory_pool())  # other pools keep freed memory
    columns = ExportColumns(options.fields, _several(options.layout), "ns" if options.nanoseconds else "us")
    if options.filter is not None:
        compile_filter(options.filter)
    cuts: list[str] = []
    with TableWriter(out, columns.schema) as sink:
        for path in files:
            one = ExportFile(path, options, columns)
            with Progress(path, printing=False) as progress:
                for table, done in one.tables():
                    sink.put(table)
                    progress.at(done)
            cuts += filter(None, [one.cut()])
    for cut in cuts:
        print_notice(cut)
    return INCOMPLETE if cuts else DONE


def _check(files: list[str], out: str) -> None:
    if not files:
        raise NldissectError(f"{one_line(out)} alone: name the captures to read, then the file to write")
    check_name(out)
    if files.count("-") > 1:
        raise FileError("standard input can be read once only; name it once")
    if any(
        path != "-" and os.path.exists(out) and os.path.exists(path) and os.path.samefile(path, out) for path in files
    ):
        raise FileError(f"{one_line(out)} is being read; write to another file")


def _several(layout: list[str]) -> bool:
    """Return whether fields are lists (-E occurrence=a); NldissectError for any other option."""
    known = {"occurrence=f": False, "occurrence=a": True}
    for option in layout:
        if option not in known:
            raise NldissectError(f"-E {option}: known are occurrence=f (the first value) and occurrence=a (a list)")
    return bool(layout) and known[layout[-1]]


class ExportColumns:
    """The columns of the table: `own` those of the header, `chosen` those of -e; `unit` is the unit of times."""

    def __init__(self, fields: list[str], several: bool, unit: str) -> None:
        pa = library("pyarrow")
        self.own = {name: Series(field) for name, field in HEADER.items()}
        self.chosen = {name: Series(name) for name in dict.fromkeys(fields) if name not in OWN}
        self.several, self.unit = several, unit
        types = {"host": pa.string(), "capture": pa.string()}
        types |= {name: type_of(one, False, unit) for name, one in self.own.items()}
        types |= {"summary": pa.string()} | {name: type_of(one, several, unit) for name, one in self.chosen.items()}
        types["json"] = pa.string()
        self.schema = pa.schema(list(types.items()), metadata={"nldissect": __version__})
        series = (*self.own.values(), *self.chosen.values())
        self.reader = ColumnReader(path for one in series for path in one.paths)


class ExportFile:
    """One capture, table by table."""

    def __init__(self, path: str, options: argparse.Namespace, columns: ExportColumns) -> None:
        self._columns = columns
        chosen = {"files": [path], "secrets": False}
        self._objects = JsonRenderer(argparse.Namespace(**{**vars(options), **chosen}))
        self._source = self._objects.blocks.source
        wanted = compile_filter(options.filter) if options.filter is not None else None
        self._choice = FrameSelector(wanted, None, options.own)
        told = HOST.search("\n".join(self._source.reader.comments))
        self._host: str | None = options.host or (told[1] if told else None)
        self._name = "standard input" if path == "-" else path.encode(errors="replace").decode()

    def tables(self) -> Iterator[tuple[Any, int]]:
        """Yield the rows of each block as a table, and the number of bytes of the file that are done with it."""
        for block in self._objects.blocks:
            mask, frames = self._choice.choose(block, self._source.first)
            mask = np.ones(len(block), bool) if mask is None else mask
            if len(frames):
                yield self._table(block, mask, frames), block.offset + int(block.frames.end[-1])

    def cut(self) -> str | None:
        """Return one line if the file ends before its records do, else None."""
        return self._source.finish()

    def _table(self, block: Block, mask: Array, frames: Array) -> Any:
        pa = library("pyarrow")
        lines = self._objects.lines(block, mask, frames)
        empty = frames[block.messages.frame_count[frames] == 0]
        messages = mask.nonzero()[0]
        order = np.concatenate([block.messages.frame[messages], empty]).argsort(kind="stable")
        row = np.empty(len(order), np.int64)
        row[order] = np.arange(len(order))
        target = np.full(len(block), -1)
        target[messages] = row[: len(messages)]

        found = self._columns.reader.read(block, self._source.first)
        alone = _of_frames(block, empty)
        columns: dict[str, Any] = {
            "host": pa.array([self._host] * len(lines), pa.string()),
            "capture": pa.array([self._name] * len(lines), pa.string()),
        }
        for name, series in (*self._columns.own.items(), *self._columns.chosen.items()):
            message, values = series.of(found, mask)
            pieces = [(target[message], values)]
            if name in alone:
                there, more = alone[name]
                pieces.append((row[len(messages) :][there], more.astype(series.dtype)))
            several = self._columns.several and name in self._columns.chosen
            columns[name] = arrow_column(gathered(series, len(lines), pieces), several, self._columns.unit)
        columns["summary"] = pa.array(map(_summary, lines), pa.string())
        columns["json"] = pa.array(lines, pa.string())
        return pa.table({name: columns[name] for name in self._columns.schema.names}, self._columns.schema)


def _of_frames(block: Block, empty: Array) -> dict[str, tuple[Array, Array]]:
    """Return the values of frames without messages by column, each with a mask of the frames that have one.

    empty   int64, indexes of these frames; a mask is bool, one per index, its values one per set entry
    """
    if not len(empty):
        return {}
    every = np.ones(len(empty), bool)
    time, protocol = block.frames.time[empty], block.frames.protocol[empty]
    names = [block.interfaces[one].name for one in block.frames.interface[empty].tolist()]
    named = np.array(list(map(bool, names)))
    protocols = [protocol_name(one) or str(one) for one in protocol.tolist()]
    return {
        "frame": (every, block.frames.number[empty]),
        "time": (time != NO_TIME, time[time != NO_TIME]),
        "interface": (named, np.array(names, object)[named]),
        "protocol": (protocol >= 0, np.array(protocols, object)[protocol >= 0]),
    }


def _summary(line: str) -> str | None:
    """Return the summary in a line of JSON, None if it has none.

    The first match is the key: within text its quotes would be escaped, and no object comes before it.
    """
    at = line.find(SUMMARY)
    found: str | None = _decode(line, at + len(SUMMARY))[0] if at >= 0 else None
    return found
