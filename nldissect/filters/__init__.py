"""The filter language: `compile_filter("IFLA_MTU > 1500 and not error").holds(situation)`.

A filter is parsed (parser.py), its names and types are resolved against the tables (resolve.py), and the typed tree is
evaluated message by message (row_evaluator.py) or on columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nldissect.columns.fields.derived import Situation

if TYPE_CHECKING:
    from nldissect.columns.fields.field import Field

    from .resolve import Tree

__all__ = ["Filter", "Situation", "compile_filter"]


@dataclass(eq=False)
class Filter:
    """A filter that is understood.

    text     as it was written
    tree     names and types resolved, see resolve.py
    fields   what it reads, each once
    holds    whether it holds for a message
    """

    text: str
    tree: Tree
    fields: tuple[Field, ...]
    holds: Callable[[Situation], bool]


def compile_filter(text: str) -> Filter:
    """A filter from its text; FilterError (message, filter, caret) if it can't be understood."""
    from .resolve import check
    from .row_evaluator import fields_in, predicate

    tree = check(text)
    return Filter(text, tree, tuple(dict.fromkeys(fields_in(tree))), predicate(tree))
