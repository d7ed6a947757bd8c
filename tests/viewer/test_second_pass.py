"""What only the whole capture tells: lists, colours, sorting and filters wait for it beside the screen, in steps."""

from __future__ import annotations

import pytest

from nldissect.columns.blocks.whole_capture import PASSES
from nldissect.viewer.config.color_rules import ColorRule
from nldissect.viewer.config.settings import Settings
from tests.helpers.paths import CAPTURES
from tests.helpers.viewer_pilot import Screen, run


def in_one_go(whole: object) -> object:
    raise AssertionError("a pass over the whole file in one step, while nothing else can be done")


def cells(at: Screen, row: int) -> list[str]:
    return ["".join(text for _, text in cell).strip() for cell in at.app.packets.cells(row)]


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not work it out before asks in vain."""
    for name in PASSES:
        monkeypatch.setitem(PASSES, name, in_one_go)


@pytest.mark.usefixtures("in_steps")
def test_columns_and_sorting() -> None:
    """Frames 3 and 4 of errors.pcap are an exchange of 57.5 ms, the longest, that ended with ERANGE."""

    async def steps(at: Screen) -> None:
        at.app._columns("frame.number, exchange.latency, event.copies, expert.kind")
        await at.until(lambda: cells(at, 3)[1:] == ["0.057507", "", "refused"])
        assert "0.057507" == cells(at, 2)[1]
        at.app.packets.column = 1
        await at.press("o", "o")
        await at.until(lambda: at.frames[:4] == [3, 4, 15, 16])

    run(CAPTURES / "errors.pcap", steps)


@pytest.mark.usefixtures("in_steps")
def test_filters() -> None:
    async def steps(at: Screen) -> None:
        for text, frames in (
            ("exchange.result == ERANGE", [3, 4]),
            ('expert == "ERANGE: 8021q: Invalid VLAN id"', [4]),
            ("event.copy > 1", []),
        ):
            await at.write(text)
            await at.until(lambda text=text: at.app.filtering.text == text)
            await at.until(lambda frames=frames: at.app.filtering.sieve.complete and at.frames == frames)  # type: ignore[union-attr]
        await at.write("frame.number == 3")
        await at.until(lambda: at.frames == [3])
        await at.press("E")
        await at.until(lambda: at.app.filtering.text == "exchange.id == 2" and at.frames == [3, 4])

    run(CAPTURES / "errors.pcap", steps)


@pytest.mark.usefixtures("in_steps")
def test_colour_rules() -> None:
    async def steps(at: Screen) -> None:
        await at.until(lambda: at.app.packets.rules is not None and at.app.packets.style(2) == "reverse")
        assert "" == at.app.packets.style(0)

    rules = (ColorRule("slow", "exchange.latency > 50ms", "reverse"),)
    run(CAPTURES / "errors.pcap", steps, settings=Settings(colors=rules))
