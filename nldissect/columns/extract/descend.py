"""Descent from extents of one kind to the wanted extents inside them, for all messages together.

The rules are those of `wire.decode.readers`, kind by kind; bytes that do not fit their kind, or are nested too
deep, are not entered.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from nldissect.uapi import nlmsg_align
from nldissect.wire.attr_set import PRESENT, AttrSet, TableVersion
from nldissect.wire.containers import Nest, Records, Struct, Structs, Varying
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import Scalar
from nldissect.wire.opaque import Secret
from nldissect.wire.packets.ack_fields import Echo
from nldissect.wire.packets.message import Message
from nldissect.wire.packets.payload import MAX_DEPTH
from nldissect.wire.protocol import NLM_F_ACK
from nldissect.wire.selectors import header_selectors, trailing_selectors

from ..blocks.buffer import Array, group_by
from .field_paths import State
from .projection import Projection, SetTargets, Target
from .selectors import ABSENT, OrderedBuffer, OwnSelectors, Selectors, resolved
from .split_attrs import SplitAttrs, attributes, find_attr, records, varying

Piece = tuple[Array, Array, Array, Kind]
FEW = 6


class Extents(NamedTuple):
    """Extents of one kind at one depth: the message of each, its bytes, and the selectors around it."""

    message: Array
    start: Array
    end: Array
    scope: Selectors
    depth: int

    def take(self, lines: Array | None) -> Extents:
        """Return the extents in these lines; None for all."""
        if lines is None:
            return self
        return Extents(
            self.message[lines], self.start[lines], self.end[lines], Selectors(self.scope, lines), self.depth
        )

    def where(self, mask: Array) -> Extents:
        """Return the extents for which the mask is true."""
        return self if mask.all() else self.take(mask.nonzero()[0])


class Descender:
    """One pass over the messages of one byte order of a block; `found` gets the hits, by number of their path."""

    def __init__(self, reading: OrderedBuffer, reach: Projection, found: list[list[Piece]]) -> None:
        self.reading, self.reach, self.found = reading, reach, found

    def visit(self, aim: Target, things: Extents) -> None:
        """Descend into extents that have the target's kind by the tables, or a kind that is bound to it."""
        if not aim.leads or not len(things.message):
            return
        kind = aim.kind
        if not kind.bindings:
            self._open(aim, things)
            return
        for target, lines in resolved(kind, things.scope, len(things.message), self.reading.values):
            if target is kind:
                self._open(aim, things.take(lines))
            else:
                self.visit(aim._replace(kind=target), things.take(lines))

    def _open(self, aim: Target, things: Extents) -> None:
        """Descend into extents of exactly the target's kind."""
        kind = aim.kind
        if kind.shape == "message":
            self._keep(aim.ends, kind, things.where(things.end - things.start >= 16))
        elif isinstance(kind, Nest):
            if kind.known and things.depth <= MAX_DEPTH:
                self._keep(aim.ends, kind, things)
                self._attributes(kind.inner, aim.inner, things)
        elif isinstance(kind, Structs):
            self._keep(aim.ends, kind, things)
            self._elements(kind, aim.inner, things)
        elif isinstance(kind, Struct):
            if things.depth <= MAX_DEPTH:
                self._keep(aim.ends, kind, things)
                self._fields(kind, aim.inner, things)
        else:
            self._keep(aim.ends, kind, things.where(fitting(kind, things.end - things.start)))

    def _keep(self, ends: tuple[int, ...], kind: Kind, things: Extents) -> None:
        if len(things.message):
            for path in ends:
                self.found[path].append((things.message, things.start, things.end, kind))

    def _attributes(self, rows: type[AttrSet], state: State, things: Extents) -> None:
        if not self.reach.leads(rows, state):
            return
        aims = self.reach.in_set(rows, state)
        reading = self.reading
        items = self._split(rows, aims, things)
        parted = _parted(items, len(aims.aims))
        names = {row.name for row in rows.selectors(TableVersion.version).values()}

        def own(name: str) -> Array | None:
            row = name.removesuffix(PRESENT)
            number = aims.selectors.get(row, 0)
            mine = parted.get(number)
            if mine is None:
                return None
            codes = np.full(len(things.message), ABSENT)
            if name != row:
                codes[mine.nest] = reading.values.code(True)
                return codes
            kind = aims.aims[number - 1].kind
            fit = fitting(kind, mine.end - mine.start)
            codes[mine.nest[fit]] = reading.codes(kind, mine.start[fit], mine.end[fit])
            return codes

        scope = OwnSelectors(things.scope, names, own, through=False) if names else things.scope
        for number, mine in parted.items():
            aim = aims.aims[number - 1]
            if aim.leads:
                inner = (
                    self._preceding(things, names, aims, parted, mine) if rows.sequence else Selectors(scope, mine.nest)
                )
                self.visit(aim, Extents(things.message[mine.nest], mine.start, mine.end, inner, things.depth + 1))

    def _split(self, rows: type[AttrSet], aims: SetTargets, things: Extents) -> SplitAttrs:
        """Return the attributes of nests that have an action."""
        reading = self.reading
        return attributes(reading.raw, reading.order, things.start, things.end, rows.header, aims.actions)

    def _preceding(
        self, things: Extents, names: set[str], aims: SetTargets, parted: dict[int, SplitAttrs], mine: SplitAttrs
    ) -> Selectors:
        """Return the selectors of attributes of a sequence: the last sibling of a name before each."""
        reading = self.reading

        def own(name: str) -> Array | None:
            row = name.removesuffix(PRESENT)
            number = aims.selectors.get(row, 0)
            chosen = parted.get(number)
            if chosen is None:
                return None
            kind = aims.aims[number - 1].kind
            known = (name != row) | fitting(kind, chosen.end - chosen.start)
            order = known.nonzero()[0]
            order = order[chosen.start[order].argsort(kind="stable")]
            start, end, nest = chosen.start[order], chosen.end[order], chosen.nest[order]
            before = start.searchsorted(mine.start) - 1
            there = (before >= 0).nonzero()[0]
            there = there[nest[before[there]] == mine.nest[there]]
            codes = np.full(len(mine.start), ABSENT)
            some = before[there]
            codes[there] = reading.values.code(True) if name != row else reading.codes(kind, start[some], end[some])
            return codes

        return OwnSelectors(Selectors(things.scope, mine.nest), names, own, through=False)

    def _elements(self, kind: Structs, state: State, things: Extents) -> None:
        ends = self.reach.paths.element(state)
        if not ends and not self.reach.leads(kind.message, state):
            return
        owner, start, end = self._pieces(kind, things)
        if len(owner) and things.depth <= MAX_DEPTH:
            elements = Extents(things.message[owner], start, end, Selectors(things.scope, owner), things.depth)
            self._keep(ends, element_kind(kind), elements)
            self._fields(element_kind(kind), state, elements)

    def _pieces(self, kind: Structs, things: Extents) -> tuple[Array, Array, Array]:
        """Return the elements of arrays: index of the array each is in, its start and end."""
        reading = self.reading
        if isinstance(kind, Records):
            return records(reading.raw, reading.order, things.start, things.end, kind)
        if isinstance(kind, Varying):
            return varying(reading.raw, reading.order, things.start, things.end, kind)
        unit = kind.unit
        counts = (things.end - things.start) // unit
        owner = np.repeat(np.arange(len(counts)), counts)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        start = things.start[owner] + place * unit
        return owner, start, start + unit

    def _fields(self, kind: Struct, state: State, things: Extents) -> FieldCursor:
        """Descend into the fields of structs, up to the last that leads; return the cursor at the end of them."""
        aims = self.reach.in_struct(kind.message, state)
        scope = self._header_scope(kind.message, things)
        at = FieldCursor(things, scope)
        for aim, size in aims.fields:
            field = aim.kind
            if size is None:
                at.stay(at.skipped <= at.room())
                at.advance_by(extents(field, at, self.reading))
                self.visit(aim, at.passed())
                continue
            if aim.leads:
                self.visit(aim, at.ahead(size))
            if field.name in aims.counts:
                at.stay(at.skipped + size <= at.room())
                at.counted[field.name] = self.reading.codes(field, at.at + at.skipped, at.at + at.skipped + size)
            at.skipped += size
        return at

    def _header_scope(self, message: type[Message], things: Extents) -> Selectors:
        """Return the selectors inside structs.

        These are own fields on which something depends, where they are whole, and attributes after the struct that
        determine such a field.
        """
        reading = self.reading
        chosen = {one[0]: one for one in header_selectors(message, reading.order, TableVersion.version)}
        skip, rows = trailing_selectors(message, TableVersion.version) or (0, {})
        if not chosen and not rows:
            return things.scope
        kinds = {one.kind.name: one.kind for one in message.fields_desc}

        def own(name: str) -> Array | None:
            if name in rows:
                return self._behind(rows[name], skip, things)
            if name not in chosen:
                return None
            _, first, last, _ = chosen[name]
            codes = np.full(len(things.message), ABSENT)
            whole = things.start + last <= things.end
            start = things.start[whole]
            codes[whole] = reading.codes(kinds[name], start + first, start + last)
            return codes

        return OwnSelectors(things.scope, {*chosen, *rows}, own, through=True)

    def _behind(self, row: Kind, skip: int, things: Extents) -> Array:
        """Return the value codes of a row in the attributes from `skip` on: of the last that fits; ABSENT: none."""
        raw, order, number = self.reading.raw, self.reading.order, row.number or 0
        start, stop = find_attr(raw, order, things.start + skip, things.end, number, partial(fitting, row))
        codes = np.full(len(start), ABSENT)
        found = start > 0
        codes[found] = self.reading.codes(row, start[found], stop[found])
        return codes


class FieldCursor:
    """The position of the next field of structs: in the lines that are left, at `at` plus `skipped`.

    counted   value codes of fields that count others
    """

    def __init__(self, things: Extents, scope: Selectors) -> None:
        self._all = things._replace(scope=scope)
        self.lines: Array | None = None
        self.at, self.end = things.start, things.end
        self.skipped = 0
        self._from = things.start
        self.counted: dict[str, Array] = {}

    def room(self) -> Array:
        """Return the number of bytes from `at` to the end."""
        return self.end - self.at

    def stay(self, mask: Array) -> None:
        """Keep only the lines for which the mask is true."""
        if mask.all():
            return
        kept = mask.nonzero()[0]
        self.lines = kept if self.lines is None else self.lines[kept]
        self.at, self.end, self._from = self.at[kept], self.end[kept], self._from[kept]
        self.counted = {name: codes[kept] for name, codes in self.counted.items()}

    def advance_by(self, size: Array) -> None:
        """Pass a field of varying size; lines with fewer bytes left are dropped."""
        start = self.at + self.skipped
        stop = start + size
        whole = stop <= self.end
        self._from, self.at, self.skipped = start, stop, 0
        self.stay(whole)

    def passed(self) -> Extents:
        """Return the extents of the field that was just passed."""
        return self._things(None, self._from, self.at)

    def ahead(self, size: int) -> Extents:
        """Return the extents of the next field, of this size, where it is whole."""
        start = self.at + self.skipped
        stop = start + size
        whole = stop <= self.end
        if whole.all():
            return self._things(None, start, stop)
        kept = whole.nonzero()[0]
        return self._things(kept, start[kept], stop[kept])

    def scope(self) -> Selectors:
        """Return the selectors of the lines that are left."""
        return self._all.scope if self.lines is None else Selectors(self._all.scope, self.lines)

    def _things(self, kept: Array | None, start: Array, end: Array) -> Extents:
        lines = self.lines
        if kept is not None:
            lines = kept if lines is None else lines[kept]
        if lines is None:
            return Extents(self._all.message, start, end, self._all.scope, self._all.depth)
        return Extents(self._all.message[lines], start, end, Selectors(self._all.scope, lines), self._all.depth)


def extents(kind: Kind, at: FieldCursor, reading: OrderedBuffer) -> Array:
    """Return the number of bytes that a field of varying size takes, by `Kind.extent`."""
    start = at.at + at.skipped
    room: Array = at.end - start
    if isinstance(kind, Echo):
        return _echoed(start, room, at.scope(), reading)
    if kind.count is None and type(kind).extent in TO_THE_END:
        return room
    counts = at.counted.get(kind.count or "")
    if counts is None and kind.count is not None:
        counts = at.scope().get(kind.count)
    counts = np.zeros(len(room), np.int64) if counts is None else np.where(counts == ABSENT, 0, counts)
    if type(kind).extent is Kind.extent:
        room = np.minimum(counts * kind.unit, room)
        return room
    places = zip(counts.tolist(), start.tolist(), at.end.tolist(), strict=True)
    data: Any = reading.raw.buffer
    sizes = [kind.extent({kind.count or "": count}, data, one, end, reading.order) for count, one, end in places]
    return np.array(sizes, np.int64)


TO_THE_END = (Kind.extent, Struct.extent, Structs.extent, Records.extent, Secret.extent)


def _echoed(start: Array, room: Array, scope: Selectors, reading: OrderedBuffer) -> Array:
    """Return the number of bytes of the request in an acknowledgement, as `Echo.extent` has it."""
    codes = scope.get("nlmsg_flags")
    flags = np.zeros(len(start), np.int64) if codes is None else np.where(codes == ABSENT, 0, codes)
    at = np.where(room >= 16, start, 0)
    length = reading.raw.words(f"{reading.order}u4")[at].astype(np.int64)
    padded = np.where(length >= 16, np.minimum(nlmsg_align(length), room), room)
    sizes: Array = np.where(flags & NLM_F_ACK.ACK_TLVS, padded, room)
    sizes = np.where((room < 16) | (flags & NLM_F_ACK.CAPPED != 0), np.minimum(room, 16), sizes)
    return sizes


def fitting(kind: Kind, length: Array) -> Array:
    """Return a mask of the lengths that fit a kind, by `Kind.fits`; attributes longer than their number fit, too."""
    good: Array
    if isinstance(kind, Scalar) and kind.may_be_longer:
        good = length >= (kind.size or 0)
        return good
    if kind.size is not None:
        good = length == kind.size
        return good
    if type(kind).fits is Kind.fits:
        return np.ones(len(length), bool)
    known, which = np.unique(length, return_inverse=True)
    good = np.array([kind.fits(one) for one in known.tolist()], bool)[which.reshape(-1)]
    return good


_element_kinds: dict[int, tuple[Structs, Struct]] = {}


def element_kind(kind: Structs) -> Struct:
    """Return the kind of one element, with the name that `walk` gives it."""
    if id(kind) not in _element_kinds:
        _element_kinds[id(kind)] = kind, Struct(None, kind.message).named(kind.name)
    return _element_kinds[id(kind)][1]


def _parted(items: SplitAttrs, aims: int) -> dict[int, SplitAttrs]:
    """Group attributes by the number of their target."""
    if not len(items.action):
        return {}
    if aims == 1:
        return {1: items}
    if aims > FEW:
        return {number: SplitAttrs(*(column[lines] for column in items)) for number, lines in group_by(items.action)}
    found = {}
    for number in range(1, aims + 1):
        lines = (items.action == number).nonzero()[0]
        if len(lines):
            found[number] = SplitAttrs(*(column[lines] for column in items))
    return found
