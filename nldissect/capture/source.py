"""Sources of frames; frames from libpcap, through pcapy-ng."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nldissect.capfile import NETLINK
from nldissect.capfile.comments import format_comment
from nldissect.errors import CaptureError

from .host_checks import SUDO, ambient_line

BLOCK_MS = 25  # milliseconds after which the kernel hands over a block that is not full
BATCH = 1000
MIB = 1 << 20
MICROSECONDS = 6  # decimals of pcapy-ng's times
EVERYTHING = 262144  # the longest that libpcap's ring holds

# pcap_activate(3PCAP)
PCAP_ERROR_NO_SUCH_DEVICE, PCAP_ERROR_PERM_DENIED, PCAP_ERROR_IFACE_NOT_UP = -5, -8, -9


@dataclass(frozen=True)
class Origin:
    """The description of a source of frames in a file.

    name          of the device, or of the protocol whose groups are listened to
    description   in words
    netns         the network namespace as the user named it, None for our own; and its inode, 0 if unknown
    filter        in libpcap's syntax
    decimals      of a second, in its times
    """

    name: str = ""
    description: str = ""
    netns: str | None = None
    inode: int = 0
    snaplen: int = EVERYTHING
    filter: str | None = None
    decimals: int = MICROSECONDS

    @property
    def full_name(self) -> str:
        """Name that differs from those of the same sources in other namespaces."""
        return self.name if self.netns is None else f"{self.name}@{self.netns.removeprefix('/run/netns/')}"


class OnFrame(Protocol):
    """A function that takes a frame: nanoseconds, length on the wire, bytes; index of the source's origin, comments."""

    def __call__(
        self, stamp: int, wire: int, data: bytes, origin: int = 0, comments: Sequence[str] = (), /
    ) -> None: ...


class FrameSource(Protocol):
    """A source of frames for the capture loop; the tests have one without a device.

    origins   the first is there from the start, others may come with frames
    late      nanoseconds that a frame may be on its way to us
    """

    @property
    def origins(self) -> Sequence[Origin]: ...

    @property
    def late(self) -> int: ...

    def fileno(self) -> int: ...

    def read(self, take: OnFrame) -> int:
        """Hand over the frames that are there, at most BATCH; return their number."""

    def counts(self) -> tuple[int, int]:
        """Return the frames that passed the filter, and those of them that the kernel dropped for want of room."""

    def close(self) -> None: ...


class PcapSource:
    """A device opened with libpcap: its ring is the kernel's, so nothing is lost while we write."""

    late = 2 * BLOCK_MS * 1_000_000

    def __init__(
        self, device: str, snaplen: int, buffer_mib: int, capture_filter: str | None, netns: str | None = None
    ) -> None:
        try:
            import pcapy
        except ImportError as error:
            raise CaptureError(f"capturing needs pcapy-ng ({error}); run `pip install pcapy-ng`") from None
        self.origins = [Origin(device, "", netns, network_inode(), snaplen, capture_filter)]
        self._device = device
        self._error: type[Exception] = pcapy.PcapError
        handle: Any = pcapy.create(device)
        handle.set_snaplen(snaplen)
        handle.set_buffer_size(buffer_mib * MIB)
        handle.set_timeout(BLOCK_MS)
        status = handle.activate()
        if status < 0:
            raise self._refused(pcapy, status)
        if handle.datalink() != NETLINK:
            raise CaptureError(f"{device} gives link type {handle.datalink()}, not netlink; name an nlmon device")
        handle.setnonblock(1)
        if capture_filter:
            try:
                handle.setfilter(capture_filter)
            except pcapy.PcapError as error:
                raise bad_filter(capture_filter, error) from None
        self._handle = handle
        self._lost = self._told = 0  # dropped frames: to be reported with the next one, reported

    def _refused(self, pcapy: Any, status: int) -> CaptureError:
        if status == PCAP_ERROR_PERM_DENIED:
            return CaptureError(f"reading {self._device} needs CAP_NET_RAW; {SUDO}, or `{ambient_line()}`")
        if status == PCAP_ERROR_IFACE_NOT_UP:
            return CaptureError(f"{self._device} is down; run `ip link set {self._device} up` first")
        if status == PCAP_ERROR_NO_SUCH_DEVICE:
            return CaptureError(f"no interface {self._device} here; leave out -i and one is made for you")
        try:
            pcapy.open_live(self._device, EVERYTHING, 0, BLOCK_MS).close()
        except pcapy.PcapError as error:  # activate() gives a number alone, this the sentence
            return CaptureError(f"can't open {self._device}: {_line(error)}; see `nldissect doctor`")
        return CaptureError(f"can't open {self._device} with such a buffer; give a smaller one with -B")

    def fileno(self) -> int:
        return int(self._handle.getfd())

    def read(self, take: OnFrame) -> int:
        def one(header: Any, data: bytes) -> None:
            seconds, micro = header.getts()
            take((seconds * 1_000_000 + micro) * 1000, header.getlen(), data)

        def first(header: Any, data: bytes) -> None:
            seconds, micro = header.getts()
            take((seconds * 1_000_000 + micro) * 1000, header.getlen(), data, 0, [format_comment("lost", self._lost)])
            self._lost = 0

        try:
            found = int(self._handle.dispatch(1, first)) if self._lost else 0
            found += int(self._handle.dispatch(BATCH - found, one))
        except self._error as error:
            raise CaptureError(f"{self._device}: {_line(error)}; was the device removed or set down?") from None
        if found < BATCH:  # the ring is empty: what was lost so far came before the next frame
            dropped = self.counts()[1]
            self._lost, self._told = self._lost + dropped - self._told, dropped
        return found

    def counts(self) -> tuple[int, int]:
        received, dropped, _ = self._handle.stats()
        return received, dropped

    def close(self) -> None:
        self._handle.close()


def network_inode() -> int:
    """Return the inode of the network namespace that this process is in; 0 if it can't be read."""
    try:
        return os.stat("/proc/thread-self/ns/net").st_ino
    except OSError:
        return 0


def bad_filter(text: str, error: object) -> CaptureError:
    return CaptureError(f"capture filter {_line(text)}: {_line(error)}; see pcap-filter(7)")


def _line(text: object) -> str:
    return " ".join(str(text).split())
