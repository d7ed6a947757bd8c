"""Kinds that audit brought: lists of bits as text, the unused rest of an array, lines of a log."""

from __future__ import annotations

import pytest

from nldissect.errors import FieldError
from nldissect.wire import U32, Array, BitList, LogLine, Message, Rest


class room(Message):
    """Room for four numbers, of which some are used."""

    fields_desc = [U32.of("used"), Array.of("numbers", U32, count="used"), Rest.of("rest", 4, unit=4, count="used")]


@pytest.mark.parametrize(
    ("order", "raw", "text"),
    [
        ("<", "00000000 00000000", ""),
        ("<", "01000000 00000000", "0"),
        ("<", "0f000080 01000000", "0-3,31-32"),
        (">", "8000000f 00000001", "0-3,31-32"),
        ("<", "ffffffff ffffffff", "0-63"),
        ("<", "55000000 00000080", "0,2,4,6,63"),
    ],
)
def test_lists_of_bits(order: str, raw: str, text: str) -> None:
    """Words in the host's order, bits from the low one up, as the kernel's %*pbl prints them."""
    kind = BitList(None, 2).named("mask")

    assert text == kind.decoder(order)(bytes.fromhex(raw), 0, 8) == kind.json(text) == kind.shown(text)
    assert bytes.fromhex(raw) == kind.encode(text, order)


@pytest.mark.parametrize("text", ["64", "1-", "x", "5-99", "1,,y"])
def test_no_lists_of_bits(text: str) -> None:
    with pytest.raises(FieldError, match="no list of bits below 64"):
        BitList(None, 2).named("mask").encode(text, "<")


@pytest.mark.parametrize("used", [0, 1, 4, 5])
def test_rest_of_an_array(used: int) -> None:
    """The rest takes what the room leaves; more than there is room for leaves none."""
    raw = used.to_bytes(4, "little") + bytes(range(1, 4 * used + 1)) + bytes(4 * max(4 - used, 0))
    found = room(raw)

    assert (used, 4 * max(4 - used, 0)) == (len(found.numbers), len(found.rest))
    assert raw == bytes(found)


def test_rest_that_is_not_empty_is_kept() -> None:
    raw = bytes.fromhex("01000000 07000000") + bytes(11) + b"\1"

    assert b"\1" == room(raw).rest[-1:]
    assert raw == bytes(room(raw))


def test_a_line_is_built_from_its_text() -> None:
    """What was taken out of it follows from it; a line given as text is taken apart."""
    kind = LogLine(None, "comm").named("record")
    value = kind.accept("audit(1.5:7): comm=61622063 x=1")

    assert [("timestamp", "1.5"), ("serial", "7"), ("comm", "ab c"), ("x", "1")] == value[1:]
    assert b"audit(1.5:7): comm=61622063 x=1" == kind.encode(value, "<")
    assert "comm=ab c x=1" == kind.shown(value)
