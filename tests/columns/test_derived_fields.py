"""Derived fields: both their forms, by message and by block, are registered; those without one by block say why."""

from __future__ import annotations

import pytest

import nldissect
from nldissect.columns.fields import derived_columns  # noqa: F401  registers forms by block
from nldissect.columns.fields.derived import DerivedField, all_derived, block_form_of, derived, derived_field
from nldissect.filters import compile_filter
from tests.helpers.message_rows import situations
from tests.helpers.paths import CAPTURES

BY_MESSAGE = {
    "error": "the hits of the field `error` are its form by block: derived_columns.error_column",
    "extack": "text inside an acknowledgement, of which there are few: answers are found by block, and then decoded",
    "notes": "what decoding finds odd is known when a message is decoded",
    "notes.severity": "as notes",
    "expert": "as notes",
    "expert.kind": "as notes",
    "expert.severity": "as notes",
    "frame.comment": "several texts per frame, of few frames",
    "sll_hatype": "a name of ARPHRD; in the cooked header, asked for rarely",
    "sll_halen": "asked for rarely",
    "sll_addr": "asked for rarely",
    "summary": "text of a template, which render/columnar makes of blocks",
}
"""Fields that are read message by message, and why."""


def test_fields_without_a_form_by_block_are_listed_with_the_reason() -> None:
    assert set(BY_MESSAGE) == {field.name for field in all_derived() if block_form_of(field) is None}


@pytest.mark.parametrize("name", ["frame.number", "exchange.latency", "process.pid", "event.copies"])
def test_fields_of_modules_imported_on_demand_have_both_forms(name: str) -> None:
    field = derived(name)
    assert field is not None and block_form_of(field) is not None


def test_a_form_by_block_is_registered_with_the_field() -> None:
    from nldissect.columns.fields.derived import Values
    from nldissect.wire.numbers import U32

    def block(block: object, first: int | None) -> object:
        raise NotImplementedError

    def values(context: object) -> tuple[int]:
        return (7,)

    keep: Values = derived_field("toy.number", U32(None), "a toy", block)(values)  # type: ignore[arg-type]
    field = derived("TOY.number")
    try:
        assert keep is values and isinstance(field, DerivedField)
        assert block is block_form_of(field)
    finally:
        from nldissect.columns.fields.derived import _block_forms, _fields

        del _fields["toy.number"], _block_forms["toy.number"]


@pytest.mark.parametrize("text", ["frame.cap_len > 60", "message.number == 1", 'direction == "to kernel"'])
def test_both_forms_give_the_same_values(text: str) -> None:
    """Filters on blocks and on single messages."""
    filter = compile_filter(text)
    with nldissect.open(CAPTURES / "vlan_add.pcap") as cap:
        found = cap.filter(text).rows().tolist()
    assert found == [row for row, message in enumerate(situations("vlan_add.pcap")) if filter.holds(message)]
    assert 0 < len(found)
