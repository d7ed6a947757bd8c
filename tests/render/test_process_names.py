"""Whose messages are, as commands and the viewer show it: in fields, filters, statistics, views and lists."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nldissect.capfile import PcapngWriter, comments, private
from nldissect.cli import main
from nldissect.store.capture import Capture
from nldissect.viewer.model.capture_model import CaptureModel
from nldissect.viewer.views import VIEWS, ViewInput
from tests.helpers.netlink_users import ROUTE, START, Line, answer, ask, executed, listed, printed, written
from tests.helpers.sizes import SetSizes


def test_the_same_message_by_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-T fields` of a small file goes frame by frame, a filter too; both know what comes later in the file."""
    ip = [comments.format_comment("processes", 1234, "ip")]
    path = written(tmp_path / "x.pcapng", [(executed(1234), ip), ask(0, 7), answer(1234, 7), answer(1235, 8)])
    fields = ["-T", "fields", *(word for name in ("name", "pid", "confidence") for word in ("-e", f"process.{name}"))]

    assert ["ip\t1234\tguessed", "ip\t1234\tguessed"] == printed(path, capsys, "-Y", 'process.name == "ip"', *fields)
    assert 1 == len(printed(path, capsys, "-Y", 'process.confidence == "unknown" and frame.number > 1'))
    assert 1 == len(printed(path, capsys, "-Y", "process.pid == 1234 and nlmsg_type == RTM_GETLINK"))


def test_statistics_by_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ip = [comments.format_comment("processes", 1234, "ip")]
    path = written(
        tmp_path / "x.pcapng",
        [(executed(1234), ip), ask(0, 7), answer(1234, 7, error=-22), ask(0, 8), answer(1234, 8), answer(5, 9)],
    )
    capsys.readouterr()
    assert main(["stats", str(path), "processes", "-T", "json", "-Y", "protocol == NETLINK_ROUTE"]) == 0
    rows = json.loads(capsys.readouterr().out)["processes"]
    assert [
        {"pid": 1234, "name": "ip", "confidence": "guessed", "messages": 4, "share": 0.8, "bytes": 136, "requests": 2,
         "errors": 1},
        {"confidence": "unknown", "messages": 1, "share": 0.2, "bytes": 36, "requests": 0, "errors": 0},
    ] == rows  # fmt: skip
    assert main(["stats", str(path), "processes"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert ["process", "pid", "known", "messages", "share", "bytes", "requests", "errors"] == lines[0].split()
    assert ["ip", "1234", "guessed", "4"] == lines[1].split()[:4]


def test_processes_as_a_view_of_the_viewer(tmp_path: Path) -> None:
    """Its lines count what `stats processes` counts, and each one's filter finds those messages."""
    ip, tc = [comments.format_comment("processes", 1234, "ip")], [comments.format_comment("processes", 1235, "tc")]
    path = written(
        tmp_path / "x.pcapng",
        [
            (executed(1234), ip), ask(0, 7), answer(1234, 7, error=-22),
            (executed(1235), tc), answer(1235, 8), answer(1 << 22, 9),
        ],
    )  # fmt: skip
    capture = Capture([path], {}, None)
    shown = capture.filter("protocol == NETLINK_ROUTE").rows().astype(np.uint32)
    view = next(view for view in VIEWS if view.name == "Processes")
    *_, lines = view.rows(ViewInput(CaptureModel(capture), shown))
    assert [
        ["ip?", "1234", "2", "0.5", "68", "1", "1", "guessed"],
        ["tc?", "1235", "1", "0.25", "36", "0", "0", "guessed"],
        ["", "", "1", "0.25", "36", "0", "0", "unknown"],
    ] == [line.cells for line in lines]
    assert [2, 1, 1] == [len(capture.filter(f"protocol == NETLINK_ROUTE and ({line.filter})").rows()) for line in lines]
    view = next(view for view in VIEWS if view.name == "Exchanges")
    *_, exchanges = view.rows(ViewInput(CaptureModel(capture), shown))
    assert ["ip[1234]?", "tc[1235]?", "4194304"] == [line.cells[2] for line in exchanges]


@pytest.mark.parametrize("native", ["", "0"])
def test_lists_show_whose_a_message_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sizes: SetSizes, native: str
) -> None:
    """By the native core and row by row the same; a file that does not know has no such column."""
    monkeypatch.setenv("NLDISSECT_NATIVE", native)
    sizes(numpy_from=0)
    path = tmp_path / "x.pcapng"
    first, ip = listed(1, (ROUTE, 754, 50)), [comments.format_comment("processes", 1234, "ip")]
    port = comments.format_comment("port", 0, 754, "a-daemon-of-a-name[754]")
    lines: list[Line] = [
        *first[:-1], (first[-1], [port]), (executed(1234), ip), ask(0, 7), answer(1234, 7), answer(99, 8),
        answer(754, 9), answer(1234, 10),
    ]  # fmt: skip
    with PcapngWriter(private(path)) as writer:
        writer.add_interface("processes")
        for line in lines:
            data, said = line if isinstance(line, tuple) else (line, ())
            assert data is not None
            writer.write(START, data, comments=said)
    shown = [line.split(" ROUTE ")[0] for line in printed(path, capsys, "-Y", "protocol == NETLINK_ROUTE")]
    assert [
        "   6 0.000000000 ip[1234]?    →",
        "   7 0.000000000 ip[1234]?    ←",
        "   8 0.000000000              ←",
        "   9 0.000000000 a-daemon-of-a-name[754] ←",
        "  10 0.000000000 ip[1234]?               ←",
    ] == [line.replace("<-", "←").replace("->", "→") for line in shown]
    plain = written(tmp_path / "y.pcapng", [ask(0, 7), answer(1234, 7)])
    assert "   1 0.000000000 → ROUTE" in printed(plain, capsys)[0].replace("->", "→")
