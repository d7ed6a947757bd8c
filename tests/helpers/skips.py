"""Skipped tests that fail where everything is required: where NLDISSECT_REQUIRE_KERNEL is 1, as in .ci/run.

There a program or package that is not installed would take its tests away unseen. What no installation mends stays
skipped: its reason begins with "this host", or with "optional" where only .ci/long installs what it needs.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Generator

import pytest

from nldissect.commands.run.strace_probe import StraceProbe
from nldissect.errors import CaptureError
from nldissect.wire import NETLINK
from tests.helpers import uml_kernel

EXCUSED = ("this host", "optional")
PACKAGES = {
    "capinfos": "wireshark-common", "cc": "gcc libc6-dev", "editcap": "wireshark-common", "gcc": "gcc",
    "hexdump": "bsdextrautils", "ip": "iproute2", "nft": "nftables", "nm": "binutils", "od": "coreutils",
    "setcap": "libcap2-bin", "setpriv": "util-linux", "dumpcap": "wireshark-common", "ss": "iproute2",
    "tc": "iproute2", "bridge": "iproute2", "unshare": "util-linux", "ovs-vswitchd": "openvswitch-switch",
    "/usr/lib/frr/bgpd": "frr",
}  # fmt: skip
"""Debian's package of each program that is not in one of its own name."""


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


def missing_programs(*programs: str, path: str | None = None) -> str:
    """Return what to install for the first of these programs that is absent; "" if all are there."""
    absent = next((program for program in programs if shutil.which(program, path=path) is None), None)
    return "" if absent is None else f"no {absent}; install the package {PACKAGES.get(absent, absent)}"


def needs(*programs: str, path: str | None = None) -> None:
    """Skip a test where one of the programs that it runs is absent."""
    if reason := missing_programs(*programs, path=path):
        pytest.skip(reason)


def needs_netlink() -> None:
    """Skip a test where the system refuses netlink sockets."""
    try:
        for protocol in (NETLINK.ROUTE, NETLINK.USERSOCK):
            socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol).close()
    except OSError as error:
        pytest.skip(f"this host lets nobody open netlink sockets: {error}")


def needs_strace() -> None:
    """Skip a test where strace can't trace."""
    try:
        StraceProbe().options()
    except CaptureError as error:
        pytest.skip(f"this host: {error}" if shutil.which("strace") else str(error))
