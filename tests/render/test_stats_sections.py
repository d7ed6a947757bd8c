"""Sections of `stats`: the table SECTIONS and a module for each of its lines."""

from __future__ import annotations

from importlib import import_module

from nldissect.render.stats import OVERVIEW, SECTIONS, __doc__
from tests.helpers import paths
from tests.helpers.imports import PACKAGE, loaded_by

MODULES = PACKAGE / "render/stats/sections"
PARTS = ("counter", "as_object", "print_text")


def test_every_line_of_the_table_has_its_module() -> None:
    for name in SECTIONS:
        path = MODULES / f"{name}.py"
        assert path.is_file(), f"{name} is in SECTIONS of render/stats/__init__.py: write {path.relative_to(PACKAGE)}"
        module = import_module(f"nldissect.render.stats.sections.{name}")
        missing = [part for part in PARTS if not hasattr(module, part)]
        assert [] == missing, f"{path.relative_to(PACKAGE)} has no {', '.join(missing)}; see render/stats/__init__.py"


def test_every_module_has_its_line_in_the_table() -> None:
    modules = {path.stem for path in MODULES.glob("*.py")} - {"__init__"}
    assert set() == modules - set(SECTIONS), "add a line to SECTIONS of render/stats/__init__.py"


def test_the_overview_is_of_the_first_sections() -> None:
    assert ("types", "families", "errors", "rate") == OVERVIEW == tuple(SECTIONS)[: len(OVERVIEW)]


def test_how_to_add_a_section_names_both_places() -> None:
    assert __doc__ is not None
    assert "To add a section" in __doc__ and "SECTIONS" in __doc__ and "sections/NAME.py" in __doc__
    assert all(f"def {part}(" in __doc__ for part in PARTS)


def test_what_is_not_counted_is_not_imported() -> None:
    capture = paths.ROOT / "captures/addr.pcap"
    loaded = loaded_by(f"from nldissect.cli import main; main(['stats', {str(capture)!r}, 'types'])")
    sections = {name for name in loaded if name.startswith("nldissect.render.stats.sections.")}
    assert {"nldissect.render.stats.sections.types"} == sections
    assert not {name for name in loaded if name.endswith(("analysis.stats.coverage", "analysis.stats.objects"))}
