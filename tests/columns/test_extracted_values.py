"""What hits hold: numbers of every width and order, texts, distinct values, masks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nldissect.columns.blocks import distinct as distinct_module
from nldissect.columns.blocks.buffer import Buffer
from nldissect.columns.blocks.distinct import distinct, equal_to
from nldissect.columns.extract.plan import Hits
from nldissect.columns.extract.values import column, compare, decoded, each, equal, equal_text, holding, json, shown
from nldissect.wire import (
    S8,
    S16,
    S32,
    S64,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Be16,
    Be32,
    Be64,
    Bits,
    Enum,
    Flag,
    Kind,
    Le16,
    Le32,
    Nest,
    Sint,
    Text,
    Uint,
)  # fmt: skip
from tests.helpers.mutants import QUICK

SPARE = 16


def hits_of(*things: tuple[Kind, bytes, bool]) -> tuple[Hits, Buffer]:
    """Hits of these kinds, bytes and orders (whether big-endian), one after another at odd offsets."""
    kinds = list({id(kind): kind for kind, _, _ in things}.values())
    buffer, starts = bytearray(SPARE + 1), []
    for _, data, _ in things:
        starts.append(len(buffer))
        buffer += data
    start = np.array(starts, np.int64)
    size = np.array([len(data) for _, data, _ in things], np.int64)
    which = np.array([next(n for n, one in enumerate(kinds) if one is kind) for kind, _, _ in things], np.uint16)
    big = np.array([turned for *_, turned in things], bool)
    return Hits(np.arange(len(things)), start, start + size, which, big, kinds), Buffer(buffer + bytes(SPARE))


def test_numbers_of_every_width_and_order() -> None:
    cases: list[tuple[Kind, bytes, bool, int, str]] = [
        (U8(1), b"\xff", False, 255, "uint8"),
        (S8(1), b"\xff", False, -1, "int8"),
        (U16(1), b"\x01\x02", False, 0x0201, "uint16"),
        (U16(1), b"\x01\x02", True, 0x0102, "uint16"),
        (S16(1), b"\xfe\xff", False, -2, "int16"),
        (Be16(1), b"\x01\x02", False, 0x0102, "uint16"),
        (Le16(1), b"\x01\x02", True, 0x0201, "uint16"),
        (U32(1), b"\x01\x02\x03\x04", False, 0x04030201, "uint32"),
        (S32(1), b"\xff\xff\xff\xfe", True, -2, "int32"),
        (Be32(1), b"\x01\x02\x03\x04", False, 0x01020304, "uint32"),
        (Le32(1), b"\x01\x02\x03\x04", True, 0x04030201, "uint32"),
        (U64(1), b"\xff" * 8, False, (1 << 64) - 1, "uint64"),
        (S64(1), b"\xff" * 8, True, -1, "int64"),
        (Be64(1), bytes(7) + b"\x09", False, 9, "uint64"),
    ]
    for kind, data, big, value, dtype in cases:
        hits, raw = hits_of((kind, data, big))
        found = column(hits, raw)
        assert found is not None
        assert [value] == found.tolist() == decoded(hits, raw)
        assert dtype == found.dtype.name


def test_numbers_of_several_kinds_together() -> None:
    """Both byte orders, widths that differ, and what no one type holds."""
    one, two, wide, signed = U32(1), U16(2), U64(3), S32(4)
    hits, raw = hits_of((one, b"\1\0\0\0", False), (one, b"\0\0\0\2", True), (two, b"\3\0", False))
    found = column(hits, raw)
    assert found is not None and ([1, 2, 3], "uint32") == (found.tolist(), found.dtype.name)

    hits, raw = hits_of((wide, b"\xff" * 8, False), (signed, b"\xff" * 4, False))
    found = column(hits, raw)
    assert found is not None and [(1 << 64) - 1, -1] == found.tolist()
    assert [True, False] == compare(found, ">", 1 << 63).tolist()

    hits, raw = hits_of((one, b"\1\0\0\0", False), (Text(5), b"a\0", False))
    assert column(hits, raw) is None
    assert [1, "a"] == decoded(hits, raw)


def test_numbers_of_any_size() -> None:
    uint, sint = Uint(1), Sint(2)
    hits, raw = hits_of((uint, b"\xff", False), (uint, b"\1\0\0\0", False), (uint, b"\xff" * 8, False))
    assert [255, 1, (1 << 64) - 1] == column(hits, raw).tolist()  # type: ignore[union-attr]
    hits, raw = hits_of((sint, b"\xff", False), (sint, b"\xff\xff\xff\xfe", True))
    assert [-1, -2] == column(hits, raw).tolist()  # type: ignore[union-attr]


def test_bit_fields_count_from_the_end_their_compiler_begins_at() -> None:
    bits = Bits(None, {"low": 4, "high": 4})
    hits, raw = hits_of((bits, b"\x45", False), (bits, b"\x45", True))
    assert [0x45, 0x54] == column(hits, raw).tolist()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("operator", "number", "expected"),
    [
        ("==", 5, [0, 1, 0]), ("!=", 5, [1, 0, 1]), ("<", 5, [1, 0, 0]), ("<=", 5, [1, 1, 0]), (">", 5, [0, 0, 1]),
        (">=", 5, [0, 1, 1]), (">", -1, [1, 1, 1]), ("<", 1 << 70, [1, 1, 1]), ("==", 256 + 5, [0, 0, 0]),
        ("<", -(1 << 70), [0, 0, 0]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint64, object])
def test_comparing(operator: str, number: int, expected: list[int], dtype: Any) -> None:
    assert expected == compare(np.array([4, 5, 250], dtype), operator, number).tolist()


def test_text_equals_whatever_ends_it() -> None:
    text, fixed, until = Text(1), Text(None, 8), Text(None, ends="@")
    hits, raw = hits_of(
        (text, b"eth0\0", False), (text, b"eth0", False), (text, b"eth01\0", False), (text, b"eth\0", False),
        (fixed, b"eth0\0\0\0\0", False), (fixed, b"eth0\0x\0\0", False), (until, b"eth0@", False),
        (until, b"eth0", False), (text, b"", False),
    )  # fmt: skip
    expected = [value == "eth0" for value in decoded(hits, raw)]
    assert [1, 1, 0, 0, 1, 0, 1, 1, 0] == expected
    assert expected == equal_text(hits, raw, b"eth0").tolist()
    assert [value == "" for value in decoded(hits, raw)] == equal_text(hits, raw, b"").tolist()
    assert not equal_text(hits, raw, b"eth0\0").any()


texts = st.lists(st.binary(max_size=24) | st.sampled_from([b"", b"\0", b"a", b"a\0", b"abcdefgh", b"abcdefgh\0"]))


@QUICK
@given(texts)
def test_distinct_strings(strings: list[bytes]) -> None:
    hits, raw = hits_of(*((Text(1), one, False) for one in strings))
    which, first = distinct(raw, hits.start, hits.end)
    assert strings == [strings[first[place]] for place in which.tolist()]
    assert len({*strings}) == len(first)


def test_distinct_strings_whose_keys_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distinct_module, "_FACTOR", np.uint64(0))
    strings = [b"abc", b"abd", b"abc", b"0123456789", b"012345678x", b"0123456789"]
    hits, raw = hits_of(*((Text(1), one, False) for one in strings))
    which, first = distinct(raw, hits.start, hits.end)
    assert strings == [strings[first[place]] for place in which.tolist()]


@QUICK
@given(texts.filter(len), st.data())
def test_equal_bytes(strings: list[bytes], data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(strings) | st.binary(max_size=20))
    hits, raw = hits_of(*((Text(1), one, False) for one in strings))
    assert [one == value for one in strings] == equal(hits, raw, value).tolist()
    long = np.array([place for place, one in enumerate(strings) if len(one) >= len(value)], np.int64)
    begins = equal_to(raw, hits.start[long], value)
    assert [one.startswith(value) for one in (strings[place] for place in long)] == np.isin(
        np.arange(len(long)), begins
    ).tolist()


class COLOUR(Enum):
    RED = 1


def test_every_distinct_value_is_decoded_once() -> None:
    """As text for people and as JSON; things that hold others have no value here."""
    colour, address, there, nest = U32(1, COLOUR), Addr(2), Flag(3), Nest(4)
    for number, kind in enumerate((colour, address, there, nest)):
        kind.call(f"ROW_{number}")
    one, four = b"\1\0\0\0", b"\x0a\0\0\1"
    things = [
        (colour, one, False),
        (address, four, False),
        (colour, one, False),
        (there, b"", False),
        (nest, one, False),
    ]
    hits, raw = hits_of(*things, (colour, b"\0\0\0\1", True), (address, four, False))
    asked: list[Any] = []

    def make(kind: Kind) -> Callable[[Any], Any]:
        return lambda value: asked.append((kind.name, value)) or value

    assert [1, "10.0.0.1", 1, True, None, 1, "10.0.0.1"] == each(hits, raw, make)
    assert [("ROW_0", 1), ("ROW_0", 1), ("ROW_1", "10.0.0.1"), ("ROW_2", True), ("ROW_3", None)] == sorted(
        asked, key=lambda item: item[0]
    )
    assert ["COLOUR_RED", "10.0.0.1", "COLOUR_RED", "present", "", "COLOUR_RED", "10.0.0.1"] == shown(hits, raw)
    assert ["COLOUR_RED", "10.0.0.1", "COLOUR_RED", True, None, "COLOUR_RED", "10.0.0.1"] == json(hits, raw)
    assert [1, 0, 1, 0, 0, 1, 0] == holding(
        hits, raw, lambda kind: lambda value: value == 1 and value is not True
    ).tolist()


def test_nothing_found() -> None:
    hits, raw = hits_of()
    assert [] == decoded(hits, raw) == shown(hits, raw) == holding(hits, raw, lambda kind: bool).tolist()
    assert [] == column(hits, raw).tolist()  # type: ignore[union-attr]
    assert [] == equal_text(hits, raw, b"x").tolist()
