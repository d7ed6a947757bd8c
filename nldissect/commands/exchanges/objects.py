"""Exchanges as JSON objects.

Keys of an object; one that does not apply is left out. Times are text with the file's own decimals.

exchange                  number, from 1
file                      name of the file, if there are several; frames and exchanges are numbered over all files
frame message time netns interface   of the request, or of the first answer if the request is not in the capture
protocol port request summary
process pid confidence    the process that sent the request, if the capture names it; start parent unit: when it
                          began, the process that started it, its unit of systemd or container
commands                  of a batch: frame message request summary result of each
result text extack        the result, its meaning, and the kernel's message
reason                    why it was refused, as the capture told before: text; frame, known and cause of the change
                          that made it so, see `changes`; confidence: exact, inferred, or likely, where no message shows
                          it and our tables know what the request lacks; from: the kernel's function that refuses so
latency                   seconds from the request to the answer that ends it
answers bytes frames      messages of answers; bytes of all messages; frames of the answers
events                    events among the answers: frame message of the first copy, copies that listeners received
paired_by alike           echo, port, only, order; number of requests that the answer could belong to
interrupted_by            the change that may have interrupted a dump: frame message request
"""

from __future__ import annotations

from typing import Any

from nldissect.analysis.exchanges.pairs import NONE, PROOFS
from nldissect.analysis.exchanges.table import INTERRUPTED, MEANINGS, RESULT
from nldissect.analysis.processes.process import Process
from nldissect.capfile import time_text
from nldissect.columns.blocks.block import NO_TIME
from nldissect.render.names import protocol_name
from nldissect.render.origins.frame_source import source_object
from nldissect.render.reasons.reason_text import reason_object
from nldissect.wire.errno import meaning

from .exchange_file import ExchangeFile, FoundExchange

NANOSECONDS = 9
"""Decimals of a second."""


def exchange_object(exchange: FoundExchange, decimals: int, several: bool) -> dict[str, Any]:
    """Return an exchange as plain values, see the head of this module.

    several   it is one of several files
    """
    file, number, texts = exchange.file, exchange.number, exchange.texts
    row = file.outcomes.row(number)
    one = file.found.exchange(number)
    ledger = file.found.ledger
    table = ledger.tables()[0]
    head = row["head"]
    about = ledger.meanings[int(table["meaning"][head])]
    frame, place = file.place(head)
    name, summary = file.outcomes.asked(number, texts.get(head, ""))
    result = row["result"]
    reason = file.reasons.get(number)
    cause = file.found.cause(number) if result == INTERRUPTED else NONE
    found = {
        "exchange": file.shown_number(number), "file": file.name if several else None,
        "frame": frame, "message": place,
        "time": None if row["time"] == NO_TIME else time_text(row["time"], decimals),
        **source_object(exchange.interface), "protocol": protocol_name(about.protocol) or about.protocol,
        "port": row["port"] or None, **_process(exchange.process), "request": name if row["requests"] else None,
        "summary": (summary if row["requests"] else texts.get(head)) or None,
        "commands": _commands(file, one.requests, texts) if row["requests"] > 1 else None,
        "result": RESULT.names.get(result, str(result)),
        "text": MEANINGS.get(result) or meaning(result) or None,
        "extack": ledger.texts.get(row["decisive"]),
        "reason": None if reason is None else reason_object(reason, file.shown_frame),
        "latency": time_text(row["latency"], decimals) if row["latency"] >= 0 else None,
        "answers": row["parts"], "bytes": row["bytes"],
        "frames": list(dict.fromkeys(file.place(answer)[0] for answer in one.answers)),
        "events": _events(file, number) or None, "paired_by": PROOFS[row["proof"]], "alike": row["alike"] or None,
        "interrupted_by": _placed(file, cause) if cause != NONE else None,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}


def _placed(file: ExchangeFile, row: int) -> dict[str, Any]:
    ledger = file.found.ledger
    frame, place = file.place(row)
    name = ledger.meanings[int(ledger.tables()[0]["meaning"][row])].called
    return {"frame": frame, "message": place, "request": name}


def _events(file: ExchangeFile, number: int) -> list[dict[str, int]]:
    events = [(file.place(row), copies) for row, copies in file.outcomes.events.get(number, ())]
    return [{"frame": frame, "message": place, "copies": copies} for (frame, place), copies in events]


def _commands(file: ExchangeFile, rows: list[int], texts: dict[int, str]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        result = file.found.result_of(row)
        end = RESULT.names.get(result, str(result))
        found.append({**_placed(file, row), "summary": texts.get(row, ""), "result": end})
    return found


def _process(who: Process | None) -> dict[str, Any]:
    if who is None or who.pid is None:
        return {}
    start = None if who.start is None else time_text(who.start, NANOSECONDS)
    origin = {"start": start, "parent": who.parent, "unit": who.unit}
    return {"process": who.name, "pid": who.pid, **origin, "confidence": who.confidence}
