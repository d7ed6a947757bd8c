"""Records of captures: their changes of objects, the objects that existed at a moment, exchanges, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nldissect.analysis.causes.cause import Cause
from nldissect.analysis.notes.message_notes import notes_in
from nldissect.analysis.objects.change import INFERRED, THERE, UNCHANGED, Change, called, name_of
from nldissect.analysis.objects.changes import Changes
from nldissect.analysis.objects.identity import Key
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.merged_blocks import merged_blocks
from nldissect.render.json_objects import value_of
from nldissect.render.origins.frame_source import netns_names
from nldissect.render.summaries.summary import summary_of
from nldissect.stream.frames import FrameStream, merged
from nldissect.wire import Node

from .exchange_records import exchange_records
from .model import ChangedObjectRecord, ChangeRecord, ExchangeRecord, NoteRecord, ObjectRecord, RequestCause
from .moment import EndOfState
from .object_changes import CaptureMessage, ChangeCauses, changes_of_frame


class CaptureRecords:
    """The records of one or several files, merged by time; each call reads them again.

    Values that are keys are left out, as everywhere. NldissectError if a file can't be read twice.
    """

    def __init__(self, paths: Sequence[str], names: Sequence[str], families: dict[int, str], order: str | None) -> None:
        self._paths, self._names, self._families, self._order = paths, names, families, order

    def _followed(
        self, found: Changes, causes: ChangeCauses, end: EndOfState, captures: list[FrameStream]
    ) -> Iterator[Change]:
        """Yield the changes up to a moment."""
        first = None
        for seen in merged(captures):
            first = seen.record.time if first is None else first
            if end.is_over(seen, first):
                break
            causes.observe(seen)
            yield from changes_of_frame(found, seen)
        yield from found.finish()

    def _captures(self) -> list[FrameStream]:
        return [FrameStream(path, dict(self._families), self._order) for path in self._paths]

    def changes(self, since: int, until: int | None) -> Iterator[ChangeRecord]:
        """Yield the changes after frame `since` up to frame `until`."""
        captures = self._captures()
        found, causes = Changes(), ChangeCauses(captures)
        for change in self._followed(found, causes, EndOfState(frame=until), captures):
            if change.what not in (THERE, UNCHANGED) and change.frame > since:
                yield _change_record(change, causes.of(change))

    def objects(self) -> Iterator[ChangedObjectRecord]:
        """Yield the objects that changed, in the order of their first changes, each with all its changes.

        An object of one file is never that of another: files may come from different hosts.
        """
        captures = self._captures()
        causes = ChangeCauses(captures)
        found = [Changes() for _ in captures]
        places = {id(capture.whole): place for place, capture in enumerate(captures)}
        rows: dict[tuple[int, Key], list[ChangeRecord]] = {}
        for seen in merged(captures):
            causes.observe(seen)
            place = places[id(seen.whole)]
            _keep(rows, place, changes_of_frame(found[place], seen), causes)
        for place, one in enumerate(found):
            _keep(rows, place, one.finish(), causes)
        several = len(captures) > 1
        for (place, _), some in sorted(rows.items(), key=lambda row: (row[1][0].frame, row[1][0].message)):
            file = self._names[place] if several else None
            yield ChangedObjectRecord(some[0].netns, file, some[0].object, some[0].name, tuple(some))

    def exchanges(self) -> list[ExchangeRecord]:
        """Return the exchanges in order of their beginnings."""
        return exchange_records(self._readers(), self._names)

    def notes(self) -> list[NoteRecord]:
        """Return the notes on messages in the order of these; none on what the captures themselves sent."""
        readers, rows = self._readers(), list[NoteRecord]()
        for place, block in merged_blocks(readers):
            file = self._names[place] if len(readers) > 1 else None
            for about, note in notes_in(block, (~block.hidden_messages()).nonzero()[0].tolist()):
                rows.append(NoteRecord(file, about.number, about.place, about.record.time, *note))
        for reader in readers:
            reader.finish()
        return sorted(rows, key=lambda row: (row.frame, row.message))

    def _readers(self) -> list[BlockReader]:
        return [BlockReader(path, dict(self._families), self._order) for path in self._paths]

    def state(self, end: EndOfState) -> Iterator[ObjectRecord]:
        """Yield the objects that existed at a moment."""
        captures = self._captures()
        found, causes = Changes(), ChangeCauses(captures)
        for _ in self._followed(found, causes, end, captures):
            pass
        spaces = netns_names(one for capture in captures for one in capture.reader.interfaces)
        for one in found.kept().values():
            space = spaces.get(one.key[0])
            cause = None if one.change is None else _cause(causes.of(one.change))
            yield ObjectRecord(
                space,
                one.thing.name,
                name_of(one.thing, one.walked),
                0 if one.change is None else one.change.frame,
                INFERRED if one.change is None else one.change.known,
                cause,
                {path: _value(node) for path, node in one.leaves.items()},
                summary_of(one.walked),
            )


def _keep(
    rows: dict[tuple[int, Key], list[ChangeRecord]], place: int, changes: Iterator[Change], causes: ChangeCauses
) -> None:
    """Add the changes of a file's objects to their rows, by the file's place."""
    for change in changes:
        if change.what not in (THERE, UNCHANGED):
            rows.setdefault((place, change.key), []).append(_change_record(change, causes.of(change)))


def _change_record(change: Change, cause: Cause | None) -> ChangeRecord:
    about: CaptureMessage = change.about
    interface = about.seen.record.interface
    return ChangeRecord(
        change.frame,
        change.place,
        change.time,
        interface.netns or interface.name,
        change.thing.name,
        called(change),
        change.what,
        change.known,
        {one.path: (_value(one.old), _value(one.new)) for one in change.differences},
        _cause(cause),
        change.copies,
        summary_of(change.walked),
    )


def _value(node: Node | None) -> Any:
    return None if node is None else value_of(node, secrets=False)


def _cause(cause: Cause | None) -> RequestCause | None:
    if cause is None:
        return None
    place = cause.frame or None, cause.message or None
    return RequestCause(cause.process.name, cause.process.pid, *place, cause.confidence, cause.kernel)
