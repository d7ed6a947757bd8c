"""Sizes (nldissect/sizes.py): each is read somewhere; a test sets them for itself alone."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from nldissect.sizes import SIZES, Sizes
from tests.helpers.paths import PACKAGE
from tests.helpers.sizes import SetSizes

NAMES = {one.name for one in fields(Sizes)}


def test_every_size_is_read_and_no_other() -> None:
    read = {
        name
        for path in PACKAGE.rglob("*.py")
        if path.name != "sizes.py"
        for name in re.findall(r"\bSIZES\.(\w+)", path.read_text())
    }
    assert NAMES == read


def test_sizes_are_set_for_one_test(sizes: SetSizes, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes(window=4096, processors=2)
    assert (4096, 2) == (SIZES.window, SIZES.processors)
    monkeypatch.undo()
    assert all(getattr(SIZES, name) == getattr(Sizes(), name) for name in NAMES)


def test_a_name_that_is_no_size_is_an_error(sizes: SetSizes) -> None:
    with pytest.raises(AttributeError):
        sizes(windows=4096)
    with pytest.raises(AttributeError):
        SIZES.windows = 4096  # type: ignore[attr-defined]
