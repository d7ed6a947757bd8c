"""Files that several tests need and one makes: once for all workers of a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all workers; what one of them put into it stays as it is."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


def once(target: Path, make: Callable[[Path], object]) -> Path:
    """Let the first of the workers that ask make a shared file; the others wait for it."""
    with open(f"{target}.lock", "w") as lock:
        flock(lock, LOCK_EX)
        if not target.exists():
            part = target.with_name(f"{target.name}.part")
            make(part)
            part.rename(target)
    return target
