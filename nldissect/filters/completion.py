"""Completion of filters: the words that may stand where an unfinished filter ends.

After a field and an operator these are the field's constants, elsewhere fields.
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
    """Return every field by its name, derived ones too, with the constants its values have."""
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
    """Return what the last word of an unfinished filter may become, in any case."""
    begun = last_word(text)
    field = _FIELD.search(text.removesuffix(begun))
    offered = tuple(words()) if field is None else _constants(field[1])
    return [word for word in offered if word.lower().startswith(begun.lower())]


def last_word(text: str) -> str:
    """Return the word at the end of a text, which may have to be completed; empty after anything else."""
    found = _LAST.search(text)
    return found.group() if found else ""


def _constants(field: str) -> tuple[str, ...]:
    """Return the constants of a field, or of the last step of a path."""
    known = {name.lower(): constants for name, constants in words().items()}
    lower = field.lower()
    return known.get(lower) or known.get(lower.rpartition(".")[2], ())
