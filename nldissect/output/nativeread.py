"""`read` of one capture as a list or JSON by the native core, window by window, without columns; see nativetrees.py."""

from __future__ import annotations

import argparse
import contextlib
import sys
from codecs import lookup
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from nldissect.escaping import escaped
from nldissect.index.again import readable_twice
from nldissect.index.beside import concern_messages, tell
from nldissect.index.meaning import DIRECTIONS, Meaning
from nldissect.index.opening import check_reader, timeline_of
from nldissect.index.opening import order_of as first_order
from nldissect.index.priors import Kept
from nldissect.index.timeline import INTERFACE, NameTimeline
from nldissect.native import scanner
from nldissect.native.core import Core, is_done
from nldissect.native.loader import ARRAY, HEAD, LINES, LIST
from nldissect.native.preparation import Preparation
from nldissect.native.scanner import SOURCE, Array, Scanner
from nldissect.record import OWN, Interface, Reader, Window, open_capture, time_text
from nldissect.record.link import netlink_window
from nldissect.record.pcapng import Pcapng
from nldissect.record.records import PREFACES, SECOND, is_hidden
from nldissect.requests import CAPACITY
from nldissect.wire import Walked, walk
from nldissect.wire.acks import Asked
from nldissect.wire.flags import NLMSG_ERROR
from nldissect.wire.secrets import is_keyed_protocol
from nldissect.wire.walk import walk_bare, walk_place

from .classifier import Classifier, order_of
from .jsontext import encode, encode_alone
from .line import ARROWS, UNKNOWN, WIDEST, Lines, said
from .nativeblocks import Around, NativeMessages, ahead_json, around_json, around_line
from .objects import add_losses, add_trailing, message_object, place_object
from .paint import plain
from .progress import Progress
from .times import Clock
from .walking import walked_again

WINDOW = 3 << 18
"""Bytes read at a time."""
LATEST = 1 << 62
"""Times beyond this many nanoseconds are made by Python."""
FARTHEST = 1 << 30
"""Bytes of a file that are looked through for names at most."""


class Sight(NamedTuple):
    """A window of a capture as a scanner takes it.

    sources   SOURCE of all interfaces; `owners` the one of each frame, None for the first alone
    remarks   marks of each frame, None if there are none
    timed     the core can make the times of all frames
    """

    window: Window
    sources: Array
    owners: Array | None
    remarks: Array | None
    timed: bool

    def frames(self) -> tuple[Any, ...]:
        """Return what `Scanner.batches` takes."""
        window = self.window
        return window.buffer, window.starts, window.byte_order, window.numbers, self.sources, self.owners, self.remarks


class Sights:
    """Goes through the windows of a capture. `own`: what the capture itself sent is shown, too."""

    def __init__(self, reader: Reader, own: bool) -> None:
        self.reader, self.own = reader, own
        self.spaces: list[str] = []

    def __iter__(self) -> Iterator[Sight]:
        for window in self.reader.windows():
            if (window := netlink_window(window)).starts:
                yield self._sight(window)

    def _sight(self, window: Window) -> Sight:
        interfaces = self.reader.interfaces
        self.spaces = [one.space for one in interfaces]
        numbers = {space: number for number, space in enumerate(dict.fromkeys(self.spaces))}
        odd = [bool(SECOND % one.ticks) for one in interfaces]
        rows = [
            (1 if bad else one.ticks, one.high, one.offset, numbers[one.space], one.decimals)
            for one, bad in zip(interfaces, odd, strict=True)
        ]
        places = {id(one): place for place, one in enumerate(interfaces)}
        owners = None
        if window.owners is not None or window.interface is not interfaces[0]:
            owned = window.owners or [window.interface] * len(window.starts)
            owners = np.array([places[id(one)] for one in owned], np.uint16)
        timed = not any(odd) and not self._is_late(window)
        marks = np.zeros(len(window.starts), np.uint8)
        if not timed or len(numbers) > 1:
            marks |= scanner.REMARKED
        if window.comments or window.timeless:
            for place, at in enumerate(window.starts):
                marks[place] |= self._mark(window.comments.get(at, ())) | (at in window.timeless) * scanner.NO_TIME
        return Sight(window, np.array(rows, SOURCE), owners, marks if marks.any() else None, timed)

    def _is_late(self, window: Window) -> bool:
        """Whether times may be too far from 1970 for 64 bits."""
        first = np.frombuffer(window.buffer, np.uint8)
        at = np.array(window.starts, np.int64) - 16
        words = sum(first[at + (skip if window.byte_order == "little" else 3 - skip)].astype(np.int64) << 8 * skip
                    for skip in range(4))  # fmt: skip
        latest = int(np.max(words))
        return any(
            abs(one.offset) * SECOND >= LATEST or abs(one.time(latest, 0xFFFFFFFF)) >= LATEST
            for one in self.reader.interfaces
        )

    def _mark(self, comments: tuple[str, ...]) -> int:
        mark = scanner.REMARKED if concern_messages(comments) else 0
        if self.own or OWN not in comments:
            return mark
        return mark | (scanner.HIDDEN if is_hidden(comments) else scanner.HEADING)


def suits(options: argparse.Namespace) -> bool:
    """Return whether all that is asked for is a list or trees in UTF-8, or JSON, of one capture."""
    if len(options.files) != 1 or options.format not in ("text", "ndjson", "json"):
        return False
    if options.format != "text":
        return True
    return lookup(sys.stdout.encoding).name == "utf-8" and (options.tree or not _is_pcapng(options.files[0]))


def _is_pcapng(path: str) -> bool:
    """Whether comments beside frames may tell whose they are, which lists show."""
    with open_capture(path) as reader:
        return isinstance(reader._format, Pcapng)


class NativeRead:
    """One capture, what is wanted of it, and how far it was read.

    output   see enum output; `around` gives the texts of heads for it
    """

    def __init__(self, options: argparse.Namespace, library: str, output: int, around: Around) -> None:
        self.options = options
        path, families = options.files[0], dict(options.families)
        self.reader = open_reader(path, WINDOW)
        ahead = partial(names_ahead, library, path, families, options.order)
        self.names = timeline_of(self.reader, families, ahead=ahead)
        self.is_list = output == LIST
        self.secrets: bool = options.secrets
        self.core = Core(library, output, encode_alone)
        self.heads = NativeMessages.of_core(self.core, around, self.secrets)
        text = self.core.program.pool.text
        self.classifier = Classifier(self.names, arrow, text, self._head)
        order = first_order(self.reader, options.order)
        self.scanner = Scanner(library, self.classifier, order, options.order is not None)
        hasten(self.reader, self.scanner)
        widths = tuple(Lines().widths.values())
        mode = "rdea".index(options.time)
        self.preparation = Preparation(library, self.scanner, output, mode, widths, WIDEST)
        self.clock = Clock(options.time)
        self.kept: dict[tuple[str, int], Kept] = {}
        self.met = 0
        self._before = 0
        self._news = False
        self.sight: Sight
        self.times: list[bytes] | None = None

    def pieces(self, progress: Progress) -> Generator[bytes]:
        """Give what to print."""
        for sight in Sights(self.reader, self.options.own):
            self.sight = sight
            spaces = [one.space for one in self.reader.interfaces]
            self.classifier.begin(sight.window.buffer, sight.window.offset, spaces)
            given = self.is_list and (self.options.time == "a" or not sight.timed)
            self.times = self._times(sight) if given else None
            for first, stop, count in self.scanner.batches(*sight.frames()):
                wanted = self._wanted(first, stop, count)
                yield from self._texts(first, stop, wanted)
                self._keep(count)
                self.classifier.news.clear()
                if self.done:
                    return
            progress.at(self.reader.position)

    @property
    def done(self) -> bool:
        """No frame more is wanted."""
        return self.options.count is not None and self.met >= self.options.count

    def _wanted(self, first: int, stop: int, count: int) -> int:
        """How many of a batch's items are to be shown; counts the frames."""
        shown = (self.scanner.frames["marks"][first:stop] & scanner.HIDDEN) == 0
        total, room = int(shown.sum()), (self.options.count or 0) - self.met
        if self.options.count is None or total <= room:
            self.met += total
            return count
        self.met += room
        last = int(shown.nonzero()[0][room - 1])
        frame = self.scanner.frames[first + last]
        return int(frame["first"]) + max(int(frame["count"]), 1)

    def _texts(self, first: int, stop: int, count: int) -> Iterator[bytes]:
        changing = any(one.what == INTERFACE for _, one, _ in self.classifier.news)
        if changing or self._news:
            self.core.forget_names()
        self._news = changing
        start = int(self.scanner.frames["at"][first])
        end = int(self.scanner.frames["at"][stop - 1]) + self.sight.window.offset
        names = partial(self._names, start + self.sight.window.offset, end)
        buffer = self.sight.window.buffer
        done = 0
        interfaces = [_interface(one) for one in self.reader.interfaces]
        given = self._given(first, stop)
        while done < count:
            pool = bytes(self.core.program.pool.data)
            messages, texts = self.preparation.prepare(done, count - done, pool, interfaces, given)
            texts = self._told(messages, texts, done)
            self.core.render(memoryview(buffer), messages, texts, names, self.heads._leaf)
            yield self._joined(messages, texts, done)
            done += len(messages)
        self._before = start

    def _given(self, first: int, stop: int) -> list[bytes] | None:
        """What Python makes of a window's frames, those in [first, stop) being printed next."""
        return self.times

    def _told(self, messages: Array, texts: bytes, first: int) -> bytes:
        """The texts that messages refer to, after telling them more; `first`: the item of the first."""
        return texts

    def _joined(self, messages: Array, texts: bytes, first: int) -> bytes:
        """Return the texts of messages, those that the core leaves walked."""
        finished = is_done(messages)
        out = memoryview(self.core.out)  # type: ignore[arg-type]
        begins, ends = messages["out"], messages["out"] + messages["out_size"]
        breaks = (~finished[1:] | ~finished[:-1] | (begins[1:] != ends[:-1])).nonzero()[0] + 1
        pieces: list[bytes | memoryview] = []
        for start, stop in zip([0, *breaks.tolist()], [*breaks.tolist(), len(messages)], strict=True):
            if finished[start]:
                pieces.append(out[int(begins[start]) : int(ends[stop - 1])])
                continue
            at, size = int(messages["before"][start]), int(messages["before_size"][start])
            pieces.append(self._walked_text(first + start, texts[at : at + size]))
        return b"".join(pieces)

    def _head(self, about: Meaning, flags: int, big: bool, told: bool) -> int:
        ahead = "" if self.is_list or about.direction is None else self._ahead(about, told)
        alone = about, flags, big, told, ahead
        make = partial(self.heads._head, *alone)
        odd = not about.skip
        return self.core.head(alone, (lambda: ODD_HEAD) if odd else make)

    def _ahead(self, about: Meaning, told: bool) -> str:
        """What stands before the bodies of messages, lists apart."""
        return ahead_json(about, told)

    def _names(self, start: int, end: int, number: int) -> list[tuple[int, str | None]]:
        space, offset = self.classifier.spaces[0], self.sight.window.offset
        before = self.names.name(INTERFACE, number, start - 1, space)
        late = self.names.dated_back(space, start, end + 1).get(number, [])
        news = self.classifier.news
        later = [(at, one.name) for at, one, _ in news if (one.what, one.number) == (INTERFACE, number)]
        found = [(0, before), *((max(at - offset, 0), name) for at, name in [*late, *later])]
        return [(at, escaped(name) if name else None) for at, name in found]

    # ---- what the core leaves ----

    def _walked_text(self, index: int, before: bytes) -> bytes:
        """Return the text of an item that is walked; `before`: the columns of a list."""
        item = self.scanner.items[index]
        frame = self.scanner.frames[item["frame"]]
        comments = self.sight.window.comments.get(int(frame["at"]), ())
        if self.is_list:
            return (before + self._line(item, frame, comments).encode()).rstrip(b" \n") + b"\n"
        ahead, behind = (",\n", "") if self.options.format == "json" else ("", "\n")
        return f"{ahead}{encode(self._object(item, frame, comments))}{behind}".encode()

    def _line(self, item: Any, frame: Any, comments: tuple[str, ...]) -> str:
        if item["place"]:
            return plain(said(*self._walked(item, frame, comments)))
        lines = Lines()
        walked = walk(self._data(frame), wire_length=int(frame["wire"]))
        *_, (_, last) = lines.empty(int(frame["number"]), "", walked, int(frame["wire"]), comments)
        return last[lines.widths["type"] + 1 :]

    def _object(self, item: Any, frame: Any, comments: tuple[str, ...]) -> dict[str, Any]:
        interface = self.reader.interfaces[int(frame["source"])]
        place = int(item["place"]) or None
        found = place_object(
            int(frame["number"]), place, self._time(frame, interface), interface.name, int(frame["protocol"])
        )
        if place is not None:
            found |= message_object(*self._walked(item, frame, comments), secrets=self.secrets)
        rest = self._data(frame)[int(frame["rest"]) :]
        if rest and item["marks"] & scanner.LAST:
            add_trailing(found, rest, is_keyed_protocol(int(frame["protocol"])) and not self.secrets)
        if place is None:
            add_losses(found, comments)
        return found

    def _walked(self, item: Any, frame: Any, comments: tuple[str, ...]) -> tuple[Walked, Asked | None]:
        """Return a message, and the request that it acknowledges."""
        window, order = self.sight.window, order_of(frame)
        position, space = int(frame["at"]) + window.offset, self.classifier.spaces[int(frame["source"])]
        context = self.names.context(position, space, order)
        data, protocol, kind = self._data(frame), int(frame["protocol"]), int(frame["kind"])
        if item["marks"] & scanner.BARE:
            walked = walk_bare(data, len(data), protocol, order, kind, context)
        else:
            start = int(item["at"]) - int(frame["at"])
            span = start, start + int(item["captured"]), start + int(item["padded"])
            walked = walk_place(data, span, protocol, order, context, kind, DIRECTIONS[item["direction"]])
        if item["marks"] & scanner.LAST:
            walked.missing = int(frame["wire"]) - len(data)
        if comments:
            tell(walked, comments, int(item["place"]))
        if item["type"] != NLMSG_ERROR or not item["prior"]:
            return walked, None
        return walked, self._request(item, space, context)

    def _request(self, item: Any, space: str, context: Any) -> Asked | None:
        if not item["prior_item"]:
            kept = self.kept.get((space, int(item["prior"])))
            return None if kept is None else walked_again(kept, context)
        request = self.scanner.items[int(item["prior_item"]) - 1]
        frame = self.scanner.frames[request["frame"]]
        comments = self.sight.window.comments.get(int(frame["at"]), ())
        return Asked(int(frame["number"]), self._walked(request, frame, comments)[0])

    def _data(self, frame: Any) -> bytes:
        at = int(frame["at"])
        return bytes(self.sight.window.buffer[at : at + int(frame["captured"])])

    def _time(self, frame: Any, interface: Interface) -> str | None:
        now = self._moment(frame["at"], interface)
        return None if now is None else time_text(now, interface.decimals)

    def _moment(self, start: Any, interface: Interface) -> int | None:
        window, at = self.sight.window, int(start)
        if at in window.timeless:
            return None
        first, second, _, _ = PREFACES[window.byte_order].unpack_from(window.buffer, at - 16)
        return interface.time(first, second)

    def _times(self, sight: Sight) -> list[bytes]:
        """The times of a window's frames as the list shows them."""
        window = sight.window
        owners = [0] * len(window.starts) if sight.owners is None else sight.owners.tolist()
        interfaces = map(self.reader.interfaces.__getitem__, owners)
        pairs = zip(window.starts, interfaces, strict=True)
        return [self.clock.at(self._moment(at, one), one.decimals).encode() for at, one in pairs]

    def _keep(self, count: int) -> None:
        """Copy the requests that may be acknowledged later, before the window's buffer is used again."""
        items = self.scanner.items[:count]
        for index in items["ordinal"].nonzero()[0][-CAPACITY:].tolist():
            item = items[index]
            frame = self.scanner.frames[item["frame"]]
            at, padded = int(item["at"]), int(item["padded"])
            self.kept[self.classifier.spaces[int(frame["source"])], int(item["ordinal"])] = Kept(
                int(frame["number"]), 0, bytes(self.sight.window.buffer[at : at + padded]), int(item["captured"]),
                int(frame["protocol"]), order_of(frame), int(frame["kind"]),
            )  # fmt: skip
        while len(self.kept) > CAPACITY * len({*self.classifier.spaces}):
            del self.kept[next(iter(self.kept))]


ODD_HEAD = tuple(np.zeros(1, HEAD).tolist()[0])


def open_reader(path: str, window: int) -> Reader:
    """Open a capture that can hold netlink."""
    reader = open_capture(path, window=window)
    check_reader(reader)
    return reader


def hasten(reader: Reader, finder: Scanner) -> None:
    """Let a scanner find the records of a pcap."""
    reader.hasten(finder.find_records)


def arrow(way: str | None) -> str:
    """The sign of a direction in UTF-8."""
    return ARROWS.get(way or "", UNKNOWN)[0]


def _interface(interface: Interface) -> bytes:
    return f',"interface":{encode_alone(interface.name)}'.encode() if interface.name else b""


def names_ahead(library: str, path: str, families: dict[int, str], order: str | None) -> NameTimeline | None:
    """Return the names that a file gives, up to FARTHEST; None if it can't be read twice."""
    if not readable_twice(path):
        return None
    reader = open_reader(path, 1 << 20)
    names = timeline_of(reader, families, lends=True)
    heads: dict[Any, int] = {}

    def head(about: Meaning, flags: int, big: bool, told: bool) -> int:
        return heads.setdefault(about, len(heads))

    classifier = Classifier(names, arrow, lambda text: (0, 0), head, asks=True)
    finder = Scanner(library, classifier, first_order(reader, order), order is not None)
    hasten(reader, finder)
    for sight in Sights(reader, own=True):
        if sight.window.offset > FARTHEST:
            break
        classifier.begin(sight.window.buffer, sight.window.offset, [one.space for one in reader.interfaces])
        for _ in finder.batches(*sight.frames()):
            classifier.news.clear()
    reader.close()
    return names


def _job(options: argparse.Namespace, library: str) -> NativeRead:
    if options.format != "text":
        return NativeRead(options, library, ARRAY if options.format == "json" else LINES, around_json)
    if options.tree:
        from .nativetrees import NativeTreeRead

        return NativeTreeRead(options, library)
    return NativeRead(options, library, LIST, around_line)


def read(options: argparse.Namespace, library: str, live: bool) -> tuple[int, str | None, int]:
    """Do it; gives the number of frames let through, where the file is cut, and how many frames are hidden."""
    job = _job(options, library)
    sys.stdout.flush()
    write: Callable[[bytes], int] = sys.stdout.buffer.write
    array, begun = options.format == "json", False
    with Progress(options.files[0]) as progress, contextlib.closing(job.pieces(progress)) as pieces:
        try:
            for piece in pieces:
                write(piece if begun or not piece else b"[" + piece[1:] if array else piece.removeprefix(b"\n"))
                begun = begun or bool(piece)
                if live:
                    sys.stdout.buffer.flush()
        finally:
            if array and not isinstance(sys.exception(), BrokenPipeError):
                write(b"\n]\n" if begun else b"[]\n")
    if job.done:
        return job.met, None, 0
    cut = job.reader.finish()
    job.reader.close()
    return job.met, f"{job.reader.name}: {cut}" if cut else None, job.reader.hidden
