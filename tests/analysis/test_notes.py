"""Expert notes: of messages, of exchanges, as fields and counted."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from tests.helpers.cli import lines
from tests.helpers.messages import ACK, REQUEST, ROUTE, attribute, frame, link, message, write
from tests.helpers.paths import CAPTURES

ASKED = ("-T", "fields", "-e", "frame.number", "-e", "expert.severity", "-e", "expert.kind", "-e", "expert")


def noted(path: Path, *options: str, stdin: bytes | None = None) -> list[str]:
    return lines("read", path if stdin is None else "-", "-Y", "expert", *ASKED, *options, stdin=stdin)


def test_an_interrupted_dump_bears_its_cause() -> None:
    text = "the dump was interrupted and may be inconsistent, by what frame 6 changed"
    assert [f"11\twarning\tinterrupted dump\t{text}"] == noted(CAPTURES / "dump_interrupted.pcap")


def test_kinds_made_by_hand(tmp_path: Path) -> None:
    """An unknown attribute, two requests of one number, no answer, an overrun, large, cut."""
    nest = attribute(18, attribute(1, b"vlan\0"))  # the kernel takes IFLA_LINKINFO without NLA_F_NESTED
    asked = link(2, nest, flags=REQUEST | ACK, seq=1, pid=7)
    large = message(16, b"\0" * 16 + attribute(7, b"\0" * 5000))
    traffic = [
        frame(ROUTE, link(2, attribute(4000, b"x"))), frame(ROUTE, asked), frame(ROUTE, asked),
        frame(ROUTE, message(4)), frame(ROUTE, large), frame(ROUTE, message(999, struct.pack("<I", 1))),
    ]  # fmt: skip
    path = write(tmp_path / "x.pcap", *traffic)
    kinds = {tuple(line.split("\t")[:1]) + tuple(line.split("\t")[2].split(",")) for line in noted(path)}
    assert ("1", "unknown attribute") in kinds
    assert ("2", "unanswered") in kinds
    assert ("3", "unanswered", "duplicate sequence number") in kinds
    assert ("4", "overrun") in kinds
    assert ("6", "unknown message") in kinds
    assert any(one[0] == "5" and "large message" in one for one in kinds)
    assert ["4"] == [line.split("\t")[0] for line in noted(path) if "error" in line.split("\t")[1]]
    assert 2 == len(lines("read", path, "-Y", 'expert contains "no answer"'))
    cut = write(tmp_path / "y.pcap", *traffic[4:5], snap=100)
    said = "4952 bytes were not captured,longer than 4 KiB, a common size of receive buffers"
    assert [f"1\tnote,note\tcut,large message\t{said}"] == noted(cut)


def test_a_pipe_has_the_notes_of_messages_alone() -> None:
    data = (CAPTURES / "errors.pcap").read_bytes()
    whole = noted(CAPTURES / "errors.pcap")
    assert 19 == sum("refused" in line for line in whole)
    assert 19 == sum("refused" in line for line in noted(CAPTURES / "errors.pcap", stdin=data))


def test_notes_are_counted() -> None:
    (rows,) = [json.loads("".join(lines("stats", CAPTURES / "errors.pcap", "notes", "-T", "json")))["notes"]]
    assert {"severity": "error", "kind": "refused", "notes": 19, "first_frame": 4}.items() <= rows[0].items()
    table = lines("stats", CAPTURES / "dump_interrupted.pcap", "notes")
    assert ["warning", "interrupted", "dump", "1", "11"] == table[1].split()[:5]


def test_habits_are_left_out_of_text_unless_asked_for() -> None:
    """captures/expert.pcap: four requests a strict socket would be refused, six that repeat a sequence number."""
    said = "left out, habits of common programs: duplicate sequence number 6, strict check 4; --pedantic shows them"
    path, habits = (
        CAPTURES / "expert.pcap",
        [["note", "duplicate", "sequence", "number", "6"], ["note", "strict", "check", "4"]],
    )
    table, all_of_it = lines("stats", path, "notes"), lines("stats", path, "notes", "--pedantic")
    assert said == table[-1] and said not in all_of_it
    assert not [line for line in table[:-1] if "duplicate" in line or "strict" in line]
    assert habits == [line.split()[: len(row)] for row in habits for line in all_of_it if row[1] in line]
    (found,) = [json.loads("".join(lines("stats", path, "notes", "-T", "json")))["notes"]]
    assert {"duplicate sequence number": 6, "strict check": 4}.items() <= {
        row["kind"]: row["notes"] for row in found
    }.items()
