"""Frames that a capture lost: told wherever the comment stands, also beside a frame of the capture itself."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from nldissect import cli
from nldissect.capfile import Record, open_capture
from nldissect.commands import parser
from nldissect.commands.capture import command as capture_command
from tests.helpers.cli import run
from tests.helpers.messages import ROUTE, attribute, frame, link
from tests.helpers.own_frames import beside_own, of_comments
from tests.helpers.pcap_bytes import block, described, option, packet, section
from tests.helpers.sizes import SetSizes
from tests.helpers.viewer_pilot import Screen
from tests.helpers.viewer_pilot import run as run_viewer

TEXT = "12 frames before this one were lost for want of room in the capture"

STALLED = """
sh("ip link add dum0 type dummy")
with CaptureProcess(CaptureConfig(write="x.pcapng", buffer_mib=1, processes=True)) as live:
    (capture,) = named("nldissect-live")
    os.kill(capture, signal.SIGSTOP)
    subprocess.run(["ip", "-batch", "-"], input="link show\\n" * 900, text=True, check=True, stdout=subprocess.DEVNULL)
    os.kill(capture, signal.SIGCONT)
    until(lambda: live.progress.dropped)
    until(lambda: b"nldissect: lost" in Path("x.pcapng").read_bytes())
    live.stop()
    told["counts"] = counts(live)
"""


@pytest.fixture(params=["rows", "core"])
def path(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: SetSizes
) -> Iterator[Path]:
    """A file with frames of the capture itself, read row by row, or by the native core."""
    by_rows = request.param == "rows"
    monkeypatch.setenv("NLDISSECT_NATIVE", "0" if by_rows else "")
    sizes(numpy_from=1 << 60 if by_rows else 0)
    yield beside_own(tmp_path / "x.pcapng")


def output(capfd: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    cli.main([*map(str, arguments)])
    return capfd.readouterr().out.splitlines()


def test_in_the_real_kernel(guest: Any) -> None:
    """A capture process that is stopped while 900 listings go by: its own poll is what comes first afterwards."""
    told = guest(STALLED)
    _, _, dropped, error = told["counts"]
    assert dropped > 0 and error is None
    with open_capture("x.pcapng") as reader:
        told_beside: list[Record] = [one for one in reader if any("lost" in text for text in one.comments)]
    assert {True} == {one.own for one in told_beside}
    objects = [json.loads(line) for line in run("read", "x.pcapng", "-T", "ndjson").stdout.splitlines()]
    notes = [(one["frame"], note["text"]) for one in objects for note in one.get("notes", ()) if "lost" in note["text"]]
    assert [one.number for one in told_beside] == [number for number, _ in notes]
    listed = run("read", "x.pcapng", "-Y", 'expert.kind == "lost"').stdout.decode().splitlines()
    assert len(notes) == len(listed)
    assert all("were lost for want of room" in line for line in listed)


def test_in_the_list(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An own frame is hidden; of one that bears a loss the first message is shown."""
    lines = output(capfd, "read", path)
    assert ["1", "2", "4"] == [line.split()[0] for line in lines]
    assert lines[1].endswith(f"[error: {TEXT}, 1 more]")


def test_in_the_tree(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lines = output(capfd, "read", "-V", path)
    assert [f"! error: {TEXT}"] == [line.strip() for line in lines if "12 frames" in line]
    assert ["Frame 1", "Frame 2", "Frame 4"] == [line[:7] for line in lines if line.startswith("Frame")]


def test_as_json(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    objects = [orjson.loads(line) for line in output(capfd, "read", "-T", "ndjson", path)]
    assert [(1, 1), (2, 1), (4, 1)] == [(one["frame"], one["message"]) for one in objects]
    (note,) = (note for note in objects[1]["notes"] if note["severity"] == "error")
    assert {"severity": "error", "text": TEXT, "offset": 0, "length": 0} == note


@pytest.mark.parametrize("field", ["expert.kind", "expert", "notes", "frame.number"])
def test_as_fields(path: Path, capfd: pytest.CaptureFixture[str], field: str) -> None:
    lines = output(capfd, "read", "-T", "fields", "-e", field, "-Y", 'expert.kind == "lost"', path)
    assert {"expert.kind": "lost", "frame.number": "2"}.get(field, TEXT) in lines[0]
    assert 1 == len(lines)


def test_found_by_a_filter(path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """And written, whole, with what stands beside it."""
    assert ["2"] == [line.split()[0] for line in output(capfd, "read", "-Y", 'notes.severity == "error"', path)]
    out = tmp_path / "out.pcapng"
    assert 0 == cli.main(["read", "-Y", 'expert.kind == "lost"', "-w", str(out), str(path)])
    with open_capture(str(path)) as reader, open_capture(str(out)) as written:
        expected = [(one.data, one.comments) for one in reader][1:2]
        assert expected == [(one.data, one.comments) for one in written]


def test_in_statistics(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (lost,) = (row for row in orjson.loads("".join(output(capfd, "stats", path, "notes", "-T", "json")))["notes"]
               if row["kind"] == "lost")  # fmt: skip
    assert ("error", 1, 2) == (lost["severity"], lost["notes"], lost["first_frame"])


def test_shown_with_its_likes(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """--own: all messages, the note once."""
    lines = output(capfd, "read", "--own", path)
    assert ["1", "2", "2", "3", "3", "4"] == [line.split()[0] for line in lines]
    assert 1 == sum(TEXT in line for line in lines)


@pytest.mark.parametrize("by_blocks", [False, True])
def test_beside_a_frame_without_a_message(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sizes: SetSizes, by_blocks: bool
) -> None:
    monkeypatch.setenv("NLDISSECT_NATIVE", "" if by_blocks else "0")
    sizes(numpy_from=0 if by_blocks else 1 << 60)
    path = tmp_path / "x.pcapng"
    path.write_bytes(section() + described() + packet(frame(ROUTE, b""), 1, options=of_comments("lost 12")))
    (line,) = output(capfd, "read", path)
    assert line.endswith(f"no message [error: {TEXT}]")
    (item,) = map(orjson.loads, output(capfd, "read", "-T", "ndjson", path))
    assert [{"severity": "error", "text": TEXT, "offset": 0, "length": 0}] == item["notes"]
    assert ["1"] == output(capfd, "read", "-Y", 'expert.kind == "lost"', "-T", "fields", "-e", "frame.number", path)


def test_while_it_grows(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As `capture` shows it: the first frame is one that every file begins with."""
    path = beside_own(tmp_path / "x.pcapng")
    options = parser().parse_args(["capture"])
    options.files, options.families = [], []
    with open_capture(str(path)) as reader:
        capture_command.show_frames(str(path), list(reader), options, hidden=1)
    lines = capfd.readouterr().out.splitlines()
    assert ["2", "4"] == [line.split()[0] for line in lines]
    assert lines[0].endswith(f"[error: {TEXT}, 1 more]")


def test_in_the_viewer(tmp_path: Path) -> None:
    """In the list, in the tree, among the notes."""

    async def steps(screen: Screen) -> None:
        assert [1, 2, 4] == screen.frames
        await screen.write('expert.kind == "lost"')
        await screen.until(lambda: screen.frames == [2])
        await screen.until(lambda: any("! error: 12 frames" in line for line in screen.text))

    run_viewer(beside_own(tmp_path / "x.pcapng"), steps)


def test_losses_without_a_place_are_told_at_the_last_frame_that_is_shown(tmp_path: Path) -> None:
    """A statistics block counts three; the last frame is the capture's own."""
    show = frame(ROUTE, link(1, attribute(3, b"lo\0")))
    path = tmp_path / "x.pcapng"
    frames = packet(show, 1) + packet(show, 2, options=of_comments("own"))
    counts = block(5, struct.pack("<III", 0, 0, 0) + option(5, struct.pack("<Q", 3)))
    path.write_bytes(section() + described() + frames + counts)
    lines = run("read", path, "-Y", 'expert.kind == "lost"', "-T", "fields", "-e", "frame.number", "-e", "expert")
    assert "1\t3 frames were lost for want of room, nobody knows where" in lines.stdout.decode()
