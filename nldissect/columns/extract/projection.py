"""Projection of the tables: sets and structs that can hold a wanted field; a descent enters only these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from nldissect.wire.attr_set import AttrSet, TableVersion
from nldissect.wire.containers import Nest, Records, Struct, Structs
from nldissect.wire.kind import Kind
from nldissect.wire.packets.message import Message

from ..blocks.buffer import Array
from .field_paths import NOTHING, FieldPaths, State

Content: TypeAlias = "type[AttrSet] | type[Message]"
Node = tuple[Content, State]


class Target(NamedTuple):
    """A row or field in a descent.

    ends       the wanted paths that end at it
    inner      state of matching inside it
    leads      it is wanted, or something inside may be
    """

    kind: Kind
    ends: tuple[int, ...]
    inner: State
    leads: bool


class SetTargets(NamedTuple):
    """Targets of a set's attributes: `actions` maps raw types to the number of a target, 0 for none.

    selectors   numbers of targets by the name of a row on which something depends
    """

    actions: Array
    aims: list[Target]
    selectors: dict[str, int]


class StructTargets(NamedTuple):
    """The fields of a struct up to the last that leads, with their sizes (None: it varies); names that count others."""

    fields: list[tuple[Target, int | None]]
    counts: set[str]


def content(kind: Kind) -> Content | None:
    """Return the set or struct inside a kind as it is, or None; the request in an acknowledgement is left out."""
    if isinstance(kind, Nest):
        return kind.inner if kind.loaded else None
    if isinstance(kind, Struct) and kind.shape != "message":
        return kind.message
    return None


def alternatives(kind: Kind) -> Iterator[Kind]:
    """Yield a kind and everything that may be bound to it."""
    yield kind
    for target in kind.bound():
        if target is not kind:
            yield from alternatives(target)


def fixed_size(kind: Kind) -> int | None:
    """Return the number of bytes a field of a struct always takes, or None where it varies."""
    if isinstance(kind, Structs):
        return kind.length * kind.unit if kind.length is not None and not isinstance(kind, Records) else None
    if isinstance(kind, Struct):
        return kind.message.wire_size() if kind.shape != "message" else None
    return kind.size


class Projection:
    """Targets of all sets and structs for the wanted paths, computed on first use, as of one version of the tables."""

    def __init__(self, paths: FieldPaths) -> None:
        self.paths = paths
        self._version = TableVersion.version
        self._leads: dict[Node, bool] = {}
        self._sets: dict[Node, SetTargets] = {}
        self._fields: dict[Node, StructTargets] = {}

    def refresh(self) -> bool:
        """Clear everything if tables changed; return whether they did."""
        if self._version == TableVersion.version:
            return False
        self._version = TableVersion.version
        for known in (self._leads, self._sets, self._fields):
            known.clear()
        return True

    def aim(self, kind: Kind, state: State = NOTHING) -> Target:
        """Return the target for a kind inside something of this state."""
        ends, inner = self.paths.step(kind, state)
        leads = bool(ends) or any(self._inside(one, inner) for one in alternatives(kind))
        return Target(kind, ends, inner, leads)

    def _inside(self, kind: Kind, inner: State) -> bool:
        if isinstance(kind, Structs) and self.paths.element(inner):
            return True
        inside = content(kind)
        return inside is not None and self.leads(inside, inner)

    def leads(self, inside: Content, state: State) -> bool:
        """Return whether anything in a set or struct is wanted."""
        if (inside, state) not in self._leads:
            self._explore((inside, state))
        return self._leads[inside, state]

    def _explore(self, root: Node) -> None:
        """Visit all that a node can hold, then mark the holders of wanted kinds."""
        holders: dict[Node, list[Node]] = {}
        wanted: list[Node] = []
        seen, left = {root}, [root]
        while left:
            node = left.pop()
            for kind in _parts(node[0]):
                ends, inner = self.paths.step(kind, node[1])
                if ends:
                    wanted.append(node)
                for one in alternatives(kind):
                    inside = content(one)
                    if isinstance(one, Structs) and self.paths.element(inner):
                        wanted.append(node)
                    if inside is None:
                        continue
                    child = inside, inner
                    if self._leads.get(child):
                        wanted.append(node)
                    elif child not in self._leads:
                        holders.setdefault(child, []).append(node)
                        if child not in seen:
                            seen.add(child)
                            left.append(child)
        leading: set[Node] = set()
        while wanted:
            node = wanted.pop()
            if node not in leading:
                leading.add(node)
                wanted += holders.get(node, ())
        self._leads.update((node, node in leading) for node in seen)

    def in_set(self, rows: type[AttrSet], state: State) -> SetTargets:
        """Return the targets of a set's rows."""
        found = self._sets.get((rows, state))
        if found is None:
            found = self._sets[rows, state] = self._set_aims(rows, state)
        return found

    def _set_aims(self, rows: type[AttrSet], state: State) -> SetTargets:
        header = rows.header
        size = 1 << 8 * np.dtype(header.codes[not header.type_first]).itemsize
        if rows.indexed:
            aims = [self.aim(kind, state) for kind in _parts(rows)]
            return SetTargets(np.full(size, len(aims), np.uint8), aims, {})
        chosen = rows.selectors(TableVersion.version)
        aims, selectors = [], {}
        actions = np.zeros(header.mask + 1, np.uint16 if len(rows.rows) > 255 else np.uint8)
        for number, row in rows.rows.items():
            aim = self.aim(row, state)
            if (aim.leads or number in chosen) and number <= header.mask:
                aims.append(aim)
                actions[number] = len(aims)
                if number in chosen:
                    selectors[row.name] = len(aims)
        return SetTargets(np.tile(actions, size // len(actions)), aims, selectors)

    def in_struct(self, message: type[Message], state: State) -> StructTargets:
        """Return the targets of a struct's fields."""
        found = self._fields.get((message, state))
        if found is None:
            fields = [self.aim(one.kind, state) for one in message.fields_desc]
            used = [(aim, fixed_size(aim.kind)) for aim in fields[: self.needed(fields)]]
            counts = {aim.kind.count for aim, _ in used if aim.kind.count is not None}
            found = self._fields[message, state] = StructTargets(used, counts)
        return found

    def needed(self, fields: Sequence[Target]) -> int:
        """Return the number of a struct's fields to visit: up to the last that leads."""
        return max((place for place, aim in enumerate(fields, 1) if aim.leads), default=0)


def _parts(inside: Content) -> list[Kind]:
    """Return the kinds directly in a set or struct."""
    if issubclass(inside, AttrSet):
        if inside.indexed:
            element = inside.row(0)
            return [] if element is None else [element]
        return list(inside.rows.values())
    return [one.kind for one in inside.fields_desc]
