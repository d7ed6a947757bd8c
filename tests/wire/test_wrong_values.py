"""Values that a row can't hold: an error that names the row, never other bytes or somebody else's exception."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from nldissect.all import IFLA, NFTA_DATA, TCA, genlmsghdr, nlmsghdr, uevent
from nldissect.errors import FieldError
from nldissect.families import load_all
from nldissect.wire import Bits, BitSet, Kind, Message
from nldissect.wire.attr_set import SETS

ODD = [5, -1, 1 << 70, 1.5, "x", "", b"x", [1], [-1], [1 << 40], ["x"], ("a", "b"), [("a", "b")], {}, {"a": 1}, True]


def leaves() -> Iterator[Kind]:
    """One row or field of every kind that the tables use."""
    load_all()
    messages = list(Message.__subclasses__())
    fields = (field.kind for message in messages for field in message.fields_desc)
    rows = (row for rows in SETS.values() for row in rows.rows.values())
    found = {type(kind): kind for kind in (*rows, *fields) if kind.shape == "leaf"}
    yield from found.values()


def test_every_kind_encodes_or_says_what_is_wrong() -> None:
    count = 0
    for kind in leaves():
        for value in ODD:
            try:
                assert isinstance(kind.encode(kind.accept(value), "<"), bytes)
            except FieldError as error:
                assert str(error)
            count += 1
    assert count > 40 * len(ODD)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: NFTA_DATA.VALUE(5), "NFTA_DATA_VALUE: 5 is no bytes; write b'...' or hexadecimal digits"),
        (lambda: NFTA_DATA.VALUE("0x06"), "NFTA_DATA_VALUE: '0x06' is no bytes"),
        (lambda: genlmsghdr(reserved=1), "reserved: 1 is no bytes"),
        (lambda: TCA.DUMP_FLAGS(1), "TCA_DUMP_FLAGS: 1 is no list of value and selector"),
        (lambda: TCA.DUMP_FLAGS([1]), "TCA_DUMP_FLAGS: 1 does not fit"),
        (lambda: IFLA.MTU([-1]), "IFLA_MTU: .* does not fit"),
        (lambda: uevent(action="add", devpath="/d", env=["A"]), r"env: \['A'\] is no list of keys and texts"),
    ],
)
def test_what_is_said(make: Any, said: str) -> None:
    with pytest.raises(FieldError, match=said):
        bytes(make())


def test_a_bit_field_of_another_struct_is_refused() -> None:
    """It was taken for 0."""
    kind = Bits(None, {"low": 4, "high": 4}).named("both")

    assert 0x21 == kind.accept({"low": 1, "high": 2})
    with pytest.raises(FieldError, match="both has no 'middle'; it has low, high"):
        kind.accept({"middle": 1})


def test_numbers_of_bits_have_an_end() -> None:
    kind = BitSet(None).named("set")

    assert b"\x01\x80" == kind.encode([0, 15], "<")
    for wrong in (-1, 1 << 40):
        with pytest.raises(FieldError, match=f"set: {wrong} is no number of a bit"):
            kind.encode([wrong], "<")


def test_flags_as_numbers_and_names() -> None:
    assert 0x301 == nlmsghdr(nlmsg_flags=[1, "NLM_F_DUMP"]).nlmsg_flags


def test_keys_that_repeat_are_all_built() -> None:
    """A uevent's environment is a list, in which a key may stand twice."""
    assert b"A=1\0A=2\0" == bytes(uevent(env=[("A", "1"), ("A", "2")]))[-8:]
