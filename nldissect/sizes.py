"""Sizes: how much is taken at a time, how much is kept, and from which size on another way pays.

Every module reads them from SIZES when it begins a file, a window or a step, so that they may be set at any time.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Sizes:
    """Sizes that the program works with; their defaults suit captures of any length on the computers of today."""

    window: int = 1 << 20
    """Bytes of a capture read at a time, where the reader asks for no other number."""
    native_window: int = 3 << 18
    """Bytes read at a time where the native core prints a capture."""
    render_window: int = 3 << 18
    """Bytes read at a time for rendering block by block: the texts of all messages in them have to fit into memory."""
    extract_window: int = 1 << 20
    """Bytes read at a time where `read` works by the block engine; the first tells how large the others become."""
    extract_messages: int = 10_000
    """Messages up to which those windows grow: each costs memory in every process, few in a window cost time."""
    row_range: int = 1 << 20
    """Bytes of a row range of a kept capture, about: as many as are read at a time."""

    numpy_from: int = 256 << 10
    """Bytes of a file from which loading NumPy pays: the block engine then does what the native core leaves."""
    second_process_from: int = 4 << 20
    """Bytes of a file from which a second process is worth its start."""
    second_core_from: int = 1 << 17
    """Bytes of messages from which it pays to start a thread with a second native core."""
    messages_per_question: int = 64
    """Messages for each text that the first core asks for, at least, to use the second: Python makes the answers."""
    processors: int | None = None
    """Processors that work is shared between; None: those that this process may use."""

    lookahead_window: int = 1 << 20
    """Bytes read at a time where the native core searches a capture for names."""
    lookahead_bytes: int = 1 << 30
    """Bytes of a file that are searched for names at most: some 4 seconds."""
    lookahead_by_frame: int = 1 << 20
    """Bytes of a file up to which it is searched frame by frame: that is done before NumPy has started."""
    few_nests: int = 12
    """Nests that are split one by one: a common step for all costs as much as one step for each of this many."""

    kept_names: int = 1 << 18
    """Names kept of one capture, about 200 bytes each."""
    kept_requests: int = 1024
    """Requests remembered of a network namespace: a reader of single frames keeps them decoded, 20 KB each at most."""
    merged_numbers: int = 8192
    """Frame numbers of merged captures that are kept at most, besides those of remembered requests."""
    pcapng_interfaces: int = 0xFFFF
    """Interfaces in a pcapng file, at most: readers number them in 16 bits."""
    group_message: int = 1 << 18
    """Bytes taken of a message to a multicast group, the longest that libpcap's ring holds; longer ones are cut."""
    export_group: int = 8 << 20
    """Bytes in memory at which the rows of an exported table are written as a group."""

    sort_step: int = 256
    """Messages that the viewer decodes one by one in a step of sorting: other work has its turn between steps."""
    search_step: int = 2048
    """Messages that the viewer searches in a step."""
    search_report: float = 0.5
    """Seconds between reports of a search's progress."""
    filter_distance: int = 1 << 13
    """Messages by which the list's position must move before the ranges left to filter are ordered anew."""
    table_report: float = 0.2
    """Seconds between displays of an incomplete table of statistics."""
    bar_patience: float = 2.0
    """Seconds that work takes before it gets a progress bar: who waits less need not see one."""
    bar_pause: float = 0.1
    """Seconds between displays of a progress bar."""


SIZES = Sizes()
"""The sizes in use."""
