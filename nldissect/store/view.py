"""Views: messages of a capture, for programs; `nldissect.open` returns all of them, filters return some."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.filters import compile_filter
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.optional import library

from .header_columns import HeaderColumns

if TYPE_CHECKING:
    from scapy.packet import Packet

    from .capture import Capture

OfMessage = Callable[["Packet"], object]
HEADERS = (
    "frame.number", "message.number", "frame.time", "protocol", "direction", "nlmsg_len", "nlmsg_type", "nlmsg_flags",
    "nlmsg_seq", "nlmsg_pid",
)  # fmt: skip
"""Fields of tables if none is named."""


class View:
    """Messages in the order of the capture.

    They are selected on first use, and again after `Capture.refresh`.
    """

    def __init__(
        self, capture: Capture, base: View | None, tests: tuple[VectorFilter, ...] = (), part: slice | None = None
    ):
        self._capture, self._base, self._tests, self._part = capture, base, tests, part
        self._rows: Array | None = None
        self._version = -1

    def rows(self) -> Array:
        """Return their indices among the messages of the whole capture."""
        if self._rows is None or self._version != self._capture.version:
            self._version = self._capture.version
            self._rows = self._found()
        return self._rows

    def _found(self) -> Array:
        if self._base is None:
            return np.arange(self._capture.count)
        rows = self._base.rows()
        if self._part is not None:
            return rows[self._part]
        return rows[self._capture.mask(self._tests, rows)[rows]]

    def filter(self, text: str) -> View:
        """Return a view of the messages that pass a filter, like `cap.filter("IFLA_MTU > 1500 and not error")`.

        FilterError is raised at once if the filter is wrong.
        """
        tests = (VectorFilter(compile_filter(text).tree),)
        if self._tests and self._rows is None and self._base is not None:
            return View(self._capture, self._base, self._tests + tests)
        return View(self._capture, self, tests)

    def select(self, *fields: str, several: bool = False, numbers: bool = False) -> dict[str, Array]:
        """Return values of fields: a dict of arrays, one entry a message.

        Fields are named as in filters: `IFLA_MTU`, `ifi_index`, `nlmsg_type`, a path, `frame.time`, `error`, `summary`.

        numbers    masked arrays (`numpy.ma`) of int64 or uint64, masked where a message has no value
        text       arrays of str, None where there is no value: names of constants too, flags as "IFF_UP|IFF_LOOPBACK",
                   addresses, opaque bytes in hexadecimal; keys are masked
        times      datetime64[ns], in UTC, and timedelta64[ns]; NaT where there is none
        presence   bool, of attributes without value

        numbers=True   constants and flags as numbers
        several=True   a list of all values for each message; otherwise the first one

        >>> import nldissect
        >>> cap = nldissect.open("captures/vlan_add.pcap")
        >>> table = cap.filter("IFLA_INFO_KIND")[:3].select("IFLA_IFNAME", "IFLA_MTU", "IFLA_VLAN_ID")
        >>> table["IFLA_IFNAME"].tolist(), table["IFLA_MTU"].tolist(), table["IFLA_VLAN_ID"].tolist()
        (['d0', 'v10', 'd0'], [1500, None, 1500], [None, 10, None])
        """
        found = self._capture.gather(fields, self.rows(), numbers)
        return {one.series.name: one.lists() if several else one.array() for one in found}

    def to_arrow(self, *fields: str, several: bool = False, numbers: bool = False) -> Any:
        """Return the same as a pyarrow.Table with nulls; without fields, the columns of the header. Needs pyarrow."""
        from .arrow import arrow_column

        pyarrow = library("pyarrow")
        found = self._capture.gather(fields or HEADERS, self.rows(), numbers)
        return pyarrow.table({one.series.name: arrow_column(one, several) for one in found})

    def to_pandas(self, *fields: str, several: bool = False, numbers: bool = False) -> Any:
        """Return the same as a pandas.DataFrame; numbers are Int64 or UInt64, which have NA. Needs pandas."""
        pandas = library("pandas")
        found = self._capture.gather(fields or HEADERS, self.rows(), numbers)
        return pandas.DataFrame({one.series.name: one.lists() if several else one.pandas() for one in found})

    @property
    def columns(self) -> HeaderColumns:
        """Header columns of the index by name (HeaderColumns): `cap.columns["time"]`. No file is read for them."""
        return self._capture.header(self.rows())

    def frame(self, number: int) -> Packet:
        """Return a whole frame by its number as shown: a Scapy packet (`nlmon`)."""
        return self._capture.packet(number)

    def __len__(self) -> int:
        return len(self.rows())

    def __bool__(self) -> bool:
        return len(self) > 0

    @overload
    def __getitem__(self, index: int) -> Packet: ...
    @overload
    def __getitem__(self, index: slice) -> View: ...
    def __getitem__(self, index: int | slice) -> Packet | View:
        """Return a message as a Scapy packet (`nlmsghdr`), or several as a view."""
        if isinstance(index, slice):
            return View(self._capture, self, part=index)
        rows = self.rows()
        if not -len(rows) <= index < len(rows):
            raise IndexError(f"message {index} of {len(rows)}")
        return self._capture.message(int(rows[index]))

    def __iter__(self) -> Iterator[Packet]:
        for row in self.rows().tolist():
            yield self._capture.message(row)

    def summary(self, prn: OfMessage | None = None, lfilter: OfMessage | None = None) -> None:
        """Print a line a message, as Scapy's lists of packets do.

        prn       returns the line of a message (default: its own summary)
        lfilter   returns whether to print a message
        """
        for message in self:
            if lfilter is None or lfilter(message):
                print(message.summary() if prn is None else prn(message))

    def nsummary(self, prn: OfMessage | None = None, lfilter: OfMessage | None = None) -> None:
        """Print the same with the index of each message before its line: number n is `self[n]`."""
        for index, message in enumerate(self):
            if lfilter is None or lfilter(message):
                print(f"{index:04} {message.summary() if prn is None else prn(message)}")

    def show(self, prn: OfMessage | None = None, lfilter: OfMessage | None = None) -> None:
        """Print the same as nsummary, as in Scapy."""
        self.nsummary(prn, lfilter)

    def __repr__(self) -> str:
        return f"<{len(self)} of {self._capture!r}>"
