"""Values of one object by path, or of what is below a path; names of interfaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nldissect.wire import Node

NameOf = Callable[[int], str | None]
"""The name of an interface by its index, None if it is not known."""


class ObjectValues:
    """The values of an object; paths are relative to the place that `below` and `elements` lead to."""

    def __init__(self, leaves: Mapping[str, Node], name_of: NameOf) -> None:
        self.leaves = leaves
        self._name_of = name_of

    def __contains__(self, path: str) -> bool:
        """Return whether there is a value at a path, or below it."""
        return path in self.leaves or any(leaf.startswith(f"{path}.") for leaf in self.leaves)

    def number(self, path: str, default: int = 0) -> int:
        """Return the number at a path, `default` where there is none."""
        value = self.value(path)
        return value if isinstance(value, int) else default

    def value(self, path: str) -> Any:
        """Return the value at a path as it was decoded, None where there is none."""
        node = self.leaves.get(path)
        return None if node is None else node.value

    def text(self, path: str) -> str | None:
        """Return the value at a path as text: an address, a name; None where there is none."""
        node = self.leaves.get(path)
        return None if node is None else text_of(node)

    def device(self, index: int) -> str:
        """Return the name of an interface, "if7" where it is not known."""
        return self._name_of(index) or f"if{index}"

    def below(self, path: str) -> ObjectValues:
        """Return the values inside an attribute."""
        prefix = f"{path}."
        inside = {leaf[len(prefix) :]: node for leaf, node in self.leaves.items() if leaf.startswith(prefix)}
        return ObjectValues(inside, self._name_of)

    def elements(self, path: str) -> Iterator[ObjectValues]:
        """Yield the values of each element of a list, in order."""
        inside = self.below(path)
        for step in dict.fromkeys(leaf.partition(".")[0] for leaf in inside.leaves):
            yield inside.below(step)

    def texts(self, path: str) -> list[str]:
        """Return the values of a list of plain values, as text."""
        return [text_of(node) for node in self.below(path).leaves.values()]


def text_of(node: Node) -> str:
    """Return a value as text: a string as it is, others as they are shown."""
    return node.value if isinstance(node.value, str) else str(node.kind.shown(node.value))
