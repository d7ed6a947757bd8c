"""Network namespaces of frames: the field `netns`, labels in lists, keys in JSON; alike in every engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import nldissect
from nldissect.capfile import PcapngWriter, comments, private
from nldissect.cli import main
from nldissect.columns.fields.derived import derived
from nldissect.stream.frames import FrameStream
from nldissect.stream.message_contexts import MessageContextBuilder
from tests.helpers.messages import frame
from tests.helpers.namespace_files import named
from tests.helpers.paths import LOGS

FILE = str(LOGS / "namespaces.pcapng")
"""Two network namespaces of one kernel, captured by nlmon and by a group; see tests/capture/test_namespaces.py."""
SEEN = [(number, "blue" if number % 8 in (5, 6, 7, 0) else "red") for number in range(5, 29)]


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert 0 == main(list(words))
    return capsys.readouterr().out.splitlines()


def spaces_file(path: Path, *spaces: tuple[str | int, ...], late: int | None = None) -> Path:
    """A pcapng with an interface for each network namespace, and a frame from each; `late` comes after frames."""
    with PcapngWriter(private(path)) as writer:
        for number, words in enumerate(spaces):
            if number == late:
                writer.write(1, frame(0, named(2, "left")), interface=0)
            told = [comments.format_comment("netns", *words)] if words else []
            writer.add_interface("nlmon", comments=told)
        for number in range(len(spaces)):
            writer.write(2 + number, frame(0, named(2, "left")), interface=number)
    return path


@pytest.mark.parametrize("engine", ["walk", "native"])
def test_the_field_is_the_name_of_the_namespace(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    fields = "-T", "fields", "-e", "frame.number", "-e", "netns"
    lines = printed(capsys, "read", "--engine", engine, FILE, *fields)

    assert SEEN == [(int(number), name) for number, name in (line.split("\t") for line in lines)]
    reds = printed(capsys, "read", "--engine", engine, FILE, "-Y", 'netns == "red"', *fields)
    assert [f"{number}\t{name}" for number, name in SEEN if name == "red"] == reds


def test_a_capture_object_filters_by_namespace() -> None:
    with nldissect.open(FILE) as cap:
        found = {name: cap.filter(f'netns == "{name}"').select("netns", "frame.number") for name in ("blue", "red")}
        assert [{name} for name in found] == [set(columns["netns"]) for columns in found.values()]
        assert len(cap) == sum(len(columns["netns"]) for columns in found.values())
        assert {number for number, name in SEEN if name == "red"} <= set(found["red"]["frame.number"].tolist())


@pytest.mark.parametrize("engine", ["walk", "native"])
def test_lists_and_trees_name_each_of_several_namespaces(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "read", "--engine", engine, FILE)
    assert [f"[{name}] " if name == "blue" else "[red]  " for _, name in SEEN] == [line[14:21] for line in lines]
    heads = [line for line in printed(capsys, "read", "--engine", engine, FILE, "-V") if line.startswith("Frame ")]
    assert [f"netns {name}" for _, name in SEEN] == [line.split(", ")[2] for line in heads]


@pytest.mark.parametrize("engine", ["walk", "native"])
def test_objects_name_each_of_several_namespaces(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = [json.loads(line) for line in printed(capsys, "read", "--engine", engine, FILE, "-T", "ndjson")]

    assert SEEN == [(one["frame"], one["netns"]) for one in found]
    assert ["frame", "message", "time", "netns", "interface", "protocol"] == list(found[0])[:6]


@pytest.mark.parametrize("engine", ["walk", "native"])
@pytest.mark.parametrize(
    ("spaces", "late", "field", "shown"),
    [
        ([("blue", 7)], None, ["blue"], [None]),
        ([("blue", 7), ("blue", 7)], None, ["blue", "blue"], [None, None]),
        ([("-", 7), ("blue", 8)], None, ["7", "blue"], ["7", "blue"]),
        ([("/run/netns/blue", 7), ("nsid-7",)], None, ["blue", "nsid-7"], ["blue", "nsid-7"]),
        ([("blue", 7), ()], None, ["blue", ""], [None, None]),
        ([("-",), ("blue", 7)], None, ["", "blue"], [None, "blue"]),
        ([("-", 7), ("nsid-7",), ("-", 7)], 1, ["7", "7", "nsid-7", "7"], [None, None, "nsid-7", None]),
    ],
)
def test_a_namespace_is_shown_where_there_are_several(
    engine: str,
    spaces: list[tuple[str | int, ...]],
    late: int | None,
    field: list[str],
    shown: list[str | None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An own namespace is known by its inode; one that a file tells of after the first frame is shown from there on."""
    path = str(spaces_file(tmp_path / "x.pcapng", *spaces, late=late))

    assert field == printed(capsys, "read", "--engine", engine, path, "-T", "fields", "-e", "netns")
    found = [json.loads(line) for line in printed(capsys, "read", "--engine", engine, path, "-T", "ndjson")]
    assert shown == [one.get("netns") for one in found]
    lines = printed(capsys, "read", "--engine", engine, path)
    assert [name and f"[{name}]" for name in shown] == [
        next((word for word in line.split() if word.startswith("[")), None) for line in lines
    ]


def test_both_forms_of_the_field_agree(tmp_path: Path) -> None:
    path = str(spaces_file(tmp_path / "x.pcapng", ("-", 7), ("blue", 8), ("-",)))
    contexts, field = MessageContextBuilder(), derived("netns")
    assert field is not None
    one_by_one = [field.values(one) for seen in FrameStream(path).frames() for one in contexts.of(seen)]
    with nldissect.open(path) as cap:
        together = cap.select("netns")["netns"]

    assert [("7",), ("blue",), ()] == one_by_one
    assert ["7", "blue", None] == list(together)
