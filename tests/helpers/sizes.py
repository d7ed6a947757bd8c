"""Other sizes than the program's own (nldissect/sizes.py), for one test: small ones cut small captures in pieces."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nldissect.sizes import SIZES

SetSizes = Callable[..., None]
"""sizes(native_window=4096, row_range=512); AttributeError for a name that is none."""


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> SetSizes:
    """Sets sizes until the test ends."""

    def change(**values: float | None) -> None:
        for name, value in values.items():
            monkeypatch.setattr(SIZES, name, value)

    return change
