"""Words before values, as data: a composer (composers.py) for which the native core calls no function.

bind_composer(RTA.MULTIPATH, Phrases("nexthop", (("via", "RTA_GATEWAY"), ("dev", "rtnh_ifindex"))))
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from struct import Struct as Codec

from .summary_template import SHOWN_THINGS
from .text_nodes import TextNode, texts_of

LEVELS = Codec("=2B")
"""Levels of an element's own nodes, and the size of its opening, which follows."""
PHRASE = Codec("=2BH")
"""Before each word: marks, the size of the word, the number of the name after it."""
BEGINS, DEEP, LISTED = 1, 2, 4
"""Marks of a name: a phrase begins here, the name is looked for at any level, its value is a list of flags.

The word of a phrase comes before the first of its names whose value is there.
"""


class Phrases:
    """A composer that prints the elements of a list one after the other, of long lists the first SHOWN_THINGS.

    opening  the word with which each element begins
    said     phrases: a word, "" for none, and the names of the values after it; the word is printed if any value is
             there
    levels   number of levels of an element in which names are looked for, 1: among its fields; for names in `deep` all
    listed   names of flags, which are printed one by one in lower case
    """

    def __init__(
        self, opening: str, said: Sequence[Sequence[str]], levels: int, deep: Container[str], listed: Container[str]
    ) -> None:
        self.opening, self.said, self.levels, self.deep, self.listed = opening, said, levels, deep, listed

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the values that are printed."""
        return tuple(name for _, *names in self.said for name in names)

    def __call__(self, things: Sequence[TextNode]) -> str:
        texts = [" ".join(self._words(one)) if one.inner else one.text for one in things[:SHOWN_THINGS]]
        return " ".join(texts + ["..."] * (len(things) > SHOWN_THINGS))

    def _words(self, thing: TextNode) -> Iterator[str]:
        own, every = texts_of(thing.inner, self.levels)
        yield self.opening
        for word, *names in self.said:
            told = [(name, (every if name in self.deep else own).get(name, "")) for name in names]
            texts = [text.lower().replace(",", " ") if name in self.listed else text for name, text in told if text]
            yield from [word, *texts] if word and texts else texts

    def packed(self, number: Callable[[str], int]) -> bytes:
        """Return the phrases as put_phrases in native/summary.c reads them; `number` returns the number of a name."""
        parts = [LEVELS.pack(self.levels, len(self.opening)), self.opening.encode()]
        for word, *names in self.said:
            for place, name in enumerate(names):
                marks = (not place and BEGINS) | (name in self.deep and DEEP) | (name in self.listed and LISTED)
                text = b"" if place else word.encode()
                parts += PHRASE.pack(marks, len(text), number(name)), text
        return b"".join(parts)
