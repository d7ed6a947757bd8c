"""Random operations in the real kernel: nothing is wrong of what is said to be sure. `.ci/long` tries more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import uml_kernel

from .scene import scene
from .tally import Tally

pytestmark = pytest.mark.skipif(bool(uml_kernel.excuse()), reason=uml_kernel.excuse())


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_sure_is_true(tmp_path: Path, seed: int) -> None:
    """One scene is followed by its dumps, too; of the other all but the first dumps are kept from nldissect."""
    tally = scene(tmp_path, 400, seed)

    assert [] == tally.broken
    told = {subject for subject, _, _ in tally.counts}
    assert told >= {"cause", "process", *(f"state of {kind}" for kind in ("link", "address", "route", "rule"))}


def test_what_is_wrong_although_sure() -> None:
    tally = Tally()
    tally.add("cause", "inferred", False, "it was ip[7]")
    tally.add("state of link", "event", True)
    tally.add("state of link", "event", False, "d0 is gone")

    assert ["state of link, event: d0 is gone"] == tally.broken
    assert "state of link          event             1      1   50.00%" in list(tally.table())
