"""The names of a whole capture, found by a scanner, for frames that come before what names them."""

from __future__ import annotations

from typing import Any

from nldissect.index.again import readable_twice
from nldissect.index.opening import order_of, timeline_of
from nldissect.index.timeline import NameTimeline
from nldissect.native.catalog import Catalog
from nldissect.native.scanner import Scanner

from .classifier import Classifier
from .heads import Meaning
from .sights import Sights, hasten, open_reader

FARTHEST = 1 << 30
"""Bytes of a file that are looked through at most."""
WINDOW = 1 << 20


def names_ahead(
    library: str, catalog: Catalog, path: str, families: dict[int, str], order: str | None
) -> NameTimeline | None:
    """Return the names that a file gives, up to FARTHEST; None if it can't be read twice."""
    if not readable_twice(path):
        return None
    with open_reader(path, WINDOW) as reader:
        names = timeline_of(reader, families, lends=True)
        heads: dict[Any, int] = {}

        def number_of(about: Meaning, flags: int, big: bool, told: bool) -> int:
            return heads.setdefault(about, len(heads))

        classifier = Classifier(names, catalog, str, lambda text: (0, 0), number_of, asks=True)
        finder = Scanner(library, classifier, order_of(reader, order), order is not None)
        hasten(reader, finder)
        for sight in Sights(reader, own=True):
            if sight.window.offset > FARTHEST:
                break
            classifier.begin(sight.window.buffer, sight.window.offset, sight.spaces)
            for _ in finder.batches(sight.frames):
                classifier.news.clear()
    return names
