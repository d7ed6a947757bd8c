"""Output formats: the table FORMATS and what writes each of its lines."""

from __future__ import annotations

import io
from argparse import Namespace
from importlib import import_module, util

import pytest

from nldissect.cli import main
from nldissect.commands import parser
from nldissect.render.formats import FORMATS, __doc__
from nldissect.render.formats.base import FrameRenderer
from tests.helpers.imports import PACKAGE, loaded_by

CAPTURE = str(PACKAGE.parent / "captures/addr.pcap")
MODULES = PACKAGE / "render/formats"
OPTIONS = Namespace(
    secrets=False, tree=False, hex=False, time="r", color=False, fields=["nlmsg_type"], layout=[], format=None
)


def test_every_line_of_the_table_has_its_module() -> None:
    for name, format in FORMATS.items():
        path = MODULES / f"{format.module}.py"
        assert path.is_file(), f"{name} is in FORMATS of render/formats/__init__.py: write {path.relative_to(PACKAGE)}"
        module = import_module(f"nldissect.render.formats.{format.module}")
        where = f"{path.relative_to(PACKAGE)} has no frame_renderer; see render/formats/__init__.py"
        assert hasattr(module, "frame_renderer"), where
        renderer = module.frame_renderer(Namespace(**{**vars(OPTIONS), "format": name}), io.StringIO())
        assert isinstance(renderer, FrameRenderer)


def test_every_format_of_the_core_has_its_module() -> None:
    natives = {format.native for format in FORMATS.values()} - {None}
    for native in natives:
        name = f"nldissect.render.native.{native}"
        assert util.find_spec(name), (
            f"{native} is in FORMATS of render/formats/__init__.py: write render/native/{native}.py"
        )
        assert hasattr(import_module(name), "native_read"), f"render/native/{native}.py has no native_read"


def test_every_module_has_its_line_in_the_table() -> None:
    modules = {path.stem for path in MODULES.glob("*.py")} - {"__init__", "base"}
    used = {format.module for format in FORMATS.values()}
    assert set() == modules - used, "add a line to FORMATS of render/formats/__init__.py"


@pytest.mark.parametrize("command", ["read", "capture", "run", "send"])
def test_commands_offer_the_formats(command: str) -> None:
    """send shows messages, so that it has none of those that show fields."""
    commands = parser(command)._actions[-1].choices
    assert isinstance(commands, dict)
    (choices,) = (action.choices for action in commands[command]._actions if "-T" in action.option_strings)
    wanted = [name for name, format in FORMATS.items() if command != "send" or not format.needs_fields]
    assert wanted == list(choices)


@pytest.mark.parametrize("name", FORMATS)
def test_fields_are_named_for_formats_of_fields_alone(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    fields = FORMATS[name].needs_fields
    assert (2 if fields else 0) == main(["read", CAPTURE, "-c", "1", "-T", name])
    assert (0 if fields else 2) == main(["read", CAPTURE, "-c", "1", "-T", name, "-e", "nlmsg_type"])
    told = capsys.readouterr().err
    assert (f"-T {name} prints the fields you name" if fields else "-e goes with -T fields or -T csv") in told


def test_how_to_add_a_format_names_both_places() -> None:
    assert __doc__ is not None
    assert "To add an output format" in __doc__ and "FORMATS" in __doc__ and "Write that module" in __doc__
    assert "def frame_renderer(" in __doc__ and "def native_read(" in __doc__


def test_a_format_that_is_not_asked_for_is_not_imported() -> None:
    words = ["read", CAPTURE, "--engine", "walk", "-T", "ndjson"]
    loaded = loaded_by(f"from nldissect.cli import main; main({words})")
    formats = {name.rpartition(".")[2] for name in loaded if name.startswith("nldissect.render.formats.")}
    assert {"json", "base"} == formats
