"""Wireshark's dumpcap as a source: installed so that its user may run it, it reads devices that this process may not.

It is started only where CAP_NET_RAW is missing here. Its pcapng comes through a pipe; when this process is gone, it
ends with the next frame. It reports the frames that the kernel dropped at its end.
"""

from __future__ import annotations

import ctypes
import io
import os
import select
import shutil
import signal
import stat
import struct
import subprocess
import time
from typing import BinaryIO, cast

from nldissect.capfile import Reader, open_capture
from nldissect.errors import CaptureError

from .host_checks import CAP_NET_RAW
from .source import BATCH, BLOCK_MS, OnFrame, Origin, network_inode

PATIENCE = 5.0
PR_GET_NO_NEW_PRIVS = 39
NANOSECONDS = 9
SETTLE = 0.4  # seconds: its kernel buffer hands over every 250 ms
UPDATE_MS = 100  # milliseconds between two deliveries of dumpcap, see its --update-interval

_CAPABILITIES = struct.Struct("<IIIII")  # struct vfs_cap_data: magic and flags, permitted and inheritable, twice


def dumpcap() -> str | None:
    """Return the path of a dumpcap that this process may run and that may then capture; None without one."""
    path = shutil.which("dumpcap")
    if path is None or ctypes.CDLL(None).prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0):
        return None
    return path if _may_capture(path) else None


def _may_capture(path: str) -> bool:
    try:
        status = os.stat(path)
        if status.st_mode & stat.S_ISUID and status.st_uid == 0:
            return True
        said = os.getxattr(path, "security.capability")
    except OSError:
        return False
    return len(said) >= _CAPABILITIES.size and bool(_CAPABILITIES.unpack_from(said)[1] >> CAP_NET_RAW & 1)


class _Pipe(io.RawIOBase):
    """The bytes already read from a pipe, then the rest of the pipe."""

    def __init__(self, begun: bytes, descriptor: int) -> None:
        self.begun, self._descriptor = begun, descriptor

    def readinto(self, room: memoryview) -> int | None:  # type: ignore[override]
        if self.begun:
            data = self.begun[: len(room)]
            self.begun = self.begun[len(data) :]
        else:
            try:
                data = os.read(self._descriptor, len(room))
            except BlockingIOError:
                return None
        room[: len(data)] = data
        return len(data)

    def fileno(self) -> int:
        return self._descriptor


class DumpcapSource:
    """A device read by dumpcap."""

    late = (UPDATE_MS + 2 * BLOCK_MS) * 1_000_000

    def __init__(
        self,
        program: str,
        device: str,
        snaplen: int,
        buffer_mib: int,
        capture_filter: str | None,
        netns: str | None = None,
    ) -> None:
        words = [program, "-q", "-i", device, "-s", str(snaplen), "-B", str(buffer_mib), "-w", "-"]
        words += ["--update-interval", str(UPDATE_MS)]
        if capture_filter:
            words += ["-f", capture_filter]
        self._device = device
        self.origins = [
            Origin(device, "through dumpcap", netns, network_inode(), snaplen, capture_filter, decimals=NANOSECONDS)
        ]
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for this process, which still reads the rest of it
        )
        assert self._process.stdout is not None
        self._descriptor = self._process.stdout.fileno()
        self._pipe = _Pipe(self._first_blocks(), self._descriptor)
        os.set_blocking(self._descriptor, False)
        self._reader: Reader = open_capture(cast(BinaryIO, self._pipe))
        self._records = iter(self._reader)
        self._taken = 0
        self._last = False

    def _first_blocks(self) -> bytes:
        """Return the section and interface blocks, which dumpcap writes once the device is open.

        Raises CaptureError if the device can't be opened.
        """
        begun, deadline = b"", time.monotonic() + PATIENCE
        while not _described(begun):
            ready = select.select([self._descriptor], [], [], max(0, deadline - time.monotonic()))[0]
            data = os.read(self._descriptor, 1 << 16) if ready else b""
            if not data:
                raise CaptureError(f"dumpcap can't read {self._device}: {self._complaint()}")
            begun += data
        return begun

    def _complaint(self) -> str:
        """Return the reason that dumpcap prints for its end."""
        try:
            _, said = self._process.communicate(timeout=PATIENCE)
        except (subprocess.TimeoutExpired, ValueError):
            self._process.kill()
            return "it does not begin; try sudo"
        lines = [line for line in said.decode(errors="replace").splitlines() if line.startswith("dumpcap:")]
        return lines[0].removeprefix("dumpcap: ").strip() if lines else "it ended; see `dumpcap -D`"

    def fileno(self) -> int:
        return self._descriptor

    def read(self, take: OnFrame) -> int:
        found = 0
        while found < BATCH:
            record = next(self._records, None)
            if record is None:
                self._records = iter(self._reader)
                break
            self._taken += 1
            take(record.time or 0, record.wire_length, record.data)
            found += 1
        if not found and self._reader.over and not self._last:
            raise CaptureError(f"{self._device}: dumpcap ended; was the device removed or set down?")
        return found

    def wind_up(self) -> None:
        """End dumpcap: read everything that it still has, and its counts."""
        self._last = True
        time.sleep(SETTLE)  # dumpcap drops what its kernel buffer holds when it is asked to end
        self._process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + PATIENCE
        rest = []
        while (left := deadline - time.monotonic()) > 0 and select.select([self._descriptor], [], [], left)[0]:
            data = os.read(self._descriptor, 1 << 16)
            if not data:
                break
            rest.append(data)
        self._pipe.begun += b"".join(rest)
        self._records = iter([*self._records, *self._reader])

    def counts(self) -> tuple[int, int]:
        told = self._reader.statistics[-1:] if self._last else []
        return (told[0].received or 0, told[0].dropped or 0) if told else (self._taken, 0)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def _described(begun: bytes) -> bool:
    """Return whether two whole blocks are there; dumpcap writes in this host's byte order."""
    at = 0
    for _ in range(2):
        if len(begun) < at + 12:
            return False
        at += int(struct.unpack_from("=I", begun, at + 4)[0])
    return len(begun) >= at
