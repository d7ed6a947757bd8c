"""Body of `nldissect doctor`: every check, its result, and the remedy for what is missing."""

from __future__ import annotations

import argparse

from ..exit_status import DONE, INCOMPLETE


def doctor(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    from nldissect.capture.doctor import HostCheck, checks
    from nldissect.native.loader import usable_library
    from nldissect.native.program_file import described

    from ..run.doctor_check import watching

    path, reason, silent_below = usable_library()
    told = f"large captures are printed by {path}" if path else f"not used, large captures take longer: {reason}"
    flat = HostCheck("program file", True, described(path is not None))
    found = [*checks(), watching(), HostCheck("native core", silent_below > 0, told), flat]
    width = max(len(check.name) for check in found)
    for check in found:
        print(f"{'ok' if check.ok else 'MISSING':<7}  {check.name:<{width}}  {check.text}")
        if check.remedy:
            print(f"{'':<7}  {'':<{width}}  -> {check.remedy}")
    return DONE if all(check.ok for check in found) else INCOMPLETE
