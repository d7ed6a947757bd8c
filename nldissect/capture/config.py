"""What a capture is asked to do: sources, filters, files, limits, in one value that the capture process is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from nldissect.capfile import is_pcapng_name

from .output_files import UNLIMITED, Limits, checked
from .source import EVERYTHING

MADE = "nlmon"
"""The interface that is made where none has this name."""
ROOM = 1 << 30
"""Bytes that the private files of a capture without `write` may take."""
SEGMENTS = 4
"""Private files, each full before the next begins."""


@dataclass(frozen=True, kw_only=True)
class CaptureConfig:
    """What to capture, where from, until when and into what.

    interfaces     nlmon devices; "nlmon" makes one if none is called so, which is gone afterwards. Without any, one is
                   made, unless there are groups
    groups         multicast groups to listen to, as `sockets.listen_groups.listening("route/link,uevent").groups` has
                   them
    all_nsid       listen to them in all namespaces that have an id in ours as well
    netns          namespaces to capture in, all sources in each: names of `ip netns`, pids, paths; none: ours
    filter         libpcap's text, for the kernel
    frames_filter  the same for frames with a cooked header, which groups are asked by (the kernel's `len` is that
                   without it); None: `filter`
    snaplen        bytes of a frame that are kept
    buffer_mib     size of the kernel's buffer in MiB
    ask_families   begin each file with the table of generic netlink families
    extack         put the words of the tracepoint netlink_extack on the refusals they are about
    processes      watch who holds netlink sockets, and put that into the file where it has a place for it (pcapng)
    write          the file; "-" is standard output; None: private files, removed at the end
    count          frames after which the capture ends
    stop           time and size after which it ends
    ring           time and size after which one file is left for the next
    room           bytes that private files may take: then the oldest goes
    user           user that the capture becomes once it is open, and whose the files are
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
        """Return it with everything filled in that follows from the rest; CaptureError if limits do not go together."""
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
        """Whether processes are watched: what is seen of them stands in comments, which pcap has not."""
        return self.processes and (self.write is None or is_pcapng_name(self.write))
