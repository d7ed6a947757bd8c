"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.helpers import peer_tools
from tests.helpers import uml_kernel as user_mode_linux
from tests.helpers.guest_capture import guest as guest
from tests.helpers.iproute2_format import dev as dev
from tests.helpers.large_captures import beginnings as beginnings
from tests.helpers.large_captures import library as library
from tests.helpers.large_captures import reasons as reasons
from tests.helpers.large_captures import run as run
from tests.helpers.large_captures import together as together
from tests.helpers.large_captures import walked as walked
from tests.helpers.peer_tools import Asked
from tests.helpers.shared_files import once
from tests.helpers.shared_files import shared as shared
from tests.helpers.sizes import sizes as sizes
from tests.helpers.skips import needs
from tests.helpers.skips import pytest_make_collect_report as pytest_make_collect_report
from tests.helpers.skips import pytest_runtest_makereport as pytest_runtest_makereport

# Programs that tests start end where they fork in a process with threads, as Python 3.12 and newer warn.
os.environ["PYTHONWARNINGS"] = user_mode_linux.WARNINGS
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what runs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Take one worker more than processors: tests wait for programs and for the guest's kernel."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that boot the real kernel: `pytest -m kernel`."""
    for item in items:
        if "kernel" in getattr(item, "fixturenames", ()):
            item.add_marker("kernel")


@pytest.fixture(params=["", "0"], ids=["core", "rows"])
def printer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What prints a file: the native core (where the package was built with it), or the message engine."""
    monkeypatch.setenv("NLDISSECT_NATIVE", request.param)


@pytest.fixture(scope="session")
def kernel() -> ModuleType:
    """The real kernel (tests/helpers/uml_kernel.py); skipped where it is absent, a failure where it is required."""
    reason = user_mode_linux.missing()
    if reason is not None and user_mode_linux.required():
        pytest.fail(f"the real kernel is required here: {reason}")
    if reason is not None:
        pytest.skip(f"needs the real kernel: {reason}")
    return user_mode_linux


@pytest.fixture(scope="session")
def peer_answers(kernel: ModuleType, shared: Path) -> dict[str, Asked]:
    """What tools printed in the real kernel, and the messages of each (tests/helpers/peer_tools.py)."""
    needs("tcpdump", path=kernel.SEARCH)
    return peer_tools.answers(once(shared / "peers", lambda folder: peer_tools.record(kernel, folder)))


@pytest.fixture
def about(peer_answers: dict[str, Asked]) -> Callable[[str], Asked]:
    """One of these; skipped where its tool is absent."""

    def one(name: str) -> Asked:
        if name not in peer_answers:
            needs(peer_tools.TOOLS[name])
        return peer_answers[name]

    return one
