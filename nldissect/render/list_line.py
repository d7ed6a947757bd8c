"""Lines of the list, one a message; columns are aligned, and become wider with a long name."""

from __future__ import annotations

from collections.abc import Iterable

from nldissect.capfile.comments import losses
from nldissect.escapes import escaped
from nldissect.terminal.colors import Piece
from nldissect.wire import DecodedFrame
from nldissect.wire.decode.acks import PriorRequest, ack_of
from nldissect.wire.decode.nodes import DecodedMessage

from .list_columns import ARROWS, ROLES, UNKNOWN, WIDEST, WIDTHS, protocol_shown, type_shown
from .names import message_name
from .summaries.summary import summary_of


class ListFormatter:
    """A formatter of lines for one stream; it remembers how wide its columns have become.

    unicode   the stream takes arrows
    """

    def __init__(self, unicode: bool = True) -> None:
        self.unicode = unicode
        self.widths = dict(WIDTHS)

    @property
    def indent(self) -> int:
        """Column where a long line continues: under the summary, or under the type if that is too far right."""
        widths = self.widths
        place = widths["number"] + widths["time"] + widths["protocol"] + 5 + (not self.unicode)
        return place + widths["type"] + 1 if place + widths["type"] < 40 else place

    def pieces(self, number: int, time: str, walked: DecodedMessage, asked: PriorRequest | None) -> list[Piece]:
        """Return the line of one message as styled text."""
        return self.columns(number, time, walked.direction, walked.protocol, message_name(walked)) + list_text(
            walked, asked
        )

    def columns(self, number: int, time: str, way: str | None, protocol: int, name: str) -> list[Piece]:
        """Return the columns before the summary."""
        direction = ROLES.get(way or "", "")
        return [
            ("dim", f"{self._fit('number', number, '>')} {self._fit('time', time, '>')} "),
            (direction, f"{self.arrow(way)} "),
            ("", self._fit("protocol", protocol_shown(protocol), "<") + " "),
            (direction, self._fit("type", type_shown(name), "<") + " "),
        ]

    def arrow(self, way: str | None) -> str:
        """Return the sign of a direction."""
        return ARROWS.get(way or "", UNKNOWN)[not self.unicode]

    def empty(
        self, number: int, time: str, frame: DecodedFrame, wire_length: int, comments: Iterable[str] = ()
    ) -> list[Piece]:
        """Return the line of a frame that holds no message: its sender or a snap length left no room for one."""
        protocol = protocol_shown(frame.protocol)
        start, end = frame.trailing
        size = end - start if frame.protocol >= 0 else len(frame.data)
        text = f"{size} byte{'s' * (size != 1)}, too short for a message" if size else "no message"
        if len(frame.data) < wire_length:
            text = f"[cut, {len(frame.data)} of {wire_length} bytes with the cooked header]"
        text += "".join(f" [error: {loss}]" for _, loss in losses(comments))
        return [
            ("dim", f"{self._fit('number', number, '>')} {self._fit('time', time, '>')} "),
            ("", f"{UNKNOWN[not self.unicode]} "),
            ("", self._fit("protocol", protocol if frame.protocol >= 0 else "-", "<") + " "),
            ("warning", self._fit("type", "-", "<") + f" {text}"),
        ]

    def _fit(self, column: str, value: object, side: str) -> str:
        text = str(value)
        width = self.widths[column] = max(self.widths[column], min(len(text), WIDEST))
        return f"{text:{side}{width}}"


def list_text(walked: DecodedMessage, asked: PriorRequest | None) -> list[Piece]:
    """Return the text after the columns: the summary and remarks."""
    pieces = [(_role(walked), summary_of(walked, asked))]
    for role, text in remarks_on(walked):
        pieces.append((role, f"{' ' if pieces[-1][1] else ''}[{text}]"))
    return pieces


def _role(walked: DecodedMessage) -> str:
    ack = ack_of(walked)
    if ack is None:
        return ""
    if ack.error < 0:
        return "error"
    return "warning" if walked.find("NLMSGERR_ATTR_MSG") else "dim"


def remarks_on(walked: DecodedMessage) -> list[Piece]:
    """Return remarks on a message: that it is cut, and the first of its warnings."""
    remarks = []
    own, frame = walked.lacks
    cuts = [f"cut, {walked.length - own} of {walked.length} bytes"] if own else []
    cuts += [f"{frame} bytes of the frame were not captured"] if frame else []
    if cuts:
        remarks.append(("dim", "; ".join(cuts)))
    warnings = [note for note in walked.notes if note.severity != "note"]
    if warnings:
        more = f", {len(warnings) - 1} more" if len(warnings) > 1 else ""
        remarks.append(("warning", f"{warnings[0].severity}: {escaped(warnings[0].text)}{more}"))
    return remarks
