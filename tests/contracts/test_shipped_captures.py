"""The captures of the repository: whole, of the right link type, small, each with the commands that made it."""

import re
import struct
from pathlib import Path

import pytest

from tests.helpers.paths import CAPTURES

FILES = sorted(CAPTURES.glob("*.pcap"))
README = (CAPTURES / "README.md").read_text()
NETLINK_PROTOCOLS = range(23)


def records(path: Path) -> list[bytes]:
    data = path.read_bytes()
    assert struct.pack("<IHH", 0xA1B2C3D4, 2, 4) == data[:8]
    assert 253 == struct.unpack_from("<I", data, 20)[0]
    found, offset = [], 24
    while offset < len(data):
        captured, length = struct.unpack_from("<II", data, offset + 8)
        assert captured == length, "cut by a snap length"
        found.append(data[offset + 16 : offset + 16 + captured])
        offset += 16 + captured
    assert offset == len(data), "the last record is cut"
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_frame_has_the_cooked_header_of_netlink(path: Path) -> None:
    frames = records(path)

    assert frames
    for frame in frames:
        _, hatype, _, protocol = struct.unpack_from(">HHH8xH", frame)
        assert 824 == hatype
        assert protocol in NETLINK_PROTOCOLS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_readme_says_what_made_it(path: Path) -> None:
    script = (CAPTURES / "topics" / f"{path.stem}.sh").read_text()
    commands = re.sub(r"\A(#.*\n)+", "", script).strip()
    part = README.split(f"## {path.name}\n", 1)[1].split("\n## ", 1)[0]

    assert f"```sh\n{commands}\n```" in part
    assert "Made by Linux " in part


def test_every_topic_has_its_file() -> None:
    assert [path.stem for path in sorted(CAPTURES.glob("topics/*.sh"))] == [path.stem for path in FILES]


def test_they_stay_small() -> None:
    assert sum(path.stat().st_size for path in FILES) < 3_500_000
    assert max(path.stat().st_size for path in FILES) < 150_000


def payloads(name: str) -> list[bytes]:
    return [frame[16:] for frame in records(CAPTURES / f"{name}.pcap")]


def test_three_listeners_are_three_equal_frames() -> None:
    frames = payloads("monitor_three")

    assert any(3 == frames.count(frame) for frame in frames)


def test_an_interrupted_dump_carries_its_flag() -> None:
    flags = [struct.unpack_from("<H", payload, 6)[0] for payload in payloads("dump_interrupted")]

    assert 0x0002 in flags
    assert 0x0012 in flags


def test_iproute2_sends_zero_bytes_after_its_message() -> None:
    trailing = [payload[struct.unpack_from("<I", payload)[0] :] for payload in payloads("iproute2_padding")]

    assert bytes(120) in trailing


def test_acks_come_full_capped_and_inside_done() -> None:
    answers = [struct.unpack_from("<IHH", payload) for payload in payloads("ack_layouts")]

    assert {0x000, 0x100, 0x200, 0x300} == {flags for _, kind, flags in answers if kind == 2}
    assert 0x202 in {flags for _, kind, flags in answers if kind == 3}


def test_programs_talk_over_usersock() -> None:
    assert payloads("usersock")[0].endswith(b"Hello you!")
