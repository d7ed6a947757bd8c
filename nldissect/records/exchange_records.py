"""Records of exchanges: each request with its answers, over one or several captures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nldissect.analysis.exchanges.fields import EXCHANGE
from nldissect.analysis.exchanges.pairs import PROOFS
from nldissect.analysis.exchanges.table import MEANINGS, RESULT, Exchanges
from nldissect.analysis.processes.process import NOBODY, Process
from nldissect.analysis.refusals.capture_reasons import RefusalReasons
from nldissect.capfile.comments import parse_comments
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import NO_TIME, Block
from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.merged_numbers import MergedFrames, merged_ranks
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.columns.merged_blocks import merged_blocks
from nldissect.render.exchange_text import ExchangeText
from nldissect.render.list_line import list_text
from nldissect.render.names import protocol_name
from nldissect.render.process_label import processes_of
from nldissect.render.watched_file import is_watched
from nldissect.wire.errno import meaning

from .model import ExchangeRecord


def exchange_records(readers: Sequence[BlockReader], names: Sequence[str]) -> list[ExchangeRecord]:
    """Return the exchanges of all files in order of their beginnings, without those of the captures themselves.

    names   of the files; NldissectError if one can't be read twice
    """
    files = [ExchangesOfFile(reader, name) for reader, name in zip(readers, names, strict=True)]
    for place, block in merged_blocks(readers):
        files[place].add(block)
    for reader in readers:
        reader.finish()
    numbers = merged_ranks([file.order_keys() for file in files])
    found = [one for file, some in zip(files, numbers, strict=True) for one in file.records(some, len(files) > 1)]
    return sorted(found, key=lambda one: one.number)


class MessageSurroundings(NamedTuple):
    """Facts around the first message of an exchange: where it was captured, its text, who sent it; and all reasons."""

    interface: str | None
    summary: str
    process: Process | None
    reasons: RefusalReasons


class ExchangesOfFile:
    """The exchanges of one file, complete after `add` of all its blocks."""

    def __init__(self, reader: BlockReader, name: str) -> None:
        self._whole, self._name = reader.whole, name
        self._found, self._frames = Exchanges(), MergedFrames()
        self._named = is_watched(reader.path)
        self._own: list[int] = []  # rows of what the capture itself sent, and of answers to that

    def add(self, block: Block) -> None:
        """Observe the next block."""
        self._own += (block.own_messages().nonzero()[0] + self._found.ledger.rows).tolist()
        self._found.add(block)
        self._frames.add(block)
        self._named = self._named or any(
            next(parse_comments(texts, "process"), None) is not None for texts in block.comments.values()
        )

    def order_keys(self) -> Array:
        """Return for each exchange a key that orders those of several files: int64."""
        return self._frames.keys(self._found.ledger.tables()[0]["key"][self._found.table()["head"]])

    def records(self, numbers: Array, several: bool) -> Iterator[ExchangeRecord]:
        """Read the file again; yield its exchanges.

        numbers   for each exchange its number among those of all files
        several   it is one of several files
        """
        self._whole.set(EXCHANGE, self._found)
        reasons, texts = RefusalReasons(self._whole), ExchangeText(self._found)
        heads, own = self._found.table()["head"], set(self._own)
        row, number = 0, 0
        for block in self._whole.blocks():
            last = int(heads.searchsorted(row + len(block)))
            rows = (heads[number:last] - row).tolist()
            processes = processes_of(block, rows) if self._named else dict.fromkeys(rows)
            decoder = MessageDecoder(block, None)
            for one, index in enumerate(rows, number + 1):
                if row + index not in own:
                    summary = "".join(text for _, text in list_text(decoder.message(index), None)).strip(" \n")
                    interface = block.interfaces[int(block.frames.interface[block.messages.frame[index]])].name
                    around = MessageSurroundings(interface, summary, processes[index], reasons)
                    yield self._record(one, texts, around, int(numbers[one - 1]), self._name if several else None)
            row, number = row + len(block), last

    def _record(
        self, one: int, texts: ExchangeText, around: MessageSurroundings, number: int, file: str | None
    ) -> ExchangeRecord:
        """Return one exchange, by its number in the file."""
        found, ledger, row = self._found, self._found.ledger, texts.row(one)
        frame, place = found.place(row["head"])
        about = ledger.meanings[int(ledger.tables()[0]["meaning"][row["head"]])]
        name, summary = texts.asked(one, around.summary)
        reason = around.reasons.of_row(row["decisive"])
        who = around.process if around.process is not None and around.process.pid is not None else NOBODY
        known = who is not NOBODY
        return ExchangeRecord(
            number=number,
            file=file,
            frame=self._frames.shown(frame),
            message=place,
            time=None if row["time"] == NO_TIME else row["time"],
            interface=around.interface,
            protocol=protocol_name(about.protocol) or str(about.protocol),
            port=row["port"] or None,
            process=who.name,
            pid=who.pid,
            confidence=who.confidence if known else None,
            requests=row["requests"],
            request=name if row["requests"] else None,
            summary=summary if row["requests"] else around.summary,
            result=RESULT.names.get(row["result"], str(row["result"])),
            text=MEANINGS.get(row["result"]) or meaning(row["result"]) or None,
            extack=ledger.texts.get(row["decisive"]),
            reason=None if reason is None else reason.text(self._frames.shown),
            latency=row["latency"] if row["latency"] >= 0 else None,
            answers=row["parts"],
            bytes=row["bytes"],
            frames=tuple(dict.fromkeys(self._frames.shown(found.place(one)[0]) for one in found.exchange(one).answers)),
            paired_by=PROOFS[row["proof"]],
            alike=row["alike"],
        )
