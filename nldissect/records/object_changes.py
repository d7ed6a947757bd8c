"""Changes of objects in one or several captures, and their causes: what `changes` and `state` share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import NamedTuple

from nldissect.analysis.causes.cause import Cause, CauseResolver, cause_of_change
from nldissect.analysis.objects.change import Change
from nldissect.analysis.objects.changes import Changes
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.columns.fields.derived import PLACES
from nldissect.stream.frames import FrameStream, StreamFrame


class CaptureMessage(NamedTuple):
    """A message of a capture, kept in the changes it makes (Change.about); `shown`: a filter chose it."""

    seen: StreamFrame
    place: int
    shown: bool = True

    def key(self) -> int:
        """Return the key of the message in its file."""
        return self.seen.record.number << PLACES | self.place


def changes_of_frame(found: Changes, seen: StreamFrame, shown: Collection[int] | None = None) -> Iterator[Change]:
    """Observe the messages of a frame; yield the changes that are complete by now.

    shown   places of the messages that a filter chose; None: all
    """
    where = seen.record.interface.space_or_name
    for place, walked in enumerate(seen.frame.messages, 1):
        about = CaptureMessage(seen, place, shown is None or place in shown)
        yield from found.meet(seen.number, place, seen.record.time, walked, where, about)


class ChangeCauses:
    """Causes of changes, their frames numbered as those of the merged captures.

    watch   context in which a capture is read again as a whole, which takes a while
    """

    def __init__(
        self,
        captures: list[FrameStream],
        watch: Callable[[WholeCapture], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._watch = watch
        self._several = len(captures) > 1
        self._numbers: dict[tuple[int, int], int] = {}  # by capture, and number of the frame in its file

    def observe(self, seen: StreamFrame) -> None:
        """Observe the next frame."""
        if self._several:
            self._numbers[id(seen.whole), seen.record.number] = seen.number

    def of(self, change: Change) -> Cause | None:
        """Return the cause of a change; None where it is not known."""
        about: CaptureMessage = change.about
        whole = about.seen.whole
        if whole is not None and not whole.grows(CauseResolver):
            with self._watch(whole):
                whole.live_result(CauseResolver)
        resolver = None if whole is None else whole.live_result(CauseResolver)
        cause = cause_of_change(change, CaptureMessage.key, resolver)
        if cause is None or not cause.frame or resolver is None:
            return cause
        return replace(cause, frame=self._numbers.get((id(whole), cause.frame), cause.frame))
