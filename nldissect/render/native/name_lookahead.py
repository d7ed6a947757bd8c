"""Lookahead for names: those of a whole capture, found by a scanner, for frames before the message with the name."""

from __future__ import annotations

from functools import partial

from nldissect.capfile.reopenable import readable_twice
from nldissect.columns.names.initial import order_of, whole_timeline_of
from nldissect.columns.names.timeline import START, NameTimeline
from nldissect.native.scanner import Scanner
from nldissect.sizes import SIZES

from .classifier import Classifier
from .scan_windows import ScanWindows, hasten, open_reader


def names_ahead(
    core: str, path: str, families: dict[int, str], order: str | None, classifier: Classifier, finder: Scanner
) -> NameTimeline | None:
    """Return the names that a file gives, up to SIZES.lookahead_bytes; None if it can't be read twice.

    core                 path of the shared object
    classifier, finder   those of the caller, which get the heads that are found, and need not ask for them again
    """
    if not readable_twice(path):
        return None
    search = partial(_found, core, path, families, order, classifier, finder)
    names = search()
    return search(names) if names.misses_names() else names


def _found(
    core: str,
    path: str,
    families: dict[int, str],
    order: str | None,
    classifier: Classifier,
    finder: Scanner,
    known: NameTimeline | None = None,
) -> NameTimeline:
    """Return the names of one pass.

    known   names found before, of families with names that come later
    """
    with open_reader(path, SIZES.lookahead_window) as reader:
        names = whole_timeline_of(reader, families, known)
        own_classifier = Classifier(names, classifier.heads)
        own_finder = Scanner(core, own_classifier, order_of(reader, order), order is not None, asks=True)
        own_finder.share(finder)
        last = START
        hasten(reader, own_finder)
        for sight in ScanWindows(reader, own=True):
            window = sight.window
            if window.offset > SIZES.lookahead_bytes:
                break
            own_classifier.begin(window.buffer, window.offset, sight.spaces)
            for _ in own_finder.batches(sight.frames):
                own_classifier.news.clear()
            last = window.offset + window.starts[-1]
        names.end = last + 1 if names.is_whole and not names.misses_names() else START
        finder.share(own_finder)
    return names
