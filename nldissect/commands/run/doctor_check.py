"""Whether commands can be watched here, for `nldissect doctor`."""

from __future__ import annotations

from nldissect.capture.doctor import Check
from nldissect.errors import CaptureError

from .nlmon_watcher import unable
from .strace_probe import Probe

WATCHES = "`nldissect run -- COMMAND` watches a command"


def watching() -> Check:
    """With strace, with nlmon, or why with neither, as `nldissect run` would."""
    try:
        Probe().options()
    except CaptureError as error:
        reason, _, remedy = str(error).partition("; ")
        if unable() is None:
            return Check("run", True, f"{WATCHES} on an nlmon device: {reason}")
        return Check("run", False, reason, remedy)
    return Check("run", True, f"{WATCHES} with strace")
