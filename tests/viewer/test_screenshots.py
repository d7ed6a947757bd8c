"""The pictures of captures/screens: what they show is what the viewer draws now."""

from __future__ import annotations

import html
import importlib.util
import re
from types import ModuleType

import pytest

from tests.helpers.paths import CAPTURES


def _screens() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screens", CAPTURES / "screens.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCREENS = _screens()


def text_of(svg: str) -> list[str]:
    """The lines of a picture; the last column, where scroll bars are, is left out."""
    found: dict[int, list[tuple[float, str]]] = {}
    for x, line, text in re.findall(
        r'<text [^>]*?x="([\d.]+)"[^>]*?clip-path="url\(#.*?-line-(\d+)\)">(.*?)</text>', svg
    ):
        found.setdefault(int(line), []).append((float(x), html.unescape(text).replace("\xa0", " ")))
    lines = []
    for line in sorted(found):
        out = ""
        for x, text in sorted(found[line]):
            out = out.ljust(round(x / 12.2)) + text
        lines.append(out)
    return [line.rstrip() for line in lines]


def cut(lines: list[str], width: int) -> list[str]:
    kept = [line[: width - 1].rstrip() for line in lines]
    return [line for line in kept if line]


@pytest.mark.parametrize("name", ["list", "diff", "no-colour"])
def test_pictures_show_what_the_viewer_draws(name: str) -> None:
    drawn, _ = SCREENS.taken(name)
    width = SCREENS.PICTURES[name].size[0]
    kept = text_of((CAPTURES / "screens" / f"{name}.svg").read_text())
    assert cut(drawn, width) == cut(kept, width), "the screen has changed: look at it, then run captures/screens.py"


def test_every_picture_is_there_and_of_modest_size() -> None:
    files = {path.stem: path.stat().st_size for path in (CAPTURES / "screens").glob("*.svg")}
    assert files.keys() == SCREENS.PICTURES.keys()
    assert max(files.values()) < 80_000
    for name in files:
        assert "font-face" not in (CAPTURES / "screens" / f"{name}.svg").read_text()
