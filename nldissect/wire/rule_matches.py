"""Conditions of a rule in parallel lists: fields, comparisons, values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nldissect.escapes import escaped

from .enums import Enum
from .kind import Kind
from .numbers import S32, U32, Array

SIGNED = S32(None)


class Conditions(Array):
    """The list of fields to compare; a summary prints it with its parallel lists: `{fields/fieldflags/values/buf}`.

    words   texts of fields by number, where they are not the short names
    signs   texts of comparisons by number
    kinds   kinds of the values by field, where they are not signed numbers; None: the value is the length of its text,
            which is in the last list
    """

    def __init__(
        self,
        number: int | None,
        names: type[Enum],
        *,
        words: Mapping[int, str],
        signs: Mapping[int, str],
        kinds: Mapping[int, Kind | None],
        **options: Any,
    ) -> None:
        super().__init__(number, U32(None, names), **options)
        self.asked, self.words, self.signs, self.kinds = names, words, signs, kinds

    def side_by_side(self, names: Any, operators: Any, values: Any, texts: Any) -> str:
        """Return the conditions as tools print them, separated by blanks."""
        said: list[str] = []
        rest = texts if isinstance(texts, bytes) else str(texts or "").encode()
        for name, operator, value in zip(names or (), operators or (), values or (), strict=False):
            kind = self.kinds.get(name, SIGNED)
            if kind is None:
                text, rest = escaped(rest[:value].decode("utf-8", "replace")), rest[value:]
            else:
                text = kind.shown(kind.decoder("<")(value.to_bytes(4, "little"), 0, 4))
            said.append(f"{self._word(name)}{self.signs.get(operator, f' {operator:#x} ')}{text}")
        return " ".join(said)

    def _word(self, name: int) -> str:
        constant = self.asked.names.get(name)
        return self.words.get(name, str(name) if constant is None else self.asked.short(constant).lower())
