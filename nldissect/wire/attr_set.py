"""Attribute sets: tables of rows, and the bindings of their payloads to selectors.

An attribute on the wire is struct nlattr: u16 length (header included), u16 type (two flag bits on top), payload,
padding to 4 (linux/netlink.h). A set gives each attribute number its row. Other TLV forms are sets with another header.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from struct import Struct as Codec
from typing import Any, ClassVar

from nldissect.errors import TableError
from nldissect.uapi import NLA_TYPE_MASK

from .enums import full_name
from .kind import SELECTORS, Kind
from .table_providers import load_home, provide

PRESENT = "?"
"""Suffix of the name of a selector that tests whether a row is present, whatever its value."""

SETS: dict[str, type[AttrSet]] = {}
"""Every attribute set by the name of its class."""


@dataclass(frozen=True)
class TlvHeader:
    """The header of an attribute: struct codes of length and type, and whether the length counts the header.

    codes        struct codes in wire order
    whole        the length counts the header
    align        attributes are padded to a multiple of `align` bytes
    mask         bits of the type that are the attribute number
    type_first   the type comes before the length
    size         bytes of the header
    order        "<" or ">" where the byte order is the same on every host, else ""
    """

    codes: str = "HH"
    whole: bool = True
    align: int = 4
    mask: int = NLA_TYPE_MASK
    type_first: bool = False
    size: int = 4
    order: str = ""

    def pack(self, order: str, first: int, second: int) -> bytes:
        """Return the header's bytes; `first` and `second` are its two numbers in wire order."""
        return _codec(order, self).pack(first, second)


NLATTR = TlvHeader()


class TableVersion:
    """A counter of changes of the tables: what is derived from an older version has to be derived again."""

    version: ClassVar[int] = 0

    @classmethod
    def changed(cls) -> None:
        cls.version += 1


class AttrSet:
    """Base of attribute sets: `class IFLA(AttrSet): MTU = U32(4)` makes the row IFLA_MTU.

    prefix     prefix of the rows' names, by default the name of the class
    rows       kinds by attribute number
    header     form of the attributes' headers
    indexed    attribute numbers are indexes, every one has the same row (Nests)
    owner      the array whose elements the rows are
    sequence   the order matters and attributes repeat: a payload depends on the last sibling of a name before it, not
               on the last of all; JSON has a list of objects with one key each

    Raises TableError when a set is declared wrong.
    """

    prefix: ClassVar[str] = ""
    rows: ClassVar[dict[int, Kind]] = {}
    header: ClassVar[TlvHeader] = NLATTR
    indexed: ClassVar[bool] = False
    owner: ClassVar[Kind | None] = None  # the array whose elements these are
    sequence: ClassVar[bool] = False

    def __init_subclass__(cls, prefix: str | None = None, sequence: bool = False) -> None:
        cls.prefix = cls.__name__ if prefix is None else prefix
        cls.sequence = sequence
        cls.rows = {}
        for key, row in list(vars(cls).items()):
            if not isinstance(row, Kind):
                _no_row(cls, key, row)
                continue
            if row.number is None:
                raise TableError(f"{cls.__name__}.{key} has no number: write {type(row).__name__}(NUMBER, ...)")
            if not isinstance(row.number, int) or row.number < 0:
                raise TableError(f"{cls.__name__}.{key}: {row.number!r} is no number of an attribute")
            if row.number in cls.rows:
                raise TableError(f"{cls.__name__}: number {row.number} is {cls.rows[row.number].name} and {key}")
            if row.set is not None:
                raise TableError(f"{cls.__name__}.{key} is a row of {row.set.__name__} already")
            row.call(full_name(cls.prefix, key), cls)
            cls.rows[row.number] = row
        if cls.__name__.startswith("_"):
            return
        if SETS.setdefault(cls.__name__, cls) is not cls:
            raise TableError(
                f"two attribute sets are called {cls.__name__}, in {SETS[cls.__name__].__module__} and "
                f'{cls.__module__}; call one otherwise and give it prefix="{cls.prefix}"'
            )
        TableVersion.changed()

    @classmethod
    def row(cls, number: int) -> Kind | None:
        """Return the row of an attribute number, or None."""
        return cls.rows.get(number)

    @classmethod
    @cache
    def selectors(cls, version: int) -> dict[int, Kind]:
        """Return the rows of this set that are selectors, by number, as of a version of the tables."""
        return {
            number: row for number, row in cls.rows.items() if row.name in SELECTORS or row.name + PRESENT in SELECTORS
        }


def _no_row(cls: type[AttrSet], key: str, value: Any) -> None:
    """Raise TableError for a class attribute that was meant as a row or as the set's template and would be ignored."""
    if key == "summary":
        raise TableError(f"{cls.__name__}.summary: the line of a set is called template")
    if isinstance(value, type) and issubclass(value, Kind):
        raise TableError(f"{cls.__name__}.{key} has no number: write {value.__name__}(NUMBER, ...)")
    if key.isupper():
        raise TableError(f"{cls.__name__}.{key} is {value!r}, not a row: write a kind with its number, like U32(1)")


def set_named(name: str, home: str | None = None) -> type[AttrSet]:
    """Return an attribute set by its class name, after loading the tables of the generic family `home`.

    TableError if no set of that name is declared.
    """
    if name not in SETS and home is not None:
        provide()
        for load in load_home:
            load(home)
    try:
        return SETS[name]
    except KeyError:
        raise TableError(f"no attribute set is called {name}") from None


Item = tuple[int, int, int, int]
"""One attribute: (raw type, start of payload, end of payload, end of padding)."""


def split_attrs(data: bytes, start: int, end: int, order: str, header: TlvHeader = NLATTR) -> tuple[list[Item], int]:
    """Cut [start, end) into attributes; return them, and the end of the last whole one with its padding."""
    unpack = _codec(order, header).unpack_from
    size = header.size
    extra = 0 if header.whole else size
    padding = header.align - 1
    items: list[Item] = []
    at = start
    while at + size <= end:
        length, kind = unpack(data, at)
        if header.type_first:
            length, kind = kind, length
        length += extra
        stop = at + length
        if length < size or stop > end:
            break
        following = min(at + (length + padding & ~padding), end)
        items.append((kind, at + size, stop, following))
        at = following
    return items, at


@cache
def _codec(order: str, header: TlvHeader) -> Codec:
    return Codec((header.order or order) + header.codes)


def bind_attrs(row: Any, target: Any, **when: Any) -> None:
    """Bind the payload of `row` to `target` where every selector in `when` has its value; always, without any.

    row       a row of a set, or a field of a struct (`xfrm_lifetime.u`), for a C union
    target    an AttrSet (nest), a Message class (struct) or a kind without number
    when      KIND="vlan" names a sibling row, TCA_KIND="u32" a row of an enclosing set, ifi_family=7 a field of an
              enclosing header, to="kernel" the direction; a tuple of values stands for any of them, True for the
              presence of a row

    Raises TableError if `row` is no row or field, or the same case is bound twice.
    """
    from .containers import kind_of

    row = getattr(row, "kind", row)
    if not isinstance(row, Kind):
        raise TableError(f"bind_attrs: {row!r} is no row of a set; write SET.ROW, like IFLA_INFO.DATA")
    kind = kind_of(target).named(row.name, row.number)
    kind.set, kind.many = row.set, row.many or kind.many
    names = tuple(_selector(row, name) + PRESENT * (value is True) for name, value in when.items())
    SELECTORS.update(names)
    values: list[tuple[Any, ...]] = [()]
    for value in when.values():
        options = value if isinstance(value, (tuple, list)) else (value,)
        values = [(*done, option) for done in values for option in options]
    targets = row.bindings.setdefault(names, {})
    for case in values:
        if case in targets:
            raise TableError(f"{row.name} is bound twice for {dict(zip(names, case, strict=True))}")
        targets[case] = kind
    row.bindings = dict(sorted(row.bindings.items(), key=lambda item: -len(item[0])))
    TableVersion.changed()


def _selector(row: Kind, name: str) -> str:
    """Return the full name of a selector; sibling rows are given without their prefix."""
    sibling = vars(row.set).get(name) if row.set is not None else None
    if isinstance(sibling, Kind):
        return sibling.name
    if row.set is not None and name.isupper() and "_" not in name:
        raise TableError(
            f"{row.name}: {row.set.__name__} has no row {name}; those of an enclosing set are written in full"
        )
    return name
