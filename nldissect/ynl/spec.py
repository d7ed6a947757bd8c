"""A specification as read from YAML: mappings that know their line, for error messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from nldissect.errors import SpecError

from .search_path import SpecFile

PROTOCOLS = ("genetlink", "genetlink-c", "genetlink-legacy")
RAW = "netlink-raw"
LINE = "\0line"
BOOL = "tag:yaml.org,2002:bool"
"""Truth values. PyYAML takes on, off, yes and no for these, too; in YAML 1.2 and in names they are words."""


class SpecItem:
    """One mapping of a specification.

    file    name of the file
    value   the mapping; under LINE it has its line
    what    name of the mapping in error messages

    Methods raise SpecError for a value of the wrong type.
    """

    def __init__(self, file: str, value: dict[str, Any], what: str) -> None:
        self.file, self.value, self.what = file, value, what

    def fail(self, problem: str) -> NoReturn:
        """Raise SpecError with the file and line of this mapping."""
        line = self.value.get(LINE)
        raise SpecError(f"{self.file}{f':{line}' if line else ''}: {self.what}: {problem}")

    def __contains__(self, key: str) -> bool:
        return self.value.get(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; numbers are accepted as text. SpecError if there is neither a value nor a default."""
        value = self.value.get(key, default)
        if value is None:
            self.fail(f"has no {key}")
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self.fail(f"{key} is {value!r}, not a text; YAML may want it in quotes")
        return str(value)

    def maybe(self, key: str) -> str | None:
        """Return a text, or None."""
        return self.text(key) if key in self else None

    def number(self, key: str, default: int) -> int:
        """Return a whole number."""
        value = self.value.get(key, default)
        if isinstance(value, str):
            try:
                return int(value, 0)
            except ValueError:
                pass
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(f"{key} is {value!r}, not a number")
        return value

    def flag(self, key: str) -> bool:
        """Return whether a key is there and true."""
        return bool(self.value.get(key))

    def item(self, key: str) -> SpecItem:
        """Return a mapping inside this one; an empty one where there is none."""
        value = self.value.get(key)
        value = {} if value is None else value
        if not isinstance(value, dict):
            self.fail(f"{key} is {value!r}, not a mapping")
        return SpecItem(self.file, {LINE: self.value.get(LINE), **value}, f"{self.what}, {key}")

    def items(self, key: str, what: str) -> Iterator[SpecItem]:
        """Yield the mappings in a list; a text alone is a mapping with that name.

        what   name of each mapping in error messages, before its own
        """
        value = self.value.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.fail(f"{key} is {value!r}, not a list")
        for place, one in enumerate(value, 1):
            if isinstance(one, (str, int)) and not isinstance(one, bool):
                one = {"name": str(one), LINE: self.value.get(LINE)}
            if not isinstance(one, dict):
                self.fail(f"entry {place} of {key} is {one!r}, not a mapping; YAML may want a name in quotes")
            yield SpecItem(self.file, one, f"{what} {one.get('name', place)}")

    def texts(self, key: str) -> list[str]:
        """Return a list of texts."""
        value = self.value.get(key, [])
        if not isinstance(value, list):
            self.fail(f"{key} is {value!r}, not a list")
        return [str(one) for one in value]


@dataclass(frozen=True)
class Spec:
    """A specification with its parts by name.

    family        as nlctrl has it
    protocol      number of a protocol of its own; None for generic netlink
    ident         as C writes it in constants
    """

    top: SpecItem
    family: str
    ident: str
    definitions: dict[str, SpecItem]
    sets: dict[str, SpecItem]
    messages: dict[str, SpecItem]
    protocol: int | None = None


def read(place: SpecFile) -> Spec:
    """Return the specification in a file; SpecError if it is none."""
    top = SpecItem(place.name, _yaml(place), "the specification")
    protocol = top.text("protocol", PROTOCOLS[0])
    if protocol not in (*PROTOCOLS, RAW):
        top.fail(f"protocol {protocol} is not read here, only {', '.join(PROTOCOLS)} and {RAW}")
    if protocol == RAW and "protonum" not in top:
        top.fail(f"has no protonum, which a specification of {RAW} needs")
    family = top.text("name")
    return Spec(
        top,
        family,
        constant(family),
        _named(top.items("definitions", "definition")),
        _named(top.items("attribute-sets", "attribute set")),
        _named(top.items("sub-messages", "sub-message")),
        top.number("protonum", 0) if protocol == RAW else None,
    )


def _named(items: Iterator[SpecItem]) -> dict[str, SpecItem]:
    found: dict[str, SpecItem] = {}
    for item in items:
        name = item.text("name")
        if name in found:
            item.fail("stands there twice")
        found[name] = item
    return found


def constant(name: str) -> str:
    """Return a name of a specification as C writes constants."""
    return name.replace("-", "_").upper()


def _yaml(place: SpecFile) -> dict[str, Any]:
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        """A YAML loader that records the line of every mapping."""

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            found = super().construct_mapping(node, deep=deep)
            found[LINE] = node.start_mark.line + 1
            return found

    Loader.yaml_implicit_resolvers = {
        first: [one for one in known if one[0] != BOOL] for first, known in base.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver(BOOL, re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF"))
    try:
        value = yaml.load(place.data, Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{place.name}:{mark.line + 1}" if mark is not None else place.name
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "can't be read"
        raise SpecError(f"{where}: no YAML: {' '.join(str(problem).split())}") from None
    except UnicodeDecodeError:
        raise SpecError(f"{place.name}: no YAML: not UTF-8") from None
    if not isinstance(value, dict):
        raise SpecError(f"{place.name}: no specification: YAML, but no mapping")
    return value
