"""Check for `nldissect doctor` that commands can be watched here."""

from __future__ import annotations

from nldissect.capture.doctor import HostCheck
from nldissect.errors import CaptureError

from .nlmon_watcher import unable
from .strace_probe import StraceProbe

WATCHES = "`nldissect run -- COMMAND` watches a command"


def watching() -> HostCheck:
    """Check whether a command can be watched as `nldissect run` would: with strace, else with nlmon.

    The result names the reason, and a remedy, if neither works.
    """
    try:
        StraceProbe().options()
    except CaptureError as error:
        reason, _, remedy = str(error).partition("; ")
        if unable() is None:
            return HostCheck("run", True, f"{WATCHES} on an nlmon device: {reason}")
        return HostCheck("run", False, reason, remedy)
    return HostCheck("run", True, f"{WATCHES} with strace")
