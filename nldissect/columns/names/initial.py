"""State of a capture before its first frame: known names, guessed byte order, usable sources."""

from __future__ import annotations

from collections.abc import Callable

from nldissect.capfile import Reader, check_link_type, comments
from nldissect.errors import NldissectError
from nldissect.wire.protocol import NETLINK

from .timeline import GENL, NameTimeline

GENERIC = NETLINK.GENERIC.to_bytes(2, "big")


def timeline_of(
    reader: Reader, families: dict[int, str] | None, ahead: Callable[[], NameTimeline | None] | None = None
) -> NameTimeline:
    """Return the timeline of a capture's names, with names from its comments (capfile/comments.py) and from the user.

    families   names that the user gave, by id
    """
    told = comments.numbered_names(reader.comments, "family")
    return NameTimeline(families, told, reader.interfaces, reader.section_comments, ahead=ahead)


def whole_timeline_of(
    reader: Reader, families: dict[int, str] | None, known: NameTimeline | None = None
) -> NameTimeline:
    """Return the timeline for one pass over the whole of a capture.

    known   timeline of the pass before, for families that later frames name; the names of interfaces differ in it, as
            messages of those families were not read then
    """
    names = timeline_of(reader, families, lambda: known)
    names.lends, names.looks_ahead = True, (GENL,)
    return names


def order_of(reader: Reader, order: str | None) -> str:
    """Return the first guess of the messages' byte order, or the one the user fixed, as a struct code."""
    guess = order or (reader.interfaces[0].byte_order if reader.interfaces else "little")
    return "<" if guess == "little" else ">"


def check_reader(reader: Reader) -> None:
    """Close the capture and raise FileError if none of its sources can hold netlink."""
    try:
        _check(reader)
    except NldissectError:
        reader.close()
        raise


def _check(reader: Reader) -> None:
    problem: NldissectError | None = None
    for interface in reader.interfaces:
        try:
            check_link_type(interface, reader.name)
        except NldissectError as error:
            problem = error
        else:
            return
    if problem is not None:
        raise problem
