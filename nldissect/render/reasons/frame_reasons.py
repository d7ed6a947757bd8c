"""Reasons of the refusals in frames: from the whole capture if it can be read twice, else from the frames before."""

from __future__ import annotations

from nldissect.analysis.objects.observed_message import ObservedMessage
from nldissect.analysis.refusals.explainer import StreamReasons
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.columns.fields.derived import PLACES
from nldissect.stream.frames import StreamFrame
from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest, ack_of
from nldissect.wire.semantics.refusals import refusal_rules

from .reason_text import reason_line


class FrameReasons:
    """Reasons of refusals, frame by frame; `several`: frames of several captures, numbered as they come."""

    def __init__(self, several: bool) -> None:
        self._several = several
        self._stream: StreamReasons | None = None
        self._whole: WholeCapture | None = None

    def texts(self, seen: StreamFrame) -> dict[int, str]:
        """Observe the next frame; return the reasons of the refusals in it, as lines, by their place."""
        if self._stream is None and self._whole is None:
            self._whole = seen.whole if not self._several and seen.whole is not None and seen.whole.again else None
            self._stream = StreamReasons() if self._whole is None else None
        found = {}
        for place, (walked, asked) in enumerate(zip(seen.frame.messages, seen.prior, strict=True), 1):
            if self._stream is not None:
                where = seen.record.interface.space_or_name
                message = ObservedMessage(seen.number, place, seen.record.time, walked, where)
                found[place] = reason_line(self._stream.meet(message, asked))
            elif self._whole is not None:
                found[place] = known_reason(self._whole, walked, asked, seen.record.number, place)
        return found


def known_reason(
    whole: WholeCapture, walked: DecodedMessage, asked: PriorRequest | None, frame: int, place: int
) -> str:
    """Return the reason of a refusal as a line, empty where none is known, or for another message.

    whole          its capture, which can be read twice
    asked          the request that it refuses
    frame, place   of the refusal, as its file counts
    """
    ack = ack_of(walked)
    if asked is None or ack is None or not ack.error or not refusal_rules(asked.request, -ack.error):
        return ""
    from nldissect.analysis.refusals.capture_reasons import RefusalReasons

    reasons = whole.live_result(RefusalReasons)
    return reason_line(None if reasons is None else reasons.of_key(frame << PLACES | place))
