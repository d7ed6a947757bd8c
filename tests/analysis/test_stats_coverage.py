"""Statistics: how much of the bytes was decoded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nldissect.stream.frames import FrameStream
from tests.helpers.cli import lines
from tests.helpers.messages import ROUTE, USERSOCK, attribute, frame, link, write
from tests.helpers.paths import CAPTURES
from tests.helpers.stats import gathered, stats


def test_coverage_by_hand(tmp_path: Path) -> None:
    """ifinfomsg is 15 bytes of fields and one of padding; IFLA_MTU has 4, attribute 999 has 3 that no table knows."""
    one = link(1, attribute(4, bytes(4)), attribute(999, b"abc"))
    path = write(tmp_path / "coverage.pcap", frame(ROUTE, one), frame(ROUTE, one), frame(USERSOCK, b"\x81bytes"))
    route, other = stats(path, "coverage")["coverage"]
    assert {"protocol": "NETLINK_ROUTE", "messages": 2, "decoded": 38, "opaque": 0, "secret": 0, "undecoded": 6,
            "structure": 20, "cut": 0, "names": {"IFLA attribute 999": 6}} == route  # fmt: skip
    assert ("NETLINK_USERSOCK", 1, 0, 8) == tuple(
        other[key] for key in ("protocol", "messages", "decoded", "undecoded")
    )
    text = lines("stats", path, "coverage")
    assert ["ROUTE", "86.4%", "38", "0", "0", "6", "20"] == text[1].split()  # 38 of 44
    assert ["total", "73.1%", "38", "0", "0", "14", "20"] == text[3].split()
    assert text[-1].startswith("undecoded  USERSOCK datagram (8), ROUTE IFLA attribute 999 (6)")


def test_coverage_knows_secret_opaque_and_cut_bytes(tmp_path: Path) -> None:
    """XFRM captures hold keys; of this link 64 - 16 bytes were captured, 8 of them behind IFLA_MTU."""
    secret = [row for row in stats(CAPTURES / "xfrm.pcap", "coverage")["coverage"] if row["protocol"] == "NETLINK_XFRM"]
    assert 0 < secret[0]["secret"] and 0 == secret[0]["undecoded"]
    path = write(tmp_path / "cut.pcap", frame(ROUTE, link(1, attribute(4, bytes(4)), attribute(1, bytes(6)))), snap=64)
    (row,) = stats(path, "coverage")["coverage"]
    assert (19, 5, 8) == (row["decoded"], row["structure"], row["cut"])


def test_coverage_of_several_files(tmp_path: Path) -> None:
    """Each is read by itself: a family id that one teaches means nothing in the other."""
    paths = [CAPTURES / name for name in ("nlctrl.pcap", "errors.pcap", "ethtool.pcap")]
    together = json.loads("".join(lines("stats", *paths, "coverage", "-T", "json")))
    apart = [row for path in paths for row in stats(path, "coverage")["coverage"]]

    assert [str(path) for path in paths] == together["files"] and "file" not in together
    for row in together["coverage"]:
        same = [one for one in apart if (one["protocol"], one.get("family")) == (row["protocol"], row.get("family"))]
        for name in ("messages", "decoded", "opaque", "undecoded", "structure"):
            assert row[name] == sum(one[name] for one in same)
    assert len({(row["protocol"], row.get("family")) for row in apart}) == len(together["coverage"])


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_coverage_counts_every_byte_once(path: Path) -> None:
    """Together they are all that was captured of messages behind nlmsghdr."""
    rows = gathered(path, "coverage").sections["coverage"].result()
    capture = FrameStream(str(path))
    sizes = [
        walked.end - walked.start - 16 * walked.has_header
        for seen in capture.frames()
        for walked in seen.frame.messages
    ]
    capture.finish()
    assert len(sizes) == sum(row.messages for row in rows)
    assert sum(sizes) == sum(
        row.decoded + row.opaque + row.secret + row.undecoded + row.structure + row.cut for row in rows
    )
    assert all(min(row.decoded, row.undecoded, row.structure, row.cut) >= 0 for row in rows)
    assert all(row.undecoded == sum(row.names.values()) for row in rows)
