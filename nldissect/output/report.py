"""`stats FILE --html OUT`: one page, read offline: what was said over time, by whom, what failed, what took long."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from nldissect.analysis.changes import CHANGED, THERE, UNCHANGED, Changes
from nldissect.analysis.exchanges import OK, RESULT, Exchanges
from nldissect.analysis.ledger import ACK, DATA, END, EVENT, NOTHING, REQUEST
from nldissect.analysis.processes import Processes
from nldissect.analysis.statistics import message_name
from nldissect.errors import FileError
from nldissect.index.block import NO_TIME
from nldissect.index.capture import Capture
from nldissect.index.whole import Whole
from nldissect.record import time_text

from .changes import called
from .exchanges import latency_text
from .frames import Capture as Frames
from .html import Cell, bars, legend, page, said, table
from .ladder import Arrow, drawn
from .line import protocol_shown
from .statistics import About, as_object

MESSAGES = 400
"""So many messages stand on the ladder, from the first."""
SLOWEST, BUSIEST, ROWS = 20, 20, 40
LARGEST = 32 << 20
"""In larger files the objects are not looked for: every message about one is decoded whole."""
KERNEL = "kernel"
WAYS = {"to kernel": "to-kernel", "to user": "to-user", "notification": "notification"}


def write_report(path: str, about: About, whole: Whole) -> None:
    """Write the page of one capture; FileError if that can't be."""
    text = _Report(about, whole).text()
    try:
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise FileError(f"can't write {path}: {error.strerror}; choose another name") from None


class _Report:
    """The parts of the page."""

    def __init__(self, about: About, whole: Whole) -> None:
        self.about, self.whole = about, whole
        self.told = as_object(about)
        self.exchanges = Exchanges()
        for block in whole.blocks():
            self.exchanges.add(block)
        self.table = self.exchanges.table()
        self.capture = Capture([whole.path], dict(whole.families or {}), whole.order)
        self.processes = Processes(whole)

    def text(self) -> str:
        overview = self.told["overview"]
        span = self._span()
        under = f"{overview['frames']:,} frames, {overview['messages']:,} messages, {overview['bytes']:,} bytes{span}"
        try:
            return page(f"netlink: {self.told['file']}", under, self._sections())
        finally:
            self.capture.close()

    def _span(self) -> str:
        overview = self.about.gathered.overview
        if overview.first is None or overview.last is None:
            return ""
        return f" in {latency_text(overview.last - overview.first)}"

    def _sections(self) -> Iterator[tuple[str, str]]:
        if self.told.get("cut"):
            yield "The file is cut", said(self.told["cut"])
        yield "Over time", self._timeline()
        yield "Exchanges", self._latencies()
        if len(self.table["head"]):
            yield "The slowest exchanges", self._slowest()
        yield "Ladder", self._ladder()
        yield "What the kernel refused", self._errors()
        if self.told.get("processes"):
            yield "Processes", self._processes()
        yield "Objects that changed most", self._objects()
        yield "Types of messages", self._types()
        yield "Protocols and families", self._families()

    def _timeline(self) -> str:
        rate = self.told["rate"]
        if not rate["buckets"]:
            return said("No message has a time.")
        ways = [*WAYS, "other"]
        columns = []
        for bucket in rate["buckets"]:
            counts = bucket["directions"]
            rest = bucket["messages"] - sum(counts.get(way, 0) for way in WAYS)
            columns.append([*(counts.get(way, 0) for way in WAYS), rest])
        step = f"messages in {_round(rate['step'])} s" if "step" in rate else "messages"
        ends = f"{_round(rate['buckets'][0]['start'])} s", f"{_round(rate['buckets'][-1]['start'])} s"
        drawing = bars(columns, [WAYS.get(way, "other") for way in ways], ends, "")
        return drawing + legend([(WAYS.get(way, "other"), way) for way in ways]) + said(f"A column: {step}.")

    def _latencies(self) -> str:
        table_ = self.table
        count = len(table_["head"])
        results = Counter(RESULT.names.get(one, str(one)) for one in table_["result"].tolist())
        told = ", ".join(f"{number:,} {name}" for name, number in results.most_common(12))
        times = table_["latency"][table_["latency"] >= 0]
        out = said(f"{count:,} exchanges: {told or 'none'}.")
        if len(times):
            parts = [f"{name} {latency_text(int(np.percentile(times, share)))}" for name, share in _SHARES]
            out += said(f"Time to the answer that ends it: {', '.join(parts)}.")
        return out

    def _slowest(self) -> str:
        latency = self.table["latency"]
        order = (-latency).argsort(kind="stable")[:SLOWEST]
        return table(
            (">No.", ">Frame", "Who", "Request", "Result", ">Answers", ">Took"),
            [self._exchange(one) for one in order.tolist() if latency[one] >= 0],
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
        return [str(one + 1), str(frame), self._who(head), asked, ended, str(row["parts"]), took]

    def _text(self, row: int) -> str:
        return str(self.capture.message(row).summary())

    def _who(self, row: int) -> str:
        """The process at the user's end, or the port."""
        process = self.processes.process(int(self.exchanges.ledger.tables()[0]["key"][row]))
        if process.name is not None:
            return str(process)
        number = int(self.exchanges.of(np.array([row]))[0])
        port = int(self.table["port"][number - 1]) if number else int(self.exchanges.ledger.tables()[0]["pid"][row])
        return f"port {port}" if port else "somebody"

    def _ladder(self) -> str:
        table_ = self.exchanges.ledger.tables()[0]
        rows = (table_["role"] != NOTHING).nonzero()[0]
        arrows = list(self._arrows(rows[:MESSAGES].tolist()))
        if not arrows:
            return said("No message takes part in an exchange.")
        ends = [end for arrow in arrows for end in (arrow.source, arrow.target)]
        listeners = [name for name in dict.fromkeys(ends) if name.endswith(" listeners")]
        users = [name for name in dict.fromkeys(ends) if name != KERNEL and name not in listeners]
        left = f" Of {len(rows):,} messages the first {MESSAGES} are drawn." if len(rows) > MESSAGES else ""
        note = "Point at an arrow to read the message. A capture does not tell groups: listeners stand together."
        return drawn(arrows, users, KERNEL, listeners) + said(note + left)

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
            label, how = message_name(meanings[int(table_["meaning"][row])]), _HOW[role]
            if role in (ACK, END):
                error = self._error(row)
                label, how = (error, "refused") if error else ("ack" if role == ACK else "done", how)
            count = f"{same - place} x " if same - place > 1 else ""
            user = self._who(row) if role != EVENT else f"{protocol_shown(int(table_['lane'][row]) & 0xFFFF)} listeners"
            ends = (user, KERNEL) if role == REQUEST else (KERNEL, user)
            shown = "-" if time == NO_TIME else time_text(time - first, self.about.decimals)
            yield Arrow(shown, *ends, how, count + label, f"{self._frame(row)}: {self._text(row)}")
            place = same

    def _error(self, row: int) -> str:
        answers = self.exchanges.ledger.tables()[1]
        at = int(answers["row"].searchsorted(row))
        error = int(answers["error"][at]) if at < len(answers["row"]) and answers["row"][at] == row else 0
        return RESULT.names.get(error, str(error)) if error else ""

    def _frame(self, row: int) -> str:
        frame, place = self.exchanges.place(row)
        return f"frame {frame}" + (f", message {place}" if place > 1 else "")

    def _errors(self) -> str:
        errors = self.told["errors"]
        rows = [_refusal(one) for one in [*errors["errors"], *errors["warnings"]][:ROWS]]
        if not rows:
            return said(f"Nothing; {errors['acks']:,} acknowledgements.")
        return table(("Error", "Protocol", "Request", ">Messages", ">First frame", "The kernel says"), rows)

    def _processes(self) -> str:
        rows = [
            [
                one.get("name", "-"), str(one.get("pid", "-")), one["confidence"], f"{one['messages']:,}",
                ("bar", str(one["share"])), f"{one['bytes']:,}", f"{one['requests']:,}", f"{one['errors']:,}",
            ]
            for one in self.told["processes"][:ROWS]
        ]  # fmt: skip
        names = ("Process", ">Pid", "Known", ">Messages", "Share", ">Bytes", ">Requests", ">Errors")
        return table(names, rows)

    def _objects(self) -> str:
        if os.path.getsize(self.whole.path) > LARGEST:
            return said(f"Left out: the file is larger than {LARGEST >> 20} MB. `nldissect changes` tells them.")
        found, counts, flaps = Changes(), Counter[str](), dict[str, int]()
        frames = Frames(self.whole.path, dict(self.whole.families or {}), self.whole.order)

        def take(change: Any) -> None:
            if change.what in (THERE, UNCHANGED):
                return
            name = f"{change.thing.name} {called(change)}"
            counts[name] += 1
            if change.what == CHANGED and change.flaps:
                flaps[name] = max(change.flaps.values())

        for seen in frames.frames():
            for place, walked in enumerate(seen.frame.messages, 1):
                for change in found.meet(seen.number, place, seen.record.time, walked, seen.record.interface.name):
                    take(change)
        for change in found.finish():
            take(change)
        frames.finish()
        if not counts:
            return said("No message told of a change.")
        rows = [(name, f"{count:,}", f"{flaps.get(name, 0):,}") for name, count in counts.most_common(BUSIEST)]
        return table(("Object", ">Changes", ">A value came back"), rows)

    def _types(self) -> str:
        rows = [
            [
                one.get("family") or protocol(one), ("code", one["name"]), one.get("direction", "-"),
                f"{one['messages']:,}", ("bar", str(one["share"])), f"{one['bytes']:,}",
            ]
            for one in self.told["types"][:ROWS]
        ]  # fmt: skip
        return table(("Protocol", "Type", "Direction", ">Messages", "Share", ">Bytes"), rows)

    def _families(self) -> str:
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
        return table(("Protocol", "Family", ">Messages", "Share", ">Bytes"), rows)


def _round(seconds: str) -> str:
    """Without zeros that say nothing."""
    return seconds.rstrip("0").rstrip(".") if "." in seconds else seconds


def _refusal(one: dict[str, Any]) -> list[Cell]:
    name: Cell = ("error", one["error"]) if "error" in one else "warning"
    words = "; ".join(one.get("extack", ())) or one.get("text", "")
    asked = one.get("request", "end of a dump")
    return [name, protocol(one), asked, f"{one['messages']:,}", str(one["first_frame"]), words]


def protocol(one: dict[str, Any]) -> str:
    """A protocol as tables have it."""
    return str(one["protocol"]).removeprefix("NETLINK_")


_SHARES = (("half within", 50), ("nine of ten within", 90), ("99 of 100 within", 99), ("the longest", 100))
_HOW = {REQUEST: "to-kernel", DATA: "to-user", ACK: "to-user", END: "to-user", EVENT: "notification"}
