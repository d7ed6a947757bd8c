"""Completion at the prompt: the rows of sets, the names of enumerations, and the words of filters inside quotes."""

from __future__ import annotations

import re
from rlcompleter import Completer as PythonCompleter
from typing import Any

from nldissect.filters.completion import endings, last_word
from nldissect.wire import AttrSet, Enum, Kind

_FILTER = re.compile(r"""\b(?:filter|select)\((?:[^()]*,\s*)?(?:"([^"]*)|'([^']*))\Z""")


def members(obj: Any) -> list[str] | None:
    """Return the names that may follow the dot of a set or an enumeration; None for anything else."""
    if isinstance(obj, type) and issubclass(obj, AttrSet):
        return [key for key, row in vars(obj).items() if isinstance(row, Kind)]
    if isinstance(obj, type) and issubclass(obj, Enum):
        return [key for key, number in vars(obj).items() if isinstance(number, int)]
    return None


def in_filter(line: str) -> list[str] | None:
    """Return the continuations of a filter that is being written; None outside of one."""
    found = _FILTER.search(line)
    if found is None:
        return None
    return endings(found[1] if found[1] is not None else found[2])


class Completer(PythonCompleter):
    """A completer for readline."""

    def complete(self, text: str, state: int) -> str | None:
        import readline

        if state == 0:
            words = in_filter(readline.get_line_buffer()[: readline.get_endidx()])
            self._words = None if words is None else _replacing(text, words)
        if self._words is None:
            return super().complete(text, state)
        return self._words[state] if state < len(self._words) else None

    def attr_matches(self, text: str) -> list[str]:
        before, _, begun = text.rpartition(".")
        if all(step.isidentifier() for step in before.split(".")):
            known = members(_named(before, self.namespace))  # type: ignore[attr-defined]
            if known is not None:
                return [f"{before}.{name}" for name in known if name.startswith(begun)]
        return super().attr_matches(text)


def _replacing(text: str, words: list[str]) -> list[str]:
    """Return the words as readline wants them.

    After a quote all that is written counts; and a single match ends the text, which a filter does not, so that two are
    returned.
    """
    before = text.removesuffix(last_word(text))
    found = [before + word for word in words]
    return [*found, f"{found[0]} "] if len(found) == 1 else found


def _named(path: str, names: dict[str, Any]) -> Any:
    """Return the object that a dotted name stands for, or None."""
    first, *rest = path.split(".")
    found = names.get(first)
    for step in rest:
        found = getattr(found, step, None)
    return found


def teach_ipython(shell: Any) -> None:
    """Add the same completions to IPython's completer."""
    from IPython.core.completer import SimpleCompletion, context_matcher
    from IPython.core.error import TryNext
    from IPython.utils.generics import complete_object

    @complete_object.register(type)
    def only_rows(obj: Any, _: list[str]) -> list[str]:
        known = members(obj)
        if known is None:
            raise TryNext
        return known

    @context_matcher()  # type: ignore[untyped-decorator]
    def filter_words(context: Any) -> Any:
        line = context.line_with_cursor[: context.cursor_position]
        words = in_filter(line)
        if words is None:
            return {"completions": []}
        return {
            "completions": [SimpleCompletion(text=word, type="field") for word in words],
            "matched_fragment": last_word(line),
            "suppress": True,
        }

    shell.Completer.custom_matchers.append(filter_words)
