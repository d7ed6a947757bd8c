"""What is known of a capture before its first frame, and what its later frames say of generic families."""

from __future__ import annotations

from typing import BinaryIO

from nldissect.errors import NldissectError
from nldissect.record import Reader, check_link_type, comments, netlink_frame, open_capture
from nldissect.wire import NETLINK, Context, walk

from .again import readable_twice

GENERIC = NETLINK.GENERIC.to_bytes(2, "big")
NLCTRL = 0x10


def context_of(reader: Reader, families: dict[int, str] | None, order: str | None) -> Context:
    """What is known of a capture before its first frame; FileError if none of its sources can hold netlink."""
    try:
        _check(reader)
    except NldissectError:
        reader.close()
        raise
    guess = reader.interfaces[0].byte_order if reader.interfaces else "little"
    context = Context(byte_order=order or guess, fixed_order=order is not None)
    for what, names in names_told(reader).items():
        context.names[what] |= names
    if families:
        context.fixed["genl"] = dict(families)
    return context


def names_told(reader: Reader) -> dict[str, dict[int, str]]:
    """Names that the file's comments tell (record/comments.py), for as long as no frame says otherwise.

    Interfaces are numbered by namespace: what two sources of one file call differently is told by neither.
    """
    by_source = [comments.numbered(interface.comments, "interface") for interface in reader.interfaces]
    by_source.append(comments.numbered(reader.section_comments, "interface"))
    return {"genl": comments.numbered(reader.comments, "family"), "interface": comments.agreed(by_source)}


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


class Later:
    """Families that only a later frame names: the file is looked through once for them, if it can be read twice."""

    def __init__(self, path: str, context: Context) -> None:
        self.path, self.context = path, context
        self._names: dict[int, str] | None = None

    def first_name(self, number: int) -> str | None:
        """Return the first name the file gives to an id."""
        if number <= NLCTRL:
            return None
        if self._names is None:
            self._names = families_in(self.path) if readable_twice(self.path) else {}
        return self._names.get(number)

    def name(self, number: int) -> str | None:
        """The first name the file gives to an id that is unknown so far; the context learns it."""
        found = self.first_name(number)
        if found is not None:
            self.context.learn("genl", number, found)
        return found


def families_in(path: str | BinaryIO) -> dict[int, str]:
    """Generic families a capture names anywhere: the first name of each id, one that was asked for if there is such."""
    found: dict[int, str] = {}
    sure: dict[int, str] = {}
    context = Context()
    with open_capture(path) as reader:
        for record in reader:
            data = netlink_frame(record)
            if data is not None and data[14:16] == GENERIC and NLCTRL in (data[20:21] + data[21:22]):
                walk(data, context)
                for number, name in context.names["genl"].items():
                    (sure if context.trust.is_sure(number) else found).setdefault(number, name)
    return found | sure
