"""Configuration of a capture: sources, filters, files and limits, in one value that the capture process is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from nldissect.capfile import is_pcapng_name

from .output_files import UNLIMITED, Limits, checked
from .source import EVERYTHING

MADE = "nlmon"
"""Name of the interface that is made where no interface has this name."""
ROOM = 1 << 30
"""Bytes that the private files of a capture without `write` may take."""
SEGMENTS = 4
"""Number of private files, each of which is full before the next begins."""


@dataclass(frozen=True, kw_only=True)
class CaptureConfig:
    """The sources, filters, limits and files of a capture.

    interfaces     nlmon devices; "nlmon" makes one if none has this name, which is removed afterwards. Without any,
                   one is made, unless there are groups
    groups         multicast groups to listen to, as in `sockets.listen_groups.listening("route/link,uevent").groups`
    all_nsid       listen to them also in all namespaces that have an id in ours
    netns          namespaces to capture in, all sources in each: names of `ip netns`, pids, paths; none: ours
    filter         libpcap's text, for the kernel
    frames_filter  the filter for frames with a cooked header, by which messages of groups are tested (the kernel's
                   `len` does not count that header); None: `filter`
    snaplen        bytes of a frame that are kept
    buffer_mib     size of the kernel's buffer in MiB
    ask_families   begin each file with the table of generic netlink families
    extack         add the texts of the tracepoint netlink_extack to the refusals they explain
    processes      watch which processes hold netlink sockets, and write that into the file if it is pcapng
    write          the file; "-" is standard output; None: private files, removed at the end
    count          frames after which the capture ends
    stop           time and size after which it ends
    ring           time and size after which one file is left for the next
    room           bytes that private files may take: after that the oldest is removed
    user           user that the capture becomes once it is open, and who owns the files
    application    the program that a pcapng file names as its writer
    """

    interfaces: Sequence[str] = ()
    groups: Sequence[tuple[int, int, str, bool]] = ()
    all_nsid: bool = False
    netns: Sequence[str] = ()
    filter: str | None = None
    frames_filter: str | None = None
    snaplen: int = EVERYTHING
    buffer_mib: int = 64
    ask_families: bool = True
    extack: bool = False
    processes: bool = False
    write: str | None = None
    count: int | None = None
    stop: Limits = UNLIMITED
    ring: Limits = UNLIMITED
    room: int = ROOM
    user: str | None = None
    application: str = "nldissect"

    def completed(self) -> Self:
        """Return the configuration with the values that follow from others; CaptureError if limits don't combine."""
        stop, ring = checked(self.write, self.stop, self.ring)
        return replace(
            self,
            interfaces=tuple(dict.fromkeys(self.interfaces)) or (() if self.groups else (MADE,)),
            netns=tuple(dict.fromkeys(self.netns)),
            frames_filter=self.filter if self.frames_filter is None else self.frames_filter,
            stop=stop,
            ring=ring if self.write is not None else Limits(filesize=self.room // SEGMENTS, files=SEGMENTS),
        )

    @property
    def watches_processes(self) -> bool:
        """True if processes are watched: the results are written as comments, which pcap does not have."""
        return self.processes and (self.write is None or is_pcapng_name(self.write))
