"""A package that brings a family."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers import paths


def package(tmp_path: Path, name: str, source: str) -> None:
    """A package as pip leaves it."""
    (tmp_path / f"{name}_netlink.py").write_text(source)
    info = tmp_path / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[nldissect.families]\n{name} = {name}_netlink\n")


def read(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(paths.ROOT), str(tmp_path)])}
    command = [sys.executable, "-m", "nldissect", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
