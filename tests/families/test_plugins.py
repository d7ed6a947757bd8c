"""Families that other packages bring, through entry points of the group "nldissect.families"."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.genl_messages import FAMILY, attrs, told, u32
from tests.helpers.messages import GENERIC, frame, message, write
from tests.helpers.paths import CAPTURES
from tests.helpers.plugin_package import package, read

TABLE = """
from nldissect.wire import NETLINK, U32, Attrs, AttrSet, Message, bind_genl, bind_message

class TOY_A(AttrSet):
    ANSWER = U32(1)

class toyhdr(Message):
    fields_desc = [U32.of("toy_id")]
    summary = "toy {toy_id}"

bind_genl(TOY_A, "toy", TOY_CMD_GET=1)
bind_message(toyhdr, 27, TOYM_NEW=16)
"""


@pytest.fixture
def capture(tmp_path: Path) -> str:
    asked = message(FAMILY, bytes([1, 1, 0, 0]) + attrs({1: u32(42)}), 1, 7, 9)
    return str(
        write(tmp_path / "toy.pcap", told("toy"), frame(GENERIC, asked), frame(27, message(16, u32(5), 1, 8, 9)))
    )


def test_a_family_and_a_protocol_are_found(tmp_path: Path, capture: str) -> None:
    package(tmp_path, "toybox", TABLE)
    done = read(tmp_path, "read", capture)

    assert "TOY_CMD_GET" in done.stdout and "TOY_A_ANSWER 42" in done.stdout
    assert "TOYM_NEW" in done.stdout and "toy 5" in done.stdout
    assert "" == done.stderr
    assert "TOY_A_ANSWER" in read(tmp_path, "fields", "TOY_A").stdout
    assert (
        "42"
        == read(tmp_path, "read", capture, "-T", "fields", "-e", "TOY_A_ANSWER", "-Y", "TOY_A_ANSWER").stdout.strip()
    )


def test_a_package_may_import_all_of_scapy(tmp_path: Path, capture: str) -> None:
    """Also what a command that reads files leaves out of it."""
    needs = "from scapy.all import *\nfrom scapy.arch.linux import L2Socket\nassert conf.L2socket is L2Socket\n"
    package(tmp_path, "toybox", needs + TABLE)
    done = read(tmp_path, "read", "-V", capture)

    assert "TOY_A_ANSWER (1): 42" in done.stdout and "" == done.stderr


def test_a_broken_one_costs_a_line(tmp_path: Path, capture: str) -> None:
    package(tmp_path, "atfirst", "import nothing_of_that_name\n")
    package(tmp_path, "toybox", TABLE)
    done = read(tmp_path, "read", capture)

    assert 0 == done.returncode
    assert "TOY_A_ANSWER 42" in done.stdout
    assert (
        "nldissect: atfirst: families atfirst_netlink can't be loaded: No module named 'nothing_of_that_name'\n"
        == done.stderr
    )


def test_a_table_that_contradicts_itself_costs_a_line(tmp_path: Path, capture: str) -> None:
    package(tmp_path, "twice", TABLE.replace("ANSWER = U32(1)", "ANSWER, AGAIN = U32(1), U32(1)"))
    done = read(tmp_path, "read", capture)

    assert 0 == done.returncode
    assert "nldissect: twice: families twice_netlink can't be loaded: TOY_A: number 1 is TOY_A_ANSWER and AGAIN\n" == (
        done.stderr
    )


def test_nobody_pays_for_what_is_known(tmp_path: Path) -> None:
    """A capture whose families all have tables looks at no package."""
    package(tmp_path, "atfirst", "import nothing_of_that_name\n")

    assert "" == read(tmp_path, "read", str(CAPTURES / "ethtool.pcap")).stderr
