"""Slots: the places of a text that differ between messages of one layout, and the texts of their values, made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from nldissect.wire import Context, Kind, Node, Scalar
from nldissect.wire.scope import is_plain_number
from nldissect.wire.summary import brief

from .jsontext import encode_alone
from .layouts import Leaf, Mark
from .objects import value_of
from .summary import Words
from .values import shown

ROOM = 8192
"""Texts kept of one kind."""
JSON, TREE, LIST = "json", "tree", "list"

Make = Callable[[Any, Context | None], str]


EMPTY, PLAIN, COLON, ODD = range(4)
"""What a word in a summary may be: the form of the line depends on it. ODD: its blanks would not stay as they are."""


def case_of(text: str) -> int:
    """Which case a word is."""
    if not text:
        return EMPTY
    if " " in text and " ".join(text.split()) != text:
        return ODD
    return COLON if ":" in text else PLAIN


class Texts(dict[Any, str]):
    """Raw value -> text, made when first asked for.

    refers   what kind of number has a name that the capture teaches, and that the text holds; in which namespace
    cases    of a word in a summary: which of EMPTY, PLAIN, COLON, ODD have occurred
    """

    def __init__(
        self, make: Make, context: Context, refers: str | None = None, space: str = "", in_line: bool = False
    ) -> None:
        self.make, self.context, self.refers, self.space = make, context, refers, space
        self.in_line = in_line
        self.cases: set[int] = set()

    def __missing__(self, raw: Any) -> str:
        if len(self) >= ROOM:
            self.clear()
        text = self[raw] = self.at(raw, self.context)
        return text

    def at(self, raw: Any, context: Context) -> str:
        """The text where other names hold."""
        text = self.make(raw, context)
        if self.in_line:
            self.cases.add(case_of(text))
        return text


class Slot(NamedTuple):
    """A leaf's place in a text; `texts` None where the number itself is the text."""

    place: int
    texts: Texts | None


class Column(NamedTuple):
    """Something about the message that is not in its bytes: `number`, `place`, `time`, `asked` ..."""

    name: str


class Summary(NamedTuple):
    """Where the summary stands."""


Part = str | Slot | Column | Summary


class Store:
    """The texts of all kinds in one form of output, those with names by network namespace."""

    def __init__(self, form: str, secrets: bool) -> None:
        self.form, self.secrets = form, secrets
        self._space, self._context = "", Context()
        self._texts: dict[tuple[object, ...], tuple[Texts, Kind, Kind | None]] = {}

    def turn_to(self, space: str, context: Context) -> None:
        """Make slots for messages of a network namespace; `context` has the names that hold there as a block begins."""
        self._space, self._context = space, context

    def slot(self, leaf: Leaf, order: str, place: int) -> Slot:
        """A leaf as it stands in the body of the output."""
        kind = leaf.node.kind
        if is_plain(kind, self.form):
            return Slot(place, None)
        make = self._json if self.form == JSON else self._tree
        refers = None if self.form == JSON else getattr(kind, "refers", None)
        return Slot(place, self._kept(leaf, order, None, make(kind, order, leaf.node.number), refers))

    def word(self, leaf: Leaf, order: str, name: str | None, first: Kind | None, place: int) -> Slot:
        """A leaf as it stands in the summary: by its name in the template, or (None) by itself."""
        kind = leaf.node.kind
        refers = getattr(first or kind, "refers", None)
        make = self._word(kind, order, name, leaf.node.number, first)
        return Slot(place, self._kept(leaf, order, name or "", make, refers, first))

    def constant(self, text: str) -> str:
        """What is the same in all messages, as it stands in a summary."""
        return encode_alone(text)[1:-1] if self.form == JSON else text

    def forget(self, what: str, space: str, numbers: set[int]) -> None:
        """Names of these numbers have changed in a namespace."""
        for texts, _, _ in self._texts.values():
            if texts.refers == what and texts.space == space:
                for number in numbers:
                    texts.pop(number, None)

    def clear(self) -> None:
        """Forget all, after tables changed."""
        self._texts.clear()

    def _kept(
        self, leaf: Leaf, order: str, name: str | None, make: Make, refers: str | None, first: Kind | None = None
    ) -> Texts:
        kind = leaf.node.kind
        space = "" if refers is None else self._space
        key = id(kind), leaf.end - leaf.start, order, name, id(first), space
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = Texts(make, self._context, refers, space, name is not None), kind, first
        return found[0]

    def _json(self, kind: Kind, order: str, number: int | None) -> Make:
        value = value_maker(kind, order)
        return lambda raw, _: encode_alone(value_of(Node(kind, 0, 0, value(raw), number), self.secrets))

    def _tree(self, kind: Kind, order: str, number: int | None) -> Make:
        value = value_maker(kind, order)

        def make(raw: Any, context: Context | None) -> str:
            text = shown(Node(kind, 0, 0, value(raw), number), context, self.secrets)[1]
            return f": {text}".rstrip(" ") if text else ""

        return make

    def _word(self, kind: Kind, order: str, name: str | None, number: int | None, first: Kind | None) -> Make:
        value = value_maker(kind, order)

        def part(raw: Any, context: Context | None) -> str:
            return Words(context).part(Node(kind, 0, 0, value(raw), number))

        def plain(raw: Any, context: Context | None) -> str:
            return brief(kind, value(raw), context)

        def field(raw: Any, context: Context | None) -> str:
            found = (kind, value(raw)) if first is None else (first, [value(raw)])
            return Words(context).field(name or "", found) or ""

        text = part if name is None else field if first is not None or name.strip("?!#=@*") != name else plain
        return text if self.form != JSON else lambda raw, context: encode_alone(text(raw, context))[1:-1]


def value_maker(kind: Kind, order: str) -> Callable[[Any], Any]:
    """From what a column gives (a number, or bytes) to the kind's value."""
    if is_plain_number(kind):
        return lambda raw: raw
    decode = kind.decoder(order)
    return lambda raw: decode(raw, 0, len(raw))


def is_plain(kind: Kind, form: str) -> bool:
    """Whether the digits of a number are its text."""
    if not isinstance(kind, Scalar) or not is_plain_number(kind) or kind.names is not None or kind.secret:
        return False
    if form == JSON:
        return type(kind).json is Scalar.json
    return kind.refers is None and kind.measure is None and kind.base == 10 and type(kind).shown is Scalar.shown


def original(kind: Kind) -> Kind:
    """The kind that a mark stands for."""
    return kind.kind if isinstance(kind, Mark) else kind
