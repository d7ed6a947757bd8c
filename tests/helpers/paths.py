"""Places in the repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "nldissect"
CAPTURES = ROOT / "captures"
TESTS = ROOT / "tests"
LOGS = TESTS / "logs"
