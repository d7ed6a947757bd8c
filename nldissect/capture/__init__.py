"""Live capture of netlink from an nlmon device into a file; nothing here decodes. `doctor` reports what is missing.

    CaptureConfig > CaptureProcess --fork--> open_sources > drop privileges > loop > output_files
                    (reads the file)         nlmon_device | group_source | dumpcap     capfile.writer

Entry points: `CaptureProcess(CaptureConfig(...))`, `FileFollower`, `doctor.checks`.

    capture process   the child that writes the file; it talks with its parent by control/
    source            frames with their times and origin: libpcap, sockets of multicast groups, dumpcap (source)
    head              the first frames of each file: the table of generic netlink families (genl_families)
    janitor           a child that outlives the others, to remove the device
    own frames        what the capture itself sent and was answered (own_frames)

To add a source: a class with the interface of source.FrameSource, opened in open_sources while privileges are there.
tests/capture holds it: test_loop.py runs the loop on a source without a device, test_process*.py in a real kernel.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .config import CaptureConfig
    from .follow_files import FileFollower
    from .loop import Result
    from .output_files import Limits
    from .privileges import drop_privileges
    from .process import CaptureProcess

__all__ = ["CaptureConfig", "CaptureProcess", "FileFollower", "Limits", "Result", "drop_privileges"]

_PLACES = {
    "CaptureConfig": "config",
    "CaptureProcess": "process",
    "FileFollower": "follow_files",
    "Limits": "output_files",
    "Result": "loop",
    "drop_privileges": "privileges",
}


def __getattr__(name: str) -> Any:
    """Import a name of this package on first use (PEP 562): `run` needs a few of its modules, and none of these."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    return value
