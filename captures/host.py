"""This machine's own kernel for captures: what concerns all its processes and needs no device of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.helpers import uml_kernel


def missing() -> str | None:
    """It is always there."""
    return None


def run(script: str, *, timeout: float = 60, isolated: bool = False) -> uml_kernel.Result:
    """Run a script as tests/helpers/uml_kernel.py would, in the namespaces we are in."""
    ran = subprocess.run(
        ["sh"], input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False
    )
    return uml_kernel.Result(ran.returncode, ran.stdout)
