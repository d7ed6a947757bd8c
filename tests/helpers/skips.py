"""Skipped tests that fail where everything is required: where NLDISSECT_REQUIRE_KERNEL is 1, as in .ci/run.

There a program or package that is not installed would take its tests away unseen. What no installation mends stays
skipped: its reason begins with "this host", or with "optional" where it is too large for every run.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator

import pytest

from nldissect.commands.run.strace_probe import StraceProbe
from nldissect.errors import CaptureError
from tests.helpers import uml_kernel

EXCUSED = ("this host", "optional")


def fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a failure of a skip that is not excused."""
    if report.skipped and isinstance(report.longrepr, tuple) and uml_kernel.required() == "1":
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(EXCUSED):
            report.outcome = "failed"
            report.longrepr = f"skipped where everything is required: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail(report)
    return report


def needs_strace() -> None:
    """Skip a test where strace can't trace."""
    try:
        StraceProbe().options()
    except CaptureError as error:
        pytest.skip(f"this host: {error}" if shutil.which("strace") else str(error))
