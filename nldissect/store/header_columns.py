"""Columns of a kept index for analysts, with names and times, made on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.columns.blocks.message_type import MessageType
from nldissect.wire import NETLINK

from .kept_index import TRAILING, Table


class HeaderColumns(Mapping[str, Array]):
    """Header columns by name, as `columns["time"]`: arrays with one entry per message, made without reading the file.

    frame, message      number of the frame, and of the message in it, as shown
    capture             the file, by the name it was opened with
    time, interface     of the frame; NaT and None where it has none
    protocol            NETLINK_ROUTE ..., or its number as text
    direction           "to kernel", "to user", "notification", "user to user"
    nlmsg_len ... nlmsg_pid   as in the header, nlmsg_flags as a number; masked for a payload without nlmsghdr
    family, command     of a generic message, as far as they are known; else None
    ifindex             the interface in its fixed header; masked where there is none
    captured            captured bytes of it: fewer than nlmsg_len if it is cut
    malformed           nlmsg_len runs past the frame's end
    trailing            bytes that are no message follow the last message of its frame
    """

    def __init__(
        self, frames: Table, messages: Table, rows: Array, meanings: Sequence[MessageType], names: list[str],
        interfaces: list[list[str | None]],
    ) -> None:  # fmt: skip
        self._frames, self._messages, self._rows = frames, messages, rows
        self._meanings, self._names, self._interfaces = meanings, names, interfaces

    def __getitem__(self, name: str) -> Array:
        return _COLUMNS[name](self)

    def __iter__(self) -> Iterator[str]:
        return iter(_COLUMNS)

    def __len__(self) -> int:
        return len(_COLUMNS)

    def __repr__(self) -> str:
        return f"<columns of {len(self._rows)} messages: {', '.join(self)}>"

    def message(self, name: str) -> Array:
        """Return a kept column of messages."""
        return self._messages[name][self._rows]

    def frame(self, name: str) -> Array:
        """Return a kept column of frames, with one entry per message."""
        return self._frames[name][self.message("frame")]

    def told(self, tell: Callable[[MessageType], object], dtype: type = object) -> Array:
        """Return the result of `tell` for the type of each message."""
        return np.array([*map(tell, self._meanings), None], dtype)[self.message("meaning")]

    @property
    def bare(self) -> Array:
        """Mask of messages without nlmsghdr."""
        return self.told(lambda one: one.skip == 0, bool)

    def masked(self, values: Array) -> Array:
        """Return values masked where there is no nlmsghdr."""
        return np.ma.MaskedArray(values.astype(np.int64), self.bare)

    def places(self) -> Array:
        """Return the number of each message in its frame, from 1."""
        frame = self._messages["frame"]
        return (np.arange(len(frame)) - frame.searchsorted(frame) + 1)[self._rows]

    def files(self) -> Array:
        """Return the number of each message's file."""
        return self.frame("file") if "file" in self._frames else np.zeros(len(self._rows), np.int64)

    def interfaces(self) -> Array:
        """Return the name of the interface each message was captured on, None if unnamed."""
        out: Array = np.full(len(self._rows), None)
        files, numbers = self.files(), self.frame("interface")
        for number, names in enumerate(self._interfaces):
            mine = files == number
            out[mine] = np.array([*names, None], object)[numbers[mine]]
        return out

    def times(self) -> Array:
        """Return the times of frames, datetime64[ns]; NO_TIME is NumPy's NaT."""
        return self.frame("time").view("datetime64[ns]")

    def captured(self) -> Array:
        """Return the number of captured bytes of each message."""
        there = self.frame("captured").astype(np.int64) - self.message("at")
        return np.where(self.bare, there, np.minimum(there, self.message("length")))

    def malformed(self) -> Array:
        """Return a mask of messages with a length beyond what was sent."""
        end = self.message("at").astype(np.int64) + self.message("length")
        found: Array = (end > self.frame("wire")) & ~self.bare
        return found


def _command(meaning: MessageType) -> str | None:
    if meaning.command is None:
        return None
    return meaning.command_name or str(meaning.command)


_COLUMNS: dict[str, Callable[[HeaderColumns], Array]] = {
    "frame": lambda header: header.frame("number").astype(np.int64),
    "message": HeaderColumns.places,
    "capture": lambda header: np.array([*header._names, None], object)[header.files()],
    "time": HeaderColumns.times,
    "interface": HeaderColumns.interfaces,
    "protocol": lambda header: header.told(lambda one: NETLINK.names.get(one.protocol, str(one.protocol))),
    "direction": lambda header: header.told(lambda one: one.direction),
    "nlmsg_len": lambda header: header.masked(header.message("length")),
    "nlmsg_type": lambda header: header.told(lambda one: one.type_name if one.skip else None),
    "nlmsg_flags": lambda header: header.masked(header.message("flags")),
    "nlmsg_seq": lambda header: header.masked(header.message("seq")),
    "nlmsg_pid": lambda header: header.masked(header.message("pid")),
    "family": lambda header: header.told(lambda one: one.family if one.command is not None else None),
    "command": lambda header: header.told(_command),
    "ifindex": lambda header: np.ma.masked_equal(header.message("ifindex").astype(np.int64), 0),
    "captured": HeaderColumns.captured,
    "malformed": HeaderColumns.malformed,
    "trailing": lambda header: (header.frame("marks") & TRAILING) != 0,
}
