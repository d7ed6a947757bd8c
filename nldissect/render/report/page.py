"""`stats FILE --html OUT`: one page, read offline: what was said over time, by whom, what failed, what took long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from nldissect.analysis.exchanges.ledger import ACK, DATA, END, EVENT, NOTHING, REQUEST
from nldissect.analysis.exchanges.table import OK, RESULT
from nldissect.analysis.processes.resolver import Processes
from nldissect.analysis.stats.latency import Latency, LatencyCounter
from nldissect.analysis.stats.objects import ObjectCounter
from nldissect.capfile import time_text
from nldissect.capfile.comments import parse_comments
from nldissect.columns.blocks.block import NO_TIME
from nldissect.families.multicast_groups import group_name
from nldissect.store.capture_file import CaptureFile
from nldissect.store.kept_index import Table

from ..change_text import told_changes
from ..durations import latency_text
from ..list_columns import protocol_shown
from ..names import message_name
from ..stats.json import as_object
from ..stats.model import CaptureStats
from ..summaries.summary import summary_of
from .bar_chart import bar_chart, legend
from .document import document, paragraph
from .element import Markup, fragment
from .sequence_diagram import Arrow, sequence_diagram
from .table import Cell, table

MESSAGES = 400
"""The number of messages in the sequence diagram, from the first."""
BUSIEST, ROWS = 20, 40
KERNEL = "kernel"
WAYS = {"to kernel": "to-kernel", "to user": "to-user", "notification": "notification"}


class Report:
    """The parts of the page.

    frames   all frames of the file, as store/kept_index has them
    """

    def __init__(self, about: CaptureStats, part: CaptureFile, frames: Table, processes: Processes) -> None:
        self.about, self.part, self.frames, self.processes = about, part, frames, processes
        self.told = as_object(about, without=("exchanges", "objects"))
        waiting, objects = (about.gathered.sections[name] for name in ("exchanges", "objects"))
        assert isinstance(waiting, LatencyCounter) and isinstance(objects, ObjectCounter)
        self.waiting, self.objects = waiting, objects.result()
        self.waited, self.exchanges = self.waiting.result(), self.waiting.exchanges
        self.table = self.exchanges.table()

    def text(self) -> str:
        overview = self.told["overview"]
        span = self._span()
        under = f"{overview['frames']:,} frames, {overview['messages']:,} messages, {overview['bytes']:,} bytes{span}"
        return document(f"netlink: {self.told['file']}", under, self._sections()).text

    def _span(self) -> str:
        overview = self.about.gathered.overview
        if overview.first is None or overview.last is None:
            return ""
        return f" in {latency_text(overview.last - overview.first)}"

    def _sections(self) -> Iterator[tuple[str, Markup]]:
        if self.told.get("cut"):
            yield "The file is cut", paragraph(self.told["cut"])
        yield "Over time", self._timeline()
        yield "What the kernel refused", self._errors()
        yield "Exchanges", self._latencies()
        if self.waited.slowest:
            yield "The slowest exchanges", self._slowest()
        yield "Objects that changed most", self._objects()
        if self.told.get("processes"):
            yield "Processes", self._processes()
        yield "Types of messages", self._types()
        yield "Protocols and families", self._families()
        yield "Ladder", self._sequence()

    def _timeline(self) -> Markup:
        rate = self.told["rate"]
        if not rate["buckets"]:
            return paragraph("No message has a time.")
        ways = [*WAYS, "other"]
        columns = []
        for bucket in rate["buckets"]:
            counts = bucket["directions"]
            rest = bucket["messages"] - sum(counts.get(way, 0) for way in WAYS)
            columns.append([*(counts.get(way, 0) for way in WAYS), rest])
        step = f"messages in {_round(rate['step'])} s" if "step" in rate else "messages"
        ends = f"{_round(rate['buckets'][0]['start'])} s", f"{_round(rate['buckets'][-1]['start'])} s"
        classes = [(WAYS.get(way, "other"), way) for way in ways]
        chart = bar_chart(columns, [name for name, _ in classes], ends, "")
        return fragment(chart, legend(classes), paragraph(f"A column: {step}."))

    def _latencies(self) -> Markup:
        found = self.waited
        told = ", ".join(f"{number:,} {name}" for name, number in list(found.results.items())[:12])
        out = paragraph(f"{found.exchanges:,} exchanges: {told or 'none'}.")
        rows = found.requests[:ROWS]
        if not rows:
            return out
        lines = [
            [
                row.family or protocol_shown(row.protocol), ("code", row.request or "(not in the capture)"),
                f"{row.exchanges:,}", _some(row.refused), _some(row.unanswered), *_times(row.latency),
            ]
            for row in rows
        ]  # fmt: skip
        every: list[Cell] = ["all", "", f"{found.exchanges:,}", "", "", *_times(found.latency)]
        names = (
            "Protocol", "Request", ">Exchanges", ">Refused", ">Unanswered", ">Half within", ">90% within",
            ">99% within", ">Longest",
        )  # fmt: skip
        return fragment(out, table(names, [*lines, every]), _left(len(found.requests), "exchanges"))

    def _slowest(self) -> Markup:
        return table(
            (">No.", ">Frame", "Who", "Request", "Result", ">Answers", ">Took"),
            [self._exchange(one.exchange - 1) for one in self.waited.slowest],
        )

    def _exchange(self, one: int) -> list[Cell]:
        row = {name: int(column[one]) for name, column in self.table.items()}
        result = RESULT.names.get(row["result"], str(row["result"]))
        words = self.exchanges.ledger.texts.get(row["decisive"])
        answer = result if words is None else f"{result}: {words}"
        head, frame = row["head"], self.exchanges.place(row["head"])[0]
        ended: Cell = answer if row["result"] == OK else ("error", answer)
        asked: Cell = ("code", self._text(head))
        took = latency_text(row["latency"])
        return [str(one + 1), str(frame), ("whole", self._who(head)), asked, ended, str(row["parts"]), took]

    def _text(self, row: int) -> str:
        """Return a message's type and summary."""
        walked = self.part.walked(self._kept(row)).messages[self.exchanges.place(row)[1] - 1]
        return f"{message_name(walked)} {summary_of(walked)}".rstrip()

    def _kept(self, row: int) -> dict[str, int]:
        """Return the kept columns of a message's frame, see store/kept_index."""
        at = int(self.frames["number"].searchsorted(self.exchanges.place(row)[0]))
        return {name: int(column[at]) for name, column in self.frames.items()}

    def _listeners(self, row: int) -> str:
        """Return the group of a notification, where the file has it, else all listeners of its protocol."""
        protocol = int(self.exchanges.ledger.tables()[0]["port_space"][row]) & 0xFFFF
        for words in parse_comments(self.part.comments.get(self._kept(row)["at"], ()), "sent-by"):
            groups = int(words[1], 16) if len(words) > 1 and re.fullmatch("0x[0-9a-f]{1,8}", words[1]) else 0
            if groups:
                return group_name(protocol, (groups & -groups).bit_length())
        return f"{protocol_shown(protocol)} listeners"

    def _who(self, row: int) -> str:
        """Return the process at the user's end, or its port."""
        process = self.processes.process(int(self.exchanges.ledger.tables()[0]["key"][row]))
        if process.name is not None:
            return str(process)
        number = int(self.exchanges.of(np.array([row]))[0])
        port = int(self.table["port"][number - 1]) if number else int(self.exchanges.ledger.tables()[0]["pid"][row])
        return f"port {port}" if port else "somebody"

    def _sequence(self) -> Markup:
        table_ = self.exchanges.ledger.tables()[0]
        rows = self.waiting.rows
        rows = rows[table_["role"][rows] != NOTHING]
        arrows = list(self._arrows(rows[:MESSAGES].tolist()))
        if not arrows:
            return paragraph("No message takes part in an exchange.")
        listeners = list(dict.fromkeys(arrow.target for arrow in arrows if arrow.how == _HOW[EVENT]))
        ends = dict.fromkeys(end for arrow in arrows for end in (arrow.source, arrow.target))
        users = [name for name in ends if name != KERNEL and name not in listeners]
        left = f" Of {len(rows):,} messages the first {MESSAGES} are drawn." if len(rows) > MESSAGES else ""
        note = "Point at an arrow to read the message."
        if any(name.endswith(" listeners") for name in listeners):
            note += " Which group a notification went to is not in the capture: listeners stand together."
        return fragment(sequence_diagram(arrows, users, KERNEL, listeners), paragraph(note + left))

    def _arrows(self, rows: list[int]) -> Iterator[Arrow]:
        """Parts of a dump together, copies of a notification too."""
        table_, meanings = self.exchanges.ledger.tables()[0], self.exchanges.ledger.meanings
        numbers = self.exchanges.of(np.array(rows, np.int64)).tolist()
        first = next((one for one in table_["time"][rows].tolist() if one != NO_TIME), 0)
        place = 0
        while place < len(rows):
            row, role = rows[place], int(table_["role"][rows[place]])
            same = place + 1
            alike = ("role", "meaning", "pid") if role == DATA else ("role", "meaning", "length", "seq")
            while same < len(rows) and role in (DATA, EVENT) and numbers[same] == numbers[place]:
                if any(table_[name][rows[same]] != table_[name][row] for name in alike):
                    break
                same += 1
            time = int(table_["time"][row])
            text, how = self._text(row), _HOW[role]
            label = text if same - place == 1 else meanings[int(table_["meaning"][row])].called
            if role in (ACK, END):
                error = self._error(row)
                label, how = (error, "refused") if error else ("ack" if role == ACK else "done", how)
                label = ": ".join(filter(None, (label, self.exchanges.ledger.texts.get(row))))
            count = f"{same - place} x " if same - place > 1 else ""
            user = self._listeners(row) if role == EVENT else self._who(row)
            ends = (user, KERNEL) if role == REQUEST else (KERNEL, user)
            shown = "-" if time == NO_TIME else time_text(time - first, self.about.decimals)
            yield Arrow(shown, *ends, how, count + label, f"{self._frame(row)}: {text}")
            place = same

    def _error(self, row: int) -> str:
        answers = self.exchanges.ledger.tables()[1]
        at = int(answers["row"].searchsorted(row))
        error = int(answers["error"][at]) if at < len(answers["row"]) and answers["row"][at] == row else 0
        return RESULT.names.get(error, str(error)) if error else ""

    def _frame(self, row: int) -> str:
        frame, place = self.exchanges.place(row)
        return f"frame {frame}" + (f", message {place}" if place > 1 else "")

    def _errors(self) -> Markup:
        errors = self.told["errors"]
        every = [*errors["errors"], *errors["warnings"]]
        rows = [_refusal(one) for one in every[:ROWS]]
        if not rows:
            return paragraph(f"Nothing; {errors['acks']:,} acknowledgements.")
        names = ("Error", "Protocol", "Request", ">Messages", ">First frame", "The kernel says")
        return fragment(table(names, rows), _left(len(every), "errors"))

    def _processes(self) -> Markup:
        rows = [
            [
                one.get("name", "-"), str(one.get("pid", "-")), one["confidence"], f"{one['messages']:,}",
                ("bar", str(one["share"])), f"{one['bytes']:,}", f"{one['requests']:,}", f"{one['errors']:,}",
            ]
            for one in self.told["processes"][:ROWS]
        ]  # fmt: skip
        names = ("Process", ">Pid", "Known", ">Messages", "Share", ">Bytes", ">Requests", ">Errors")
        return fragment(table(names, rows), _left(len(self.told["processes"]), "processes"))

    def _objects(self) -> Markup:
        found = self.objects
        left = f"{found.left:,} more messages about objects were not looked at: `nldissect stats FILE objects` does."
        after = paragraph(left) if found.left else fragment()
        if not found.rows:
            return fragment(paragraph("No message told of a change."), after)
        rows = [
            (
                ("whole", row.object),
                row.name,
                f"{row.changes:,}",
                str(row.first_frame),
                str(row.last_frame),
                ("long", told_changes(row)),
            )
            for row in found.rows[:BUSIEST]
        ]
        names = ("Object", "Name", ">Changes", ">First", ">Last", "What, how often (back to a value it had)")
        return fragment(table(names, rows), _left(len(found.rows), "objects", BUSIEST), after)

    def _types(self) -> Markup:
        rows = [
            [
                one.get("family") or protocol(one), ("code", one["name"]), one.get("direction", "-"),
                f"{one['messages']:,}", ("bar", str(one["share"])), f"{one['bytes']:,}",
            ]
            for one in self.told["types"][:ROWS]
        ]  # fmt: skip
        names = ("Protocol", "Type", "Direction", ">Messages", "Share", ">Bytes")
        return fragment(table(names, rows), _left(len(self.told["types"]), "types"))

    def _families(self) -> Markup:
        rows = [
            [
                protocol(one),
                one.get("family", ""),
                f"{one['messages']:,}",
                ("bar", str(one["share"])),
                f"{one['bytes']:,}",
            ]
            for one in self.told["families"][:ROWS]
        ]
        names = ("Protocol", "Family", ">Messages", "Share", ">Bytes")
        return fragment(table(names, rows), _left(len(self.told["families"]), "families"))


def _round(seconds: str) -> str:
    """Without zeros that say nothing."""
    return seconds.rstrip("0").rstrip(".") if "." in seconds else seconds


def _refusal(one: dict[str, Any]) -> list[Cell]:
    name: Cell = ("error", one["error"]) if "error" in one else "warning"
    words = "; ".join(one.get("extack", ())) or one.get("text", "")
    asked = one.get("request", "end of a dump")
    return [name, protocol(one), asked, f"{one['messages']:,}", str(one["first_frame"]), ("long", words)]


def protocol(one: dict[str, Any]) -> str:
    """Return a protocol as tables name it."""
    return str(one["protocol"]).removeprefix("NETLINK_")


def _times(latency: Latency) -> list[Cell]:
    """Half, 90, 99 percent, all."""
    if not latency.count:
        return ["", "", "", ""]
    return [latency_text(one) for one in (*latency.percentiles, latency.most)]


def _some(count: int) -> Cell:
    return ("error", f"{count:,}") if count else ""


def _left(rows: int, section: str, shown: int = ROWS) -> Markup:
    """Return how many rows a table has no room for; nothing where it has room for all."""
    if rows <= shown:
        return fragment()
    return paragraph(f"And {rows - shown:,} more: `nldissect stats FILE {section} -T json`.")


_HOW = {REQUEST: "to-kernel", DATA: "to-user", ACK: "to-user", END: "to-user", EVENT: "notification"}
