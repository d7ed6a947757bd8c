"""The names of a whole capture, found by a scanner, for frames that come before what names them."""

from __future__ import annotations

from nldissect.index.again import readable_twice
from nldissect.index.opening import order_of, timeline_of
from nldissect.index.timeline import START, NameTimeline
from nldissect.native.scanner import Scanner

from .classifier import Classifier
from .sights import Sights, hasten, open_reader

FARTHEST = 1 << 30
"""Bytes of a file that are looked through at most."""
WINDOW = 1 << 20


def names_ahead(
    library: str, path: str, families: dict[int, str], order: str | None, classifier: Classifier, finder: Scanner
) -> NameTimeline | None:
    """Return the names that a file gives, up to FARTHEST; None if it can't be read twice.

    classifier, finder   those of the caller, which need not be asked again what these learn of heads
    """
    if not readable_twice(path):
        return None
    search = _Search(library, path, families, order, classifier, finder)
    names = search.names()
    return search.names(names) if names.misses_names() else names


class _Search:
    """Looks through a file."""

    def __init__(
        self,
        library: str,
        path: str,
        families: dict[int, str],
        order: str | None,
        classifier: Classifier,
        finder: Scanner,
    ) -> None:
        self.library, self.path, self.families, self.order = library, path, families, order
        self.classifier, self.finder = classifier, finder

    def names(self, known: NameTimeline | None = None) -> NameTimeline:
        """Return the names that are found. `known`: of families whose names come later, those found before."""
        with open_reader(self.path, WINDOW) as reader:
            names = timeline_of(reader, self.families, lends=True, ahead=lambda: known)
            classifier = Classifier(names, self.classifier.heads)
            order = order_of(reader, self.order)
            finder = Scanner(self.library, classifier, order, self.order is not None, asks=True)
            finder.share(self.finder)
            last = START
            hasten(reader, finder)
            for sight in Sights(reader, own=True):
                window = sight.window
                if window.offset > FARTHEST:
                    break
                classifier.begin(window.buffer, window.offset, sight.spaces)
                for _ in finder.batches(sight.frames):
                    classifier.news.clear()
                last = window.offset + window.starts[-1]
            names.end = last + 1 if names.is_whole and not names.misses_names() else START
            self.finder.share(finder)
        return names
