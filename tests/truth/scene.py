"""One scene: played in the kernel, then checked."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.helpers import uml_kernel
from tests.helpers.paths import ROOT

from .checker import Checker
from .tally import Tally

TIMEOUT = 600
"""Seconds that a scene may take."""


def scene(folder: Path, operations: int, seed: int) -> Tally:
    """Play a scene in the kernel, and check it; every other one is checked without the dumps."""
    script = f"from tests.truth.guest import play\nplay({str(folder)!r}, {operations}, {seed})"
    done = uml_kernel.run(script, interpreter=sys.executable, timeout=TIMEOUT, environment={"PYTHONPATH": str(ROOT)})
    assert 0 == done.status, done.output
    return Checker(folder, hidden=bool(seed % 2)).run()
