"""`nldissect exchanges`: one line an exchange, or one JSON object.

Keys of an object; one that does not apply is left out. Times are text with the file's own decimals.

exchange                  number, from 1
frame message time interface   of the request, or of the first answer if the request is not in the capture
protocol port request summary
process pid confidence    the process that sent the request, if the capture names it
commands                  of a batch: frame message request summary result of each
result text extack        the result, its meaning, and the kernel's message
latency                   seconds from the request to the answer that ends it
answers bytes frames      messages of answers; bytes of all messages; frames of the answers
events                    events among the answers: frame message of the first copy, copies that listeners received
paired_by alike           echo, port, only, order; number of requests that the answer could belong to
interrupted_by            the change that may have interrupted a dump: frame message request
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from nldissect.analysis.event_copies import EventCopies, events_of
from nldissect.analysis.exchanges.pairs import NONE, PROOFS
from nldissect.analysis.exchanges.table import INTERRUPTED, MEANINGS, RESULT, Exchanges
from nldissect.analysis.processes.process import Process
from nldissect.capfile import time_text
from nldissect.capfile.comments import parse_comments
from nldissect.capfile.reopenable import ReopenableFile
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.buffer import Array
from nldissect.errors import print_notice
from nldissect.filters import compile_filter
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.native.loader import LIST
from nldissect.render.columnar.refusals import explanations
from nldissect.render.columnar.session import RenderSession
from nldissect.render.durations import latency_text
from nldissect.render.exchange_text import ExchangeText
from nldissect.render.json_text import encode
from nldissect.render.list_columns import protocol_shown
from nldissect.render.list_line import list_text
from nldissect.render.names import protocol_name
from nldissect.render.process_label import ProcessLabels, processes_of, text_of
from nldissect.render.refusal import Line
from nldissect.render.refusal_choice import asks_errors
from nldissect.render.times import Clock
from nldissect.render.watched_file import is_watched
from nldissect.terminal.colors import Piece, painter_for, plain, takes_arrows
from nldissect.terminal.progress import Progress
from nldissect.terminal.wrap import terminal_width, wrapped
from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest
from nldissect.wire.errno import meaning

from ..exit_status import DONE, INCOMPLETE
from ..reading import report_hidden

LONGEST_NAME = 34
EXPLAINED = 16
RESULT_FIELD = "exchange.result"


def exchanges(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    again = ReopenableFile(options.files[0])
    try:
        name, options.files = again.name, [again.path]
        with again.named():
            job = _Job(options)
            cut = job.run()
    finally:
        again.close()
    sys.stdout.flush()
    report_hidden(job.hidden, options)
    cut = cut or (again.problem and f"{name}: {again.problem}")
    if cut:
        print_notice(cut.replace(again.path, name))
    return INCOMPLETE if cut else DONE


class _Job:
    """The job of one file: its exchanges are found first, then printed as the file is read again."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.found = Exchanges()
        self.outcomes = ExchangeText(self.found)
        self.whose = ProcessLabels()
        self.told = is_watched(options.files[0])  # whether the capture names processes
        self.explained: dict[int, list[Line]] = {}
        self.hidden = 0  # frames
        self.own: list[int] = []  # rows of what the capture itself sent, and of answers to that
        self.clock = Clock(options.time)
        self.decimals = 6
        self.json = options.format == "json"
        self.count = 0
        self.paint = painter_for(sys.stdout, options.color)
        self.arrow = "→" if takes_arrows(sys.stdout.encoding) else "->"
        self.widths = {"number": 4, "time": 8, "port": 5, "protocol": 5, "type": 12}

    def run(self) -> str | None:
        cut = self._find()
        wanted = self._wanted()
        if not self.json and self._explains():
            numbers = wanted.nonzero()[0].tolist()
            self.explained = explanations(self._source(), self.found, numbers, self.options.secrets)
        if self.json:
            sys.stdout.write("[")
        self._print(wanted)
        if self.json:
            sys.stdout.write("\n]\n" if self.count else "]\n")
        return cut

    def _find(self) -> str | None:
        """Observe every message; return a sentence on where the file is cut, None if it is whole."""
        source, copies = self._source(), EventCopies()
        with Progress(source.path, printing=False) as progress:
            row = 0
            for block in source.blocks():
                self.found.add(block)
                copies.add(block)
                self.told = self.told or any(_names_process(texts) for texts in block.comments.values())
                self.own += (block.own_messages().nonzero()[0] + row).tolist()
                row += len(block)
                progress.at(block.offset + int(block.frames.end[-1]))
        self.clock = Clock(self.options.time, source.first)
        self.decimals = max((one.decimals for one in source.reader.interfaces), default=6)
        self.outcomes.events = events_of(self.found, copies)
        self.hidden = source.reader.hidden
        return source.finish()

    def _source(self) -> BlockReader:
        return BlockReader(self.options.files[0], dict(self.options.families), self.options.order)

    def _wanted(self) -> Array:
        """Return a mask of the exchanges to show: bool, one per exchange number (0 is no exchange).

        An exchange is shown if the filter holds for one of its messages; the capture's own ones only with --own.
        """
        wanted = np.ones(len(self.found) + 1, bool)
        if self.options.filter is not None:
            wanted[:] = False
            columns = VectorFilter(compile_filter(self.options.filter).tree)
            source = self._source()
            source.whole.set("exchange", self.found)
            with Progress(source.path, printing=False) as progress:
                for block in source.blocks():
                    wanted[self.found.of_block(block)[columns.mask(block, source.first)]] = True
                    progress.at(block.offset + int(block.frames.end[-1]))
            source.finish()
        wanted[0] = False
        if not self.options.own:
            wanted[1:] &= ~np.isin(self.found.table()["head"], self.own)
        return wanted

    def _explains(self) -> bool:
        """Return whether the filter asks for errors, so that refusals are explained."""
        if self.options.filter is None:
            return False
        return asks_errors((one.name for one in compile_filter(self.options.filter).fields), RESULT_FIELD)

    def _print(self, wanted: Array) -> None:
        """Read the file again and print each exchange where it begins."""
        with Progress(self.options.files[0]) as progress:
            self._print_by(progress, wanted)

    def _print_by(self, progress: Progress, wanted: Array) -> None:
        table = self.found.table()
        blocks = RenderSession(self.options, LIST, _slow)
        row, number = 0, 0
        for block in blocks:
            stop = row + len(block)
            last = int(table["head"].searchsorted(stop))
            mine = np.arange(number + 1, last + 1)
            mine = mine[wanted[mine]]
            if len(mine):
                shown = np.zeros(len(block), bool)
                members = [self._members(one) for one in mine.tolist()]
                rows = np.array([one for some in members for one in some if one < stop], np.int64) - row
                shown[rows] = True
                texts = blocks.messages.texts(block, shown)
                heads = (table["head"][mine - 1] - row).tolist()
                who = processes_of(block, heads) if self.told else dict.fromkeys(heads)
                for one, head, some in zip(mine.tolist(), heads, members, strict=True):
                    self._show(one, {at: _stripped(texts[at - row]) for at in some if at < stop}, who[head], block)
            row, number = stop, last
            progress.at(block.offset + int(block.frames.end[-1]))
        blocks.source.finish()

    def _members(self, number: int) -> list[int]:
        """Return the rows of messages whose texts are printed: the requests of a batch, else the first message."""
        table = self.found.table()
        if table["requests"][number - 1] > 1:
            return self.found.exchange(number).requests
        return [int(table["head"][number - 1])]

    def _show(self, number: int, texts: dict[int, str], who: Process | None, block: Block) -> None:
        if self.json:
            sys.stdout.write(("\n" if not self.count else ",\n") + encode(self._object(number, texts, who, block)))
        else:
            self._line(number, texts, who)
            self._write(self.explained.get(number, ()), EXPLAINED)
        self.count += 1

    def _line(self, number: int, texts: dict[int, str], who: Process | None) -> None:
        row = self.outcomes.row(number)
        kinds = self.found.ledger
        about = kinds.meanings[int(kinds.tables()[0]["meaning"][row["head"]])]
        name, summary = self.outcomes.asked(number, texts.get(row["head"], ""))
        role, result = self.outcomes.result(number)
        latency = latency_text(row["latency"]) if row["latency"] >= 0 else ""
        pieces: list[Piece] = [
            ("dim", f"{self._fit('number', str(number), '>')} {self._fit('time', self._time(row['time']), '>')} "),
            ("", self._fit("port", str(row["port"] or "-"), ">") + " "),
            ("name", self.whose.padded(text_of(who)) if self.told else ""),
            ("", self._fit("protocol", protocol_shown(about.protocol), "<") + " "),
            ("kernel" if row["requests"] else "dim", self._fit("type", name, "<") + " "),
            ("", f"{summary} " if summary else ""),
            ("dim", f"{self.arrow} "),
            (role, result),
            ("dim", f"  {latency}" if latency else ""),
        ]
        if row["alike"]:
            pieces.append(("warning", f"  (one of {row['alike']} alike, taken in order)"))
        self._write([pieces], 20)

    def _write(self, lines: Iterable[list[Piece]], indent: int) -> None:
        """Print lines; on a terminal, long ones are wrapped."""
        for pieces in lines:
            for line in _lines(pieces, indent):
                sys.stdout.write(self.paint(line).rstrip(" ") + "\n")

    def _time(self, time: int) -> str:
        return self.clock.at(None if time == NO_TIME else time, self.decimals)

    def _fit(self, column: str, text: str, side: str) -> str:
        width = self.widths[column] = max(self.widths[column], min(len(text), LONGEST_NAME))
        return f"{text:{side}{width}}"

    def _object(self, number: int, texts: dict[int, str], who: Process | None, block: Block) -> dict[str, Any]:
        row = self.outcomes.row(number)
        one = self.found.exchange(number)
        ledger = self.found.ledger
        table = ledger.tables()[0]
        head = row["head"]
        about = ledger.meanings[int(table["meaning"][head])]
        frame, place = self.found.place(head)
        interface = block.interfaces[int(table["port_space"][head]) >> 16].name
        name, summary = self.outcomes.asked(number, texts.get(head, ""))
        result = row["result"]
        cause = self.found.cause(number) if result == INTERRUPTED else NONE
        found = {
            "exchange": number, "frame": frame, "message": place,
            "time": None if row["time"] == NO_TIME else time_text(row["time"], self.decimals),
            "interface": interface, "protocol": protocol_name(about.protocol) or about.protocol,
            "port": row["port"] or None, **_process(who), "request": name if row["requests"] else None,
            "summary": (summary if row["requests"] else texts.get(head)) or None,
            "commands": self._commands(one.requests, texts) if row["requests"] > 1 else None,
            "result": RESULT.names.get(result, str(result)),
            "text": MEANINGS.get(result) or meaning(result) or None,
            "extack": ledger.texts.get(row["decisive"]),
            "latency": time_text(row["latency"], self.decimals) if row["latency"] >= 0 else None,
            "answers": row["parts"], "bytes": row["bytes"],
            "frames": list(dict.fromkeys(self.found.place(answer)[0] for answer in one.answers)),
            "events": self._events(number) or None, "paired_by": PROOFS[row["proof"]], "alike": row["alike"] or None,
            "interrupted_by": self._placed(cause) if cause != NONE else None,
        }  # fmt: skip
        return {key: value for key, value in found.items() if value is not None}

    def _placed(self, row: int) -> dict[str, Any]:
        ledger = self.found.ledger
        frame, place = self.found.place(row)
        name = ledger.meanings[int(ledger.tables()[0]["meaning"][row])].called
        return {"frame": frame, "message": place, "request": name}

    def _events(self, number: int) -> list[dict[str, int]]:
        events = [(self.found.place(row), copies) for row, copies in self.outcomes.events.get(number, ())]
        return [{"frame": frame, "message": place, "copies": copies} for (frame, place), copies in events]

    def _commands(self, rows: list[int], texts: dict[int, str]) -> list[dict[str, Any]]:
        found = []
        for row in rows:
            result = self.found.result_of(row)
            end = RESULT.names.get(result, str(result))
            found.append({**self._placed(row), "summary": texts.get(row, ""), "result": end})
        return found


def _stripped(text: str | None) -> str:
    return (text or "").strip(" \n")


def _slow(_: int, walked: DecodedMessage, asked: PriorRequest | None) -> str:
    return plain(list_text(walked, asked)) + "\n"


def _process(who: Process | None) -> dict[str, Any]:
    if who is None or who.pid is None:
        return {}
    return {"process": who.name, "pid": who.pid, "confidence": who.confidence}


def _names_process(comments: tuple[str, ...]) -> bool:
    return next(parse_comments(comments, "process"), None) is not None


def _lines(pieces: list[Piece], indent: int) -> Iterator[list[Piece]]:
    """Yield a line; on a terminal, a long one is wrapped."""
    if sys.stdout.isatty():
        yield from wrapped(pieces, terminal_width(sys.stdout), indent)
    else:
        yield pieces
