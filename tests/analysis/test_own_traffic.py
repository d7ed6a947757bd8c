"""What is a capture's own: marked by what was really sent, hidden, and counted where it is hidden."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any

import pytest

from nldissect.capfile import open_capture
from nldissect.capture.own_frames import SentRequests, is_own, socket_key
from tests.helpers.cli import run
from tests.helpers.messages import REQUEST
from tests.helpers.messages import message as datagram
from tests.helpers.own_frames import beside_own
from tests.helpers.sizes import SetSizes
from tests.helpers.viewer_pilot import Screen
from tests.helpers.viewer_pilot import run as run_viewer

SOCK_DIAG, PORT, SEQUENCE, DUMP = 4, 77, 5, 0x300
HIDDEN = "nldissect: a frame of the capture itself not shown; --own shows them\n"


def message(kind: int, body: bytes = b"", flags: int = 0, sequence: int = SEQUENCE) -> bytes:
    return datagram(kind, body, flags, sequence, PORT, "<" if sys.byteorder == "little" else ">")


REQUESTED = message(20, bytes(20), REQUEST | DUMP)
OTHER = message(20, b"\1" * 20, REQUEST | DUMP)


@pytest.mark.parametrize(
    "own, datagram",
    [
        (True, REQUESTED),
        (True, REQUESTED[:24]),  # a snap length cut it
        (True, message(20, bytes(24)) + message(3, bytes(4))),  # an answer
        (False, OTHER),
        (False, OTHER[:24]),
        (False, REQUESTED + OTHER),  # what the kernel would do stands behind it
        (False, message(20, bytes(24)) + OTHER),
        (False, message(20, bytes(24), sequence=6)),  # an answer to a request that we did not send
    ],
)
def test_a_request_is_own_if_we_sent_it(own: bool, datagram: bytes) -> None:
    """Its port id and sequence number anybody can write."""
    sent = SentRequests()
    sent.add(REQUESTED)
    cooked = struct.pack(">HHHQH", 4, 824, 0, 0, SOCK_DIAG)
    assert own is is_own(cooked + datagram, {socket_key(SOCK_DIAG, PORT): sent})


def test_a_program_that_writes_our_port_id_is_shown(guest: Any) -> None:
    """Its request for a link carries the port of the socket with which the capture asked for its table."""
    told = guest("""
import socket, struct
with CaptureProcess(CaptureConfig(write="x.pcapng")) as live:
    with open_capture("x.pcapng") as reader:
        port = next(struct.unpack_from("=I", one.data, 28)[0] for one in reader if protocol(one) == 16)
    sender = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
    sender.bind((0, 0))
    one = struct.pack("=IHHII BBH HH8s", 32, 16, 1, 99, port, 3, 1, 0, 12, 2, b"nlctrl\\0")
    sender.sendto(one, (0, 0))
    live.stop()
    told["port"], told["captured"] = port, live.result.captured
""")
    with open_capture("x.pcapng") as reader:
        forged = [one for one in reader if struct.pack("=II", 99, told["port"]) == one.data[24:32]]
    assert [False] == [one.own for one in forged]


@pytest.fixture(params=["rows", "core"])
def by_blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, sizes: SetSizes) -> None:
    monkeypatch.setenv("NLDISSECT_NATIVE", "0" if request.param == "rows" else "")
    sizes(numpy_from=1 << 60 if request.param == "rows" else 0)


@pytest.mark.parametrize(
    "arguments, hidden",
    [
        (["read"], True),
        (["read", "--own"], False),
        (["read", "-T", "fields", "-e", "frame.number"], True),
        (["exchanges"], True),
        (["exchanges", "--own"], False),
    ],
)
def test_what_is_hidden_is_counted(tmp_path: Path, by_blocks: None, arguments: list[str], hidden: bool) -> None:
    """Whoever wrote the comment."""
    done = run(*arguments, beside_own(tmp_path / "x.pcapng"))
    assert (HIDDEN if hidden else "") == done.stderr.decode()


def test_statistics_count_it(tmp_path: Path) -> None:
    path = beside_own(tmp_path / "x.pcapng")
    assert 1 == json.loads(run("stats", path, "-T", "json").stdout)["overview"]["own"]
    assert "1 more of the capture itself" in run("stats", path).stdout.decode()
    assert "own" not in json.loads(run("stats", path, "--own", "-T", "json").stdout)["overview"]


def test_the_viewer_counts_it(tmp_path: Path) -> None:
    """Three messages: two of the hidden frame, the second one of that which bears a loss."""

    async def steps(screen: Screen) -> None:
        await screen.until(lambda: "3 messages, 3 own hidden" in screen.text[-1])

    run_viewer(beside_own(tmp_path / "x.pcapng"), steps)
