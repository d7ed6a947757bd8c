"""`--netns` of `state`, `changes` and `exchanges`: what was told, asked and answered in one network namespace."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nldissect.cli import main
from tests.helpers.paths import CAPTURES, LOGS

FILE = str(LOGS / "namespaces.pcapng")
"""Links blue0 to blue2 are made in one network namespace, red0 to red2 in another."""


def objects(capsys: pytest.CaptureFixture[str], command: str, *words: str) -> Any:
    assert 0 == main([command, FILE, *words, "-T", "json"])
    return json.loads(capsys.readouterr().out)


def inode(name: str) -> str:
    """The number that the file has for a namespace."""
    from nldissect.capfile import open_capture

    with open_capture(FILE) as reader:
        next(reader.windows())
        return next(one.space for one in reader.interfaces if one.netns == name)


@pytest.mark.parametrize("name", ["blue", "red"])
def test_objects_of_a_namespace(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    links = [f"{name}{number}" for number in range(3)]
    for wanted in (name, inode(name)):
        assert links == [one["ifname"] for one in objects(capsys, "state", "links", "--netns", wanted)]
        assert links == [one["name"] for one in objects(capsys, "changes", "--netns", wanted)]
        asked = objects(capsys, "exchanges", "--netns", wanted)
        assert [f"{link} #{100 + number} dummy" for number, link in enumerate(links)] == [
            one["summary"] for one in asked
        ]


def test_all_objects_name_their_namespace(capsys: pytest.CaptureFixture[str]) -> None:
    expected = {f"{name}{number}": name for name in ("blue", "red") for number in range(3)}

    assert expected == {one["ifname"]: one["netns"] for one in objects(capsys, "state", "links")}
    assert expected == {one["name"]: one["netns"] for one in objects(capsys, "changes")}
    assert expected == {one["summary"].split()[0]: one["netns"] for one in objects(capsys, "exchanges")}


def test_text_names_the_namespace(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["state", FILE, "links"])
    assert ["links [netns blue] (3)", "links [netns red] (3)"] == [
        line for line in capsys.readouterr().out.splitlines() if line.startswith("links")
    ]
    for command in ("changes", "exchanges"):
        assert 0 == main([command, FILE])
        lines = capsys.readouterr().out.splitlines()[:6]
        for line in lines:
            label = next(word for word in line.split() if word.startswith("["))
            assert f" {label[1:-1]}" in line and label in ("[blue]", "[red]")


@pytest.mark.parametrize("command", ["state", "changes", "exchanges"])
def test_a_namespace_that_is_not_there(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main([command, FILE, "--netns", "green"])
    assert "no network namespace green in the capture; it tells of blue, red" in capsys.readouterr().err
    assert 2 == main([command, str(CAPTURES / "vlan_add.pcap"), "--netns", "green"])
    assert "it tells of none that has a name" in capsys.readouterr().err
