"""The captures of the repository: whole, of the right link type, small, each with the commands that made it."""

import re
import struct
from pathlib import Path

import pytest

CAPTURES = Path(__file__).resolve().parent.parent / "captures"
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
    assert sum(path.stat().st_size for path in FILES) < 3_000_000
    assert max(path.stat().st_size for path in FILES) < 150_000
