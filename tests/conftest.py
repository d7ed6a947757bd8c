"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from types import ModuleType

import kernel as user_mode_linux
import pytest


@pytest.fixture(scope="session")
def kernel() -> ModuleType:
    """The real kernel (tests/kernel.py); skipped where it is absent, a failure where it is required."""
    reason = user_mode_linux.missing()
    if reason is not None and os.environ.get("NLDISSECT_REQUIRE_KERNEL") == "1":
        pytest.fail(f"the real kernel is required here: {reason}")
    if reason is not None:
        pytest.skip(f"needs the real kernel: {reason}")
    return user_mode_linux
