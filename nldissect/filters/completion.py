"""Words of the filter language as they are typed: what may stand where an unfinished filter ends.

Behind a field and an operator that is one of the field's constants, elsewhere a field.
"""

from __future__ import annotations

import re
from functools import cache

from nldissect.columns.fields.catalog import catalogue, value_kinds
from nldissect.columns.fields.derived import all_derived

from .constants import spellings

_LAST = re.compile(r"[\w.]*\Z")
_FIELD = re.compile(r"([\w.]+)\s*(?:==|!=|&|\bin\s*\{(?:[^{}]*[,\s])?)\s*\Z", re.IGNORECASE)


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Every field by its name, with the constants its values have; derived columns too."""
    known = catalogue()
    kinds = {
        name: [one for kind, _ in known.named[lower] for one in value_kinds(kind)]
        for lower, name in known.spelt.items()
    }
    kinds |= {column.name: [column.kind] for column in all_derived()}
    same: dict[frozenset[str], tuple[str, ...]] = {}
    found = {}
    for name in sorted(kinds, key=str.lower):
        constants = frozenset(word for kind in kinds[name] for word in spellings(kind))
        found[name] = same.setdefault(constants, tuple(sorted(constants)))
    return found


def endings(text: str) -> list[str]:
    """What the last word of an unfinished filter may become, in any case."""
    begun = last_word(text)
    field = _FIELD.search(text.removesuffix(begun))
    offered = tuple(words()) if field is None else _constants(field[1])
    return [word for word in offered if word.lower().startswith(begun.lower())]


def last_word(text: str) -> str:
    """The word at the end of a text, which may have to be completed; empty behind anything else."""
    found = _LAST.search(text)
    return found.group() if found else ""


def _constants(field: str) -> tuple[str, ...]:
    """Those of a field, or of the last step of a path."""
    known = {name.lower(): constants for name, constants in words().items()}
    lower = field.lower()
    return known.get(lower) or known.get(lower.rpartition(".")[2], ())
