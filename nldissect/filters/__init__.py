"""The filter language: `compile_filter("IFLA_MTU > 1500 and not error").holds(situation)`.

    text > tokenizer > parser > resolve > typed_tree > message_evaluator   one decoded message: live, pipes
                         |                            > vector_evaluator    a block: a mask of its messages
                         |                            > render/native       the C core
                    capture_parser > capture_filter > libpcap's text, which the kernel runs (capture -f)

Entry points: `compile_filter` below, `vector_evaluator.VectorFilter`, `capture_filter.compile_capture_filter`,
`resolve.single_field` (what -e and columns name), `completion.endings`.

    syntax tree    a parsed filter, each part with its span in the text; knows no field
    typed tree     the same with fields and types resolved against the tables
    value type     what a value compares as (value_types); its key is what is compared
    value test     a predicate on one key (value_tests), made of a literal for a kind (literals, constants)
    mask           bool, one per message of a block

To add an operator: its token and OPERATORS (tokenizer), the value types it compares (literals.ALLOWED), a ValueTest and
the literal that makes it (value_tests, literals); arrays are then tested one by one until vector_tests knows it. To add
a derived field: columns/fields/derived. To add a field of capture filters: capture_parser and capture_filter. Messages
for mistakes: diagnostics.

tests/filters holds the language, its mistakes, both evaluators to each other and to a naive model, and capture filters
to display filters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nldissect.columns.fields.derived import MessageContext

if TYPE_CHECKING:
    from nldissect.columns.fields.field import Field

    from .typed_tree import Tree

__all__ = ["Filter", "MessageContext", "compile_filter"]


@dataclass(eq=False)
class Filter:
    """A compiled filter.

    text     as it was written
    tree     its typed tree, see typed_tree.py
    fields   the fields it reads, each once
    holds    returns whether it holds for a message
    """

    text: str
    tree: Tree
    fields: tuple[Field, ...]
    holds: Callable[[MessageContext], bool]


def compile_filter(text: str) -> Filter:
    """Return a filter from its text; FilterError (message, filter, caret) if it can't be understood."""
    from .message_evaluator import fields_in, predicate
    from .resolve import resolve

    tree = resolve(text)
    return Filter(text, tree, tuple(dict.fromkeys(fields_in(tree))), predicate(tree))
