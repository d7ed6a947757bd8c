"""This machine's own kernel for captures: what concerns all its processes and needs no device of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import kernel


def missing() -> str | None:
    """It is always there."""
    return None


def run(script: str, *, timeout: float = 60, isolated: bool = False) -> kernel.Result:
    """Run a script as tests/kernel.py would, in the namespaces we are in."""
    ran = subprocess.run(
        ["sh"], input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False
    )
    return kernel.Result(ran.returncode, ran.stdout)
