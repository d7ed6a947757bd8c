"""A private network: a user and a network namespace in which an ordinary user may capture (user_namespaces(7))."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from nldissect.errors import CaptureError
from nldissect.uapi import CLONE_NEWNET, IFF_UP

if TYPE_CHECKING:
    from .process import CaptureProcess

CLONE_NEWUSER = 0x1000_0000
SIOCSIFFLAGS, IFF_RUNNING = 0x8914, 0x40
_REQUEST = struct.Struct("=16sH22x")  # struct ifreq


def enter_private_network() -> None:
    """Move this process, and what it starts, into new user and network namespaces; CaptureError if that is refused.

    It is root in there, and has a loopback device that is up.
    """
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        reason = os.strerror(ctypes.get_errno())
        helps = user_namespaces_remedy()
        raise CaptureError(
            f"no network of one's own for this user: {reason}; " + (f"run `{helps}`" if helps else "use sudo")
        )
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        try:
            Path(f"/proc/self/{name}").write_text(text)
        except OSError as error:
            raise CaptureError(f"no user namespace for this user: {name}: {error.strerror}; use sudo") from None
    for name in [name for name in os.environ if name.startswith("SUDO_")]:
        del os.environ[name]  # the user who called sudo does not exist in there
    _lift_loopback()


def _lift_loopback() -> None:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, _REQUEST.pack(b"lo", IFF_UP | IFF_RUNNING))


def user_namespaces_remedy(root: Path = Path("/")) -> str | None:
    """Return the command that allows users namespaces of their own; None if it is not known what forbids them."""
    for name, good, value in (
        ("kernel/unprivileged_userns_clone", "1", "1"),
        ("kernel/apparmor_restrict_unprivileged_userns", "0", "0"),
        ("user/max_user_namespaces", None, "10000"),
    ):
        try:
            now = (root / "proc/sys" / name).read_text().strip()
        except OSError:
            continue
        if now != good if good is not None else now == "0":
            return f"sudo sysctl -w {name.replace('/', '.')}={value}"
    return None


class CommandInside:
    """A command that runs during a capture, which ends with it. It keeps the privileges it has when started."""

    def __init__(self, command: Sequence[str], live: CaptureProcess) -> None:
        self._live = live
        signal.signal(signal.SIGCHLD, self._look)
        try:
            self._process = subprocess.Popen(command)
        except OSError as error:
            raise CaptureError(f"can't run {command[0]}: {error.strerror}; name a program behind --") from None
        self._look(0, None)

    def _look(self, number: int, frame: FrameType | None) -> None:
        process = getattr(self, "_process", None)
        if process is not None and process.poll() is not None:
            self._live.stop()

    @property
    def status(self) -> int:
        """Exit status of the command as a shell returns it; reading it waits for the end."""
        status = self._process.wait()
        return status if status >= 0 else 128 - status
