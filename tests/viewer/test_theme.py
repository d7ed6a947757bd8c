"""The colours of the viewer: readable on dark and on light terminals, with 256 colours and with 16, and without."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from nldissect.terminal.colors import STYLES
from nldissect.viewer.panes.theme import FEW, MANY, PLAIN, Theme
from tests.helpers.paths import CAPTURES, ROOT
from tests.helpers.terminal import Terminal
from tests.helpers.viewer_pilot import Screen, run

BLACK, WHITE, SOLARIZED = (0, 0, 0), (255, 255, 255), ((0, 43, 54), (253, 246, 227))
LINUX = (
    "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"
)
XTERM = (
    "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"
)
"""Default palettes: drivers/tty/vt/vt.c of the kernel, XTerm-col.ad of xterm."""
BACK = {"dim", "faded"}
"""What stands back, and may have less contrast."""

Triplet = tuple[int, int, int]


def luminance(colour: Triplet) -> float:
    """As WCAG 2.1 defines it."""
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Triplet, other: Triplet) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def shown(colour: Color | None, default: Triplet, palette: list[Triplet]) -> Triplet:
    if colour is None:
        return default
    assert colour.number is not None
    if colour.number < 16:
        return palette[colour.number]
    return tuple(colour.get_truecolor())  # type: ignore[return-value]


def palette(text: str) -> list[Triplet]:
    return [(int(one[:2], 16), int(one[2:4], 16), int(one[4:], 16)) for one in text.split()]


@pytest.mark.parametrize("light", [False, True], ids=["dark", "light"])
@pytest.mark.parametrize("many", [True, False], ids=["256 colours", "16 colours"])
def test_contrast(light: bool, many: bool) -> None:
    """Text has 4.5 to 1, what stands back 3 to 1: on black, white and Solarized, in the palettes of linux and xterm."""
    plain = BLACK if light else (170, 170, 170)
    screens = [WHITE if light else BLACK, *([SOLARIZED[light]] if many else [])]
    palettes = [palette(XTERM), *([] if light else [palette(LINUX)])]
    for role, (dark_style, light_style) in (MANY if many else FEW).items():
        style = Style.parse(light_style if light else dark_style)
        if style.color is None:
            continue
        for colours in palettes:
            for screen in screens:
                front, back = shown(style.color, plain, colours), shown(style.bgcolor, screen, colours)
                assert contrast(front, back) >= (3 if role in BACK else 4.5), (role, str(style), screen)


def test_every_role_has_colours_and_is_told_apart_without() -> None:
    assert MANY.keys() == FEW.keys() >= PLAIN.keys()
    look = Theme(colours=False)
    assert all(look.style(role).color is None and look.style(role).bgcolor is None for role in MANY)
    styles = {role: str(look.style(role)) for role in ("cursor", "cursor-away", "header", "faded", "error", "")}
    assert len(set(styles.values())) == len(styles)


def test_another_theme_is_worn_at_once() -> None:
    async def steps(screen: Screen) -> None:
        app = screen.app
        app.look.apply(True, True)
        dark = app.look.style("kernel")
        app.theme = "textual-light"
        await screen.until(lambda: app.look.style("kernel") != dark)
        app.theme = "ansi-dark"
        await screen.until(lambda: app.look.style("kernel") in (dark, Style.parse(FEW["kernel"][0])))

    run(CAPTURES / "vlan_add.pcap", steps)


@pytest.mark.parametrize(
    ("answer", "colour"),
    [
        ("\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\\x1b[?62;22c", MANY["kernel"][1]),
        ("\x1b]11;rgb:00/2b/36\x07\x1b[?6c", MANY["kernel"][0]),
        ("\x1b[?6c", MANY["kernel"][0]),
    ],
    ids=["light", "dark", "silent"],
)
def test_the_terminal_is_asked(answer: str, colour: str, tmp_path: Path) -> None:
    """Its answer decides, and is no key; keys around it are."""
    with Terminal(
        sys.executable, "-m", "nldissect", "view", "captures/vlan_add.pcap", home=tmp_path, cwd=ROOT
    ) as screen:
        screen.until("reading ...")
        assert b"\x1b]11;?" in screen.raw
        screen.keys(f"/IFLA{answer}_MTU\r")
        screen.until(" of 28 messages ")  # painted after the list; the tree may have been painted before
        number = colour.removeprefix("color(").removesuffix(")")
        assert f"38;5;{number}".encode() in screen.raw
        screen.keys("q")
        assert 0 == screen.ended()


def test_the_console_of_linux(tmp_path: Path) -> None:
    """It is not asked, and is sent signs that its font has."""
    command = (sys.executable, "-m", "nldissect", "view", "captures/vlan_add.pcap")
    with Terminal(*command, home=tmp_path, cwd=ROOT, TERM="linux") as screen:
        screen.until("► Frame 1")
        assert b"\x1b]11;?" not in screen.raw
        drawn = screen.raw[screen.raw.rindex(b"\x1b[?1049h") :].decode()
        assert not any(sign in drawn for sign in "▾▸") and "\x1b[38" not in drawn
        screen.keys("q")
        assert 0 == screen.ended()


def test_what_stands_back_on_a_terminal_that_is_printed_to() -> None:
    """Nobody asks that for its background: a grey in the middle, and bright black where there are 16 colours."""
    dim = Style.parse(STYLES["dim"]).color
    assert dim is not None and 8 == dim.downgrade(ColorSystem.STANDARD).number
    grey = shown(dim, BLACK, [])
    assert min(contrast(grey, BLACK), contrast(grey, WHITE)) >= 4.5
    assert min(contrast(grey, screen) for screen in SOLARIZED) >= 3


def test_without_colours_a_filter_shows_how_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def steps(screen: Screen) -> None:
        bar = screen.app.bar
        seen = [str(bar.styles.text_style)]
        for filter, state in [("IFLA_MTU", "good"), ("IFLA_M", "bad"), ("IFLA_MTU", "good")]:
            bar.value = filter
            await screen.until(lambda state=state: bar.state == state and bar.has_class(state))
            seen.append(str(bar.styles.text_style))
        await screen.press("backslash")
        await screen.until(lambda: bar.has_class("off"))
        seen.append(str(bar.styles.text_style))
        assert ["none", "bold", "underline", "bold", "bold strike"] == seen

    run(CAPTURES / "vlan_add.pcap", steps)
