"""Attributes that become packets on access: most of a dump is never accessed, and a packet costs much time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, SupportsIndex

from ..context import Env
from ..kind import Kind

if TYPE_CHECKING:
    from .layer import Layer


class LazyAttr:
    """An attribute that is not dissected yet: its bytes, and the state around it when its set was split."""

    __slots__ = ("env", "parent", "raw", "row", "scope")

    def __init__(self, row: Kind, raw: bytes, parent: Layer, env: Env, scope: Mapping[str, Any]) -> None:
        self.row, self.raw, self.parent, self.env, self.scope = row, raw, parent, env, scope

    def packet(self) -> Any:
        """Return the attribute as a packet."""
        return self.row.layer(self.raw, _parent=self.parent, _env=self.env, _scope=self.scope, _internal=1)

    def may_be_or_hold(self, wanted: Any) -> bool:
        """Return whether a layer (class or name) can be found here: a plain value has no layer but its own."""
        if self.row.shape != "leaf" or self.row.bindings:
            return True
        if isinstance(wanted, str):
            return wanted in (self.row.name, self.row.layer.__name__)
        return wanted is None or wanted is self.row._layer


class LazyAttrList(list[Any]):
    """The attributes of a set. Access to an item makes its packet; the length is known without."""

    def _at(self, index: int) -> Any:
        item = super().__getitem__(index)
        if type(item) is LazyAttr:
            item = item.packet()
            super().__setitem__(index, item)
        return item

    def opened(self) -> list[Any]:
        """Make all packets, and return the list."""
        for index in range(len(self)):
            self._at(index)
        return self

    def candidates(self, wanted: Any) -> Iterator[Any]:
        """Yield the packets in which a layer may be found."""
        for index in range(len(self)):
            item = super().__getitem__(index)
            if type(item) is not LazyAttr or item.may_be_or_hold(wanted):
                yield self._at(index)

    def first(self, name: str) -> Any:
        """Return the first attribute of a name as a packet, without making any other; None if there is none."""
        for index in range(len(self)):
            item = super().__getitem__(index)
            if (item.row.name if type(item) is LazyAttr else item.name) == name:
                return self._at(index)
        return None

    def __getitem__(self, index: Any) -> Any:
        return self._at(index.__index__()) if not isinstance(index, slice) else list(self.opened())[index]

    def __iter__(self) -> Iterator[Any]:
        index = 0
        while index < len(self):
            yield self._at(index)
            index += 1

    def __reversed__(self) -> Iterator[Any]:
        return iter(list(self)[::-1])

    def __eq__(self, other: object) -> bool:
        return list(self) == (list(other) if isinstance(other, list) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __contains__(self, item: object) -> bool:
        return item in list(self)

    def __repr__(self) -> str:
        return repr(list(self))

    def __add__(self, other: Iterable[Any]) -> list[Any]:
        return [*self, *other]

    def __radd__(self, other: Iterable[Any]) -> list[Any]:
        return [*other, *self]

    def __mul__(self, times: SupportsIndex) -> list[Any]:
        return list(self) * times

    __rmul__ = __mul__

    def copy(self) -> list[Any]:
        return list(self)

    def pop(self, index: SupportsIndex = -1) -> Any:
        self._at(index.__index__())
        return super().pop(index)

    def index(self, *item: Any) -> int:
        return list(self).index(*item)

    def count(self, item: Any) -> int:
        return list(self).count(item)

    def remove(self, item: Any) -> None:
        self.opened()
        super().remove(item)

    def sort(self, **how: Any) -> None:
        self.opened()
        super().sort(**how)
