"""What a specification binds ends with its test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import nldissect.all  # noqa: F401 (a family that is first loaded within a test would be gone after it, too)
from nldissect import ynl
from nldissect.wire.attr_set import SETS
from nldissect.wire.packets import bindings
from nldissect.wire.packets.bindings import COMMANDS, USER_FAMILIES


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """What a specification binds is gone after each test."""
    tables: list[dict[Any, Any]] = [SETS, COMMANDS, bindings.MESSAGES]
    sets: list[set[Any]] = [USER_FAMILIES, ynl._loaded, bindings._asked]
    kept = [one.copy() for one in tables], [one.copy() for one in sets], ynl._folders.copy()
    yield
    for table, before in zip(tables, kept[0], strict=True):
        table.clear()
        table.update(before)
    for one, some in zip(sets, kept[1], strict=True):
        one.clear()
        one.update(some)
    ynl._folders[:] = kept[2]
