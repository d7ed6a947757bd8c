"""Whether commands can be watched here, for `nldissect doctor`."""

from __future__ import annotations

from nldissect.capture.doctor import HostCheck
from nldissect.errors import CaptureError

from .nlmon_watcher import unable
from .strace_probe import StraceProbe

WATCHES = "`nldissect run -- COMMAND` watches a command"


def watching() -> HostCheck:
    """With strace, with nlmon, or why with neither, as `nldissect run` would."""
    try:
        StraceProbe().options()
    except CaptureError as error:
        reason, _, remedy = str(error).partition("; ")
        if unable() is None:
            return HostCheck("run", True, f"{WATCHES} on an nlmon device: {reason}")
        return HostCheck("run", False, reason, remedy)
    return HostCheck("run", True, f"{WATCHES} with strace")
