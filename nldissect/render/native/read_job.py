"""`read` of one capture as a list by the native core, window by window; see also tree_job.py and json_job.py."""

from __future__ import annotations

import argparse
import contextlib
import sys
from bisect import bisect_left
from codecs import lookup
from collections.abc import Callable, Generator, Iterator
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from nldissect.capfile import Interface
from nldissect.capfile.records import PREFACES
from nldissect.columns.names.initial import order_of as first_order
from nldissect.columns.names.initial import timeline_of
from nldissect.columns.names.timeline import GENL, INTERFACE, NameChange, NameTimeline
from nldissect.errors import print_notice
from nldissect.escapes import escaped
from nldissect.native import scanner
from nldissect.native.core import Core
from nldissect.native.core_pair import CorePair
from nldissect.native.loader import CELLS, LIST, HeadStruct
from nldissect.native.preparation import GivenTexts, Preparation
from nldissect.native.program import REFERRED
from nldissect.native.program_file import ProgramFile, tables
from nldissect.native.scanner import Scanner
from nldissect.sizes import SIZES
from nldissect.terminal.progress import Progress
from nldissect.wire.context import POLICY, SHARED

from ..formats import FORMATS
from ..list_columns import ARROWS, UNKNOWN, WIDEST, WIDTHS
from ..origins.frame_source import netns_label
from ..times import Clock
from ..watched_file import is_watched
from .classifier import Classifier
from .head_table import HeadTable
from .heads import Around, DescribedType, Heads, around_line
from .kept_requests import KeptRequests
from .name_lookahead import names_ahead
from .scan_windows import ScanWindow, ScanWindows, hasten, numbered, open_reader

if TYPE_CHECKING:
    from nldissect.columns.blocks.whole_capture import WholeCapture
    from nldissect.filters import Filter

    from ..process_column import ProcessColumn
    from .block_selection import BlockSelection
    from .cell_program import CellProgram
    from .core_selection import NativeSelection
    from .filter_program import FilterProgram

    RequestedFilter: TypeAlias = Filter | FilterProgram

ERRORS = "backslashreplace"


def suits_core(options: argparse.Namespace) -> bool:
    """Return whether the core can print lists, trees or JSON: in UTF-8 only."""
    return lookup(sys.stdout.encoding).name == "utf-8"


class NativeRead:
    """The job of printing one capture: its selection, its output, and the reader.

    wanted   a filter, or None
    output   see enum output; `around` returns the texts of heads for it
    file     the program file if it is known to be usable
    """

    def __init__(
        self,
        options: argparse.Namespace,
        wanted: RequestedFilter | None,
        library: str,
        output: int,
        around: Around,
        file: ProgramFile | None = None,
    ) -> None:
        self.options = options
        path, families = options.files[0], dict(options.families)
        self.reader = open_reader(path, SIZES.native_window)
        catalog, program = tables(library, _quoted, file or getattr(wanted, "file", None))
        self.names = timeline_of(self.reader, families, ahead=lambda: self._ahead_names(library))
        self.is_list = output == LIST
        self.secrets: bool = options.secrets
        self.core = Core(library, output, program, self.secrets)
        beside = partial(Core, library, output, program, self.secrets, beside=self.core)
        self.cores = CorePair(self.core, None if output == CELLS else beside)
        self.heads = Heads(self.core, catalog, around, self.secrets)
        self.classifier = Classifier(self.names, HeadTable(catalog, arrow, program.pool.text, self._head))
        order = first_order(self.reader, options.order)
        self.scanner = Scanner(library, self.classifier, order, options.order is not None)
        hasten(self.reader, self.scanner)
        widths = tuple(WIDTHS.values())
        mode = "rdea".index(options.time)
        self.preparation = Preparation(library, self.scanner, output, mode, widths, WIDEST)
        self.clock = Clock(options.time)
        self.kept = KeptRequests()
        self.met = 0
        self._news = False
        self.sight: ScanWindow
        self.whole: WholeCapture | None = None
        self.times: list[bytes] | None = None
        self._is_watched = self.is_list and is_watched(path)
        self._processes: ProcessColumn | None = None
        self.selection = None if wanted is None else self._selection(wanted)

    def _ahead_names(self, library: str) -> NameTimeline | None:
        options = self.options
        return names_ahead(
            library, options.files[0], dict(options.families), options.order, self.classifier, self.scanner
        )

    def _selection(self, wanted: RequestedFilter) -> BlockSelection | NativeSelection:
        from .filter_program import FilterProgram

        if isinstance(wanted, FilterProgram):
            from .core_selection import NativeSelection

            return NativeSelection(wanted, self, self.options.count, self.is_list)
        from nldissect.columns.blocks.whole_capture import WholeCapture

        from .block_selection import BlockSelection

        options = self.options
        whole = WholeCapture(options.files[0], dict(options.families), options.order)
        interfaces, explain = self.reader.interfaces, self.is_list
        return BlockSelection(wanted, self.scanner, self.classifier, interfaces, whole, options.count, explain)

    def pieces(self, progress: Progress) -> Generator[bytes | memoryview]:
        """Yield the text to print; each piece is valid until the next is asked for."""
        for sight in ScanWindows(self.reader, self.options.own):
            self.sight = sight
            self._begin(sight)
            given = self.is_list and (self.options.time == "a" or not sight.timed)
            self.times = self._times(sight) if given else None
            for first, stop, count in self.scanner.batches(sight.frames):
                wanted = self._wanted(first, stop, count)
                if not self.options.quiet:
                    yield from self._texts(first, stop, wanted)
                self._keep(count)
                self.classifier.news.clear()
                if self.done:
                    return
            progress.at(self.reader.position)

    def first_piece(self, piece: bytes | memoryview) -> bytes | memoryview:
        """Return what is printed of the first piece."""
        return piece

    def end(self, begun: bool) -> bytes:
        """Return what stands behind the last piece; `begun`: some piece was printed."""
        return b""

    @property
    def done(self) -> bool:
        """True once no further frame is wanted."""
        return self.options.count is not None and self.met >= self.options.count

    def _wanted(self, first: int, stop: int, count: int) -> int:
        """Return the number of a batch's items to show; count their frames."""
        if self.selection is not None:
            found = self.selection.choose(self.sight, first, stop, count)
            self.met = self.selection.met
            return found
        if self.options.count is None and self.sight.frames.remarks is None:
            self.met += stop - first
            return count
        for number in range(first, stop):
            frame = self.scanner.frames[number]
            self.met += not frame.marks & scanner.HIDDEN
            if self.met == self.options.count:
                return int(frame.first + max(frame.count, 1))
        return count

    def _begin(self, sight: ScanWindow) -> None:
        """Turn to the next window; names are looked for in it unless they are all known."""
        window = sight.window
        self.classifier.begin(window.buffer, window.offset, sight.spaces)
        self.scanner.tell_names(not self.classifier.settle(window.offset + window.starts[-1]))

    def _texts(self, first: int, stop: int, count: int) -> Iterator[bytes | memoryview]:
        offset = self.sight.window.offset
        start, end = (self.scanner.frames[number].at + offset for number in (first, stop - 1))
        news = self.classifier.changes(start, end)
        changing = {one.what for _, one, _ in news}
        if self._news or self._has_changes(news, start, end):
            self.cores.forget_names()
        self.cores.turn_to(not changing.isdisjoint(SHARED))
        later: dict[tuple[str, int, str], list[tuple[int, str]]] = {}
        for at, one, space in news:
            later.setdefault((one.what, one.number, space), []).append((at, one.name))
        names = cache(partial(self._names, later, start, end))  # each of two cores asks
        echoed = partial(self.heads.echoed, self._family)
        buffer = self.sight.window.buffer
        done = 0
        interfaces = [self._interface(one) for one in self.reader.interfaces]
        given = self._given(first, stop)
        while done < count:
            pool = self.core.program.pool.data
            messages, some, texts = self.preparation.prepare(done, count - done, pool, interfaces, given)
            self._turn_to(done)
            self.cores.render(buffer, messages, some, texts, names, self.heads.leaf, echoed)
            yield from self._joined(messages, some, texts, done)
            done += some
        self._news = self._has_changes(news, start, end)

    def _has_changes(self, news: list[tuple[int, NameChange, str]], start: int, end: int) -> bool:
        """Return whether some name changes at an offset from `start` to `end` of the file.

        First names of interfaces that only later frames give are changes, too.
        """
        if news:
            return True
        return any(self.names.dated_back(space, start, end + 1) for space in numbered(self.sight.spaces))

    def _given(self, first: int, stop: int) -> GivenTexts:
        """Return the texts that Python makes for a window's frames; those in [first, stop) are printed next."""
        if not self.is_list:
            return GivenTexts(self.times)
        processes = self._process_texts(first, stop)
        labels = [netns_label(one).encode() for one in self.reader.interfaces]
        if not any(labels):
            return GivenTexts(self.times, processes)
        own = [labels[frame.source] for frame in self.scanner.frames[first:stop]]
        if processes is not None:
            own = [label + process for label, process in zip(own, processes[first:], strict=True)]
        return GivenTexts(self.times, [b""] * first + own)

    def _process_texts(self, first: int, stop: int) -> list[bytes] | None:
        """Return the processes of a window's frames as the list shows them; None if no frame names one."""
        comments = self.sight.window.comments
        if not comments and not self._is_watched:
            return None
        if self._processes is None:
            from ..process_column import ProcessColumn

            self._processes = ProcessColumn(self.options)
        return self._processes.texts(self.scanner.frames, first, stop, self.scanner.items, comments)

    def _joined(self, messages: Any, count: int, texts: bytes, first: int) -> Iterator[bytes | memoryview]:
        """Yield the texts of messages, decoding those that the cores leave; a text is valid until the next one."""
        for one in self.cores.texts(messages, count):
            if not isinstance(one, int):
                yield one
                continue
            message = messages[one]
            before = texts[message.before : message.before + message.before_size]
            yield self._walked_text(first + one, before)

    def _head(self, about: DescribedType, flags: int, big: bool, told: bool) -> int:
        ahead = "" if self.is_list or about.direction is None else self._ahead(about, told)
        alone = about, flags, big, told, ahead
        make = partial(self.heads.head, *alone)
        is_empty = about.direction is None  # a frame that has no message
        number = self.core.head(alone, (lambda: ODD_HEAD) if is_empty else make)
        if self.selection is not None:
            self.selection.observe(number, about, flags)
        return number

    def _interface(self, interface: Interface) -> bytes:
        """Return the text about the interface of a frame, empty in lists."""
        return b""

    def _turn_to(self, first: int) -> None:
        """Give the core further input on the items from `first` on, whose texts are made next."""

    def _ahead(self, about: DescribedType, told: bool) -> str:
        """Return the text before the bodies of messages, empty in lists."""
        return ""

    def _family(self, number: int, at: int) -> tuple[str | None, str | None]:
        place = at + self.sight.window.offset
        return self.names.name(GENL, number, place), self.names.name(POLICY, number, place)

    def _names(
        self,
        later: dict[tuple[str, int, str], list[tuple[int, str]]],
        start: int,
        end: int,
        what: int,
        number: int,
        space_number: int,
    ) -> list[tuple[int, str | None]]:
        """Return the names of a number, each with the offset in the window from which it holds.

        later   the name changes in the batch
        """
        kind, window = REFERRED[what - 1], self.sight.window
        space = numbered(self.sight.spaces)[space_number]
        before = self.names.name(kind, number, start - 1, space)
        late = self.names.dated_back(space, start, end + 1).get(number, []) if kind == INTERFACE else []
        changes = [*late, *later.get((kind, number, space), ())]
        if not changes:
            return [(0, escaped(before) if before else None)]
        begins = (bisect_left(window.starts, at - window.offset) for at, _ in changes)
        places = (window.starts[one] if one < len(window.starts) else len(window.buffer) for one in begins)
        found = [(0, before), *zip(places, (name for _, name in changes), strict=True)]
        return [(at, escaped(name) if name else None) for at, name in found]

    def _walked_text(self, index: int, before: bytes) -> bytes:
        """Return the text of an item from its decoded form; `before`: the columns of a list."""
        from .walked_messages import walked_text

        return walked_text(self, index, before)

    def moment(self, at: int, interface: Interface) -> int | None:
        """Return the time of a frame in nanoseconds since 1970, by its offset in the window; None if it has none."""
        window = self.sight.window
        if at in window.timeless:
            return None
        first, second, _, _ = PREFACES[window.byte_order].unpack_from(window.buffer, at - 16)
        return interface.time(first, second)

    def time(self, index: int) -> int | None:
        """Return the time of a frame of the window by its place, in nanoseconds since 1970; None if it has none."""
        frame = self.scanner.frames[index]
        if frame.marks & scanner.NO_TIME:
            return None
        return int(frame.time) if self.sight.timed else self.moment(frame.at, self.reader.interfaces[frame.source])

    def _times(self, sight: ScanWindow) -> list[bytes]:
        """Return the times of a window's frames as the list shows them."""
        window = sight.window
        owners = [0] * len(window.starts) if sight.frames.owners is None else sight.frames.owners
        interfaces = map(self.reader.interfaces.__getitem__, owners)
        pairs = zip(window.starts, interfaces, strict=True)
        return [self.clock.at(self.moment(at, one), one.decimals).encode() for at, one in pairs]

    def _keep(self, count: int) -> None:
        """Copy the requests that may be acknowledged later, before the window's buffer is used again."""
        found, copies = self.scanner.requests(count, SIZES.kept_requests)
        self.kept.add(copies, found, self.sight.window.offset, self.classifier.spaces)


ODD_HEAD = HeadStruct(odd=1)


def arrow(way: str | None) -> str:
    """Return the sign of a direction in UTF-8."""
    return ARROWS.get(way or "", UNKNOWN)[0]


def _quoted(value: Any) -> str:
    from ..json_text import encode_alone

    return encode_alone(value)


def _job(
    options: argparse.Namespace, wanted: RequestedFilter | None, library: str, cells: CellProgram | None = None
) -> NativeRead:
    if options.quiet:
        return NativeRead(options, wanted, library, LIST, around_line)
    module = import_module(f"{__package__}.{FORMATS[options.format].native}")
    job: NativeRead = module.native_read(options, wanted, library, cells)
    return job


def native_read(
    options: argparse.Namespace, wanted: RequestedFilter | None, library: str, cells: CellProgram | None
) -> NativeRead:
    """Return what reads a capture for the format `text`, see render/formats."""
    if options.tree:
        from .tree_job import NativeTreeRead

        return NativeTreeRead(options, wanted, library)
    return NativeRead(options, wanted, library, LIST, around_line)


def read(
    options: argparse.Namespace,
    wanted: RequestedFilter | None,
    library: str,
    live: bool,
    cells: CellProgram | None = None,
) -> tuple[int, str | None, int]:
    """Read one capture and print it.

    Return the number of selected frames, a sentence on where the file is cut, or None, and the number of hidden frames.

    cells   the fields of `-T fields` and `-T csv`
    """
    job = _job(options, wanted, library, cells)
    sys.stdout.flush()
    write: Callable[[bytes | memoryview], int] = sys.stdout.buffer.write
    begun = False
    bar = Progress(options.files[0], printing=not options.quiet)
    with bar as progress, contextlib.closing(job.pieces(progress)) as pieces:
        try:
            for piece in pieces:
                if piece and not begun:
                    piece = job.first_piece(piece)
                begun = begun or bool(piece)
                write(piece)
                if live:
                    sys.stdout.buffer.flush()
        finally:
            if not isinstance(sys.exception(), BrokenPipeError):
                write(job.end(begun))
    if job.done:
        return job.met, None, 0
    cut = job.reader.finish()
    job.reader.close()
    if job.reader.remark:
        sys.stdout.flush()
        print_notice(f"{job.reader.name}: {job.reader.remark}")
    return job.met, f"{job.reader.name}: {cut}" if cut else None, job.reader.hidden
