"""Places in the tables of the kinds of a program's rows, to find the kinds again for values the core does not print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nldissect.families import load_around, load_own
from nldissect.wire.containers import Nest
from nldissect.wire.kind import Kind

if TYPE_CHECKING:
    from .program import Program

Origin = tuple[int, int, int]
"""One of ROW_OF and the others, and two numbers: of a set, struct or row, and of the place in it."""
NOWHERE: Origin = (0, 0, 0)
ROW_OF, FIELD_OF, CASE_OF, ELEMENT_OF = range(1, 5)
"""A row of a set by number; a field of a struct by place; the payload of a row in a case; the element of an array."""


def found_kind(program: Program, origins: memoryview, row: int) -> Kind | None:
    """Return the kind of a row; None where no module has it by name. `origins`: three numbers for each row."""
    how, owner, place = origins[3 * row : 3 * row + 3]
    if how == ROW_OF:
        rows = found_class(*program.set_names[owner])
        found: Any = None if rows is None else rows.row(place)
    elif how == FIELD_OF:
        message = found_class(*program.struct_names[owner])
        found = None if message is None else message.fields_desc[place].kind
    elif how == CASE_OF and (holder := found_kind(program, origins, owner)) is not None:
        names, values = [*program.cases][place]
        found = next((one[values] for one in _bindings(holder, names) if values in one), None)
    elif how == ELEMENT_OF and (array := found_kind(program, origins, owner)) is not None:
        found = array.inner.row(1) if isinstance(array, Nest) else getattr(array, "element", None)
    else:
        found = None
    return found if isinstance(found, Kind) else None


def _bindings(kind: Kind, names: tuple[str, ...]) -> Iterator[Mapping[tuple[Any, ...], Kind]]:
    """Yield the kinds bound by some selectors: by a kind's module, then also its protocol or family, then any."""
    yield kind.bindings.get(names, {})
    if kind.set is not None:
        load_around(kind.set.__module__)
        yield kind.bindings.get(names, {})
    load_own()
    yield kind.bindings.get(names, {})


def found_class(module: str, name: str) -> Any:
    """Return a class of a module by its name; None if it is not there."""
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found
