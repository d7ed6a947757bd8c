"""Windows of requests: the rows of a capture between which the kernel handled a request that changes something.

The kernel handles a request inside its sender's send() (netlink_unicast_kernel, net/netlink/af_netlink.c), and nlmon
shows the request before, the acknowledgement after: what the kernel tells of it stands between. Requests of one
datagram are handled one after another, each after the acknowledgement of the one before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nldissect.columns.blocks.buffer import Array
from nldissect.request_tracker import GET

from ..exchanges.ledger import ACK, END, PLACES, REQUEST, Table
from ..exchanges.pairs import Pairs

BRIEF = 1_000_000
"""Nanoseconds in which the kernel is taken to handle a request that asks for no acknowledgement."""


class RequestWindows(NamedTuple):
    """Windows of requests that change something; arrays with one entry per request, ascending by `row`.

    row      int64, row of the request in the ledger
    start    int64, row before the first one in the window
    stop     int64, row after the last one in the window
    """

    row: Array
    start: Array
    stop: Array


def request_windows(table: Table, pairs: Pairs, dump: Array) -> RequestWindows:
    """Return the windows of all requests that are neither for something nor for all of it.

    dump   bool, one per row: asks for all objects of a kind
    """
    role = table["role"]
    changing = (role == REQUEST) & (table["verb"] != GET) & ~dump
    rows = changing.nonzero()[0]
    ends = (((role == ACK) | (role == END)) & (pairs.request >= 0)).nonzero()[0]
    stop = np.full(len(role) + 1, -1, np.int64)
    stop[pairs.request[ends]] = ends  # ascending: the last one stays
    stop = stop[rows]
    acked = stop >= 0
    stop = np.where(acked, stop, _brief_ends(table, rows))
    start = _starts(table["key"][rows] >> PLACES, rows, np.where(acked, stop, rows))
    return RequestWindows(rows, start, stop)


def _starts(frames: Array, rows: Array, stop: Array) -> Array:
    """Return the starts of windows: within a datagram the end of the window before."""
    start = rows.astype(np.int64)
    together = (frames[1:] == frames[:-1]).nonzero()[0] + 1
    for place in together.tolist():
        start[place] = max(start[place], stop[place - 1], start[place - 1])
    return start


def _brief_ends(table: Table, rows: Array) -> Array:
    """Return for each request the row of the next request of its port space, or the first row that is not near."""
    role, time = table["role"], table["time"]
    count = len(role)
    asked = (role == REQUEST).nonzero()[0]
    spaces = table["port_space"][asked]
    order = np.lexsort((asked, spaces))
    following = np.full(count + 1, count, np.int64)
    mine, that = asked[order][:-1], asked[order][1:]
    same = spaces[order][:-1] == spaces[order][1:]
    following[mine[same]] = that[same]
    latest = np.maximum.accumulate(time) if count else time
    late = latest.searchsorted(time[rows] + BRIEF, side="right")
    found: Array = np.minimum(following[rows], late)
    return found
