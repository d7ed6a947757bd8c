"""Operations of a specification: their numbers, and the attribute sets and headers of their messages.

Unified: one numbering; a value in an operation sets the count from there on. Directional: requests and answers count
apart; an operation without an answer, or an announcement, takes no number of the other side.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from nldissect.wire import Attrs, AttrSet, Message, bind_genl, bind_message
from nldissect.wire.packets.message import generic

from .spec import Spec, SpecItem, constant
from .tables import SpecTables


class NumberedOperation(NamedTuple):
    """One operation: its number in each direction, None where it has no message."""

    item: SpecItem
    request: int | None
    reply: int | None


def bind(spec: Spec) -> None:
    """Bind every operation of a specification to its family."""
    tables = SpecTables(spec)
    for name in spec.sets:
        tables.set_named(name, spec.sets[name])
    listed = spec.top.item("operations")
    operations: dict[str, SpecItem] = {}
    for one in listed.items("list", "operation"):
        if operations.setdefault(one.text("name"), one) is not one:
            one.fail("stands there twice")
    if not operations:
        spec.top.fail("has no operations")
    prefix = listed.text("name-prefix", f"{spec.family}-cmd-")
    announced = listed.text("async-prefix", prefix)
    header = listed.maybe("fixed-header")
    bodies: dict[tuple[str, str | None], type[Message] | type[AttrSet]] = {}

    def body(one: SpecItem) -> type[Message] | type[AttrSet] | None:
        rows = _rows_of(one, operations)
        if rows is None:
            return None
        front = one.text("fixed-header", header) if header is not None or "fixed-header" in one else None
        if (rows, front) not in bodies:
            bodies[rows, front] = _body(spec, tables, tables.set_named(rows, one), front, one)
        return bodies[rows, front]

    numbered = list(_numbered(listed, operations))
    asked = {request for _, request, _ in numbered}
    for one, request, reply in numbered:
        message = body(one)
        if message is None:
            continue
        name = constant((announced if "event" in one or "notify" in one else prefix) + one.text("name"))
        answer = name if "event" in one or "notify" in one else f"{name}_REPLY"
        ways: list[tuple[str | None, str, int | None]] = [("kernel", name, request), ("user", answer, reply)]
        if request == reply:
            ways = [(None, name, request)]
        elif spec.protocol is not None:  # the kernel's messages have the number of the request that makes their object
            ways = [(None, name, request), (None, answer, None if reply in asked else reply)]
        for to, known, number in ways:
            if number is not None:
                numbers: dict[str, Any] = {known: number}
                if spec.protocol is None:
                    bind_genl(message, spec.family, to=to, **numbers)
                else:
                    assert issubclass(message, Message)
                    bind_message(message, spec.protocol, to=to, **numbers)


def _rows_of(one: SpecItem, operations: dict[str, SpecItem]) -> str | None:
    """Return the name of an operation's attribute set; None for a number that is only reserved."""
    if "attribute-set" in one:
        return one.text("attribute-set")
    if "notify" in one:
        told = operations.get(one.text("notify"))
        if told is None or "attribute-set" not in told:
            one.fail(f"notify {one.text('notify')}: there is no operation of that name with an attribute set")
        return told.text("attribute-set")
    if "do" in one or "dump" in one or "event" in one:
        one.fail("has no attribute-set")
    return None


def _body(spec: Spec, tables: SpecTables, rows: str, front: str | None, one: SpecItem) -> Any:
    from nldissect.wire.attr_set import set_named

    if front is None and spec.protocol is None:
        return set_named(rows)
    fields = [*(tables.fields(front, one) if front is not None else ()), Attrs("attrs", rows)]
    made: Any = type(f"_{spec.family}", (generic,), {"name": spec.family, "fields_desc": fields})
    made.__name__ = made.__qualname__ = spec.ident.lower()
    return made


def _numbered(listed: SpecItem, operations: dict[str, SpecItem]) -> Iterator[NumberedOperation]:
    model = listed.text("enum-model", "unified")
    if model == "unified":
        number = 1
        for one in operations.values():
            number = one.number("value", number)
            yield NumberedOperation(one, *_values(one, number))
            number += 1
    elif model == "directional":
        yield from _directional(operations)
    else:
        listed.fail(f"enum-model {model} is not known")


def _values(one: SpecItem, number: int) -> tuple[int, int]:
    """Return the numbers of a unified operation's request and reply: their own values, else the operation's."""
    mode = one.item("do" if "do" in one else "dump")
    return mode.item("request").number("value", number), mode.item("reply").number("value", number)


def _directional(operations: dict[str, SpecItem]) -> Iterator[NumberedOperation]:
    request = reply = 1
    for one in operations.values():
        if "notify" in one or "event" in one:
            reply = one.number("value", reply)
            yield NumberedOperation(one, None, reply)
            reply += 1
        elif "do" in one or "dump" in one:
            mode = one.item("do" if "do" in one else "dump")
            request = mode.item("request").number("value", request)
            reply = mode.item("reply").number("value", reply)
            answers = "reply" in mode
            yield NumberedOperation(one, request, reply if answers else None)
            request += 1
            reply += answers
        else:
            one.fail("is neither do, dump, notify nor event, and so has no direction")
