"""Settings of the viewer, read from one TOML file, `viewer.toml` in the user's configuration directory, never written.

    theme = "textual-light"
    time = "delta"                                      # relative, absolute, delta, epoch
    columns = ["frame.number", "frame.time", "nlmsg_type", { field = "IFLA_MTU", title = "MTU", width = 6 }, "summary"]

    [filters]                                           # presets of the filter bar, in this order
    mtu = "IFLA_MTU"

    [[color]]                                           # the first rule that matches paints the line
    name = "big"
    filter = "IFLA_MTU > 9000"
    style = "bold red"

    [keys]                                              # the help (?) lists the names of actions
    app.follow = ["f", "ctrl+f"]

An invalid setting has its default, and a line in `problems`. Changes made inside the application are kept in a file of
their own, see state.py.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from nldissect.capfile.byte_source import one_line
from nldissect.errors import FilterError, NldissectError
from nldissect.filters import compile_filter

from ..model import field_columns
from ..model.field_columns import ColumnSpec
from . import color_rules
from .color_rules import ColorRule, ready

NAME = "viewer.toml"
TIMES = {"relative": "r", "absolute": "a", "delta": "d", "epoch": "e"}
"""The time formats, and their letters in `read -t`."""
PRESETS = {
    "errors and warnings": "error or extack",
    "requests": 'direction == "to kernel"',
    "notifications": 'direction == "notification"',
    "without dumps": "not nlmsg_flags & NLM_F_MULTI and not nlmsg_type == NLMSG_DONE",
    "what the decoder found odd": "notes",
}


@dataclass(slots=True)
class Settings:
    """The settings of the file, or their defaults.

    colors     the colour rules
    theme      "" for the theme that fits the terminal
    presets    filters by name
    keys       action -> keys, of those actions that the user gave keys
    problems   a line for each invalid setting
    """

    columns: tuple[ColumnSpec, ...] = field_columns.DEFAULT
    colors: tuple[ColorRule, ...] = color_rules.DEFAULT
    time: str = "relative"
    theme: str = ""
    presets: dict[str, str] = field(default_factory=lambda: dict(PRESETS))
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def config_file() -> Path:
    """Return the path of the settings file."""
    import platformdirs

    return Path(platformdirs.user_config_dir("nldissect")) / NAME


def load(path: Path | None = None, themes: Collection[str] = (), actions: Collection[str] = ()) -> Settings:
    """Read the settings; defaults if there is no file. `themes` and `actions` are the known names, empty: any."""
    where = config_file() if path is None else path
    found = Settings()
    try:
        text = where.read_text(encoding="utf-8")
        said = tomllib.loads(text)
    except FileNotFoundError:
        return found
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        found.problems.append(f"can't read {shown_path(where)}: {reason}; the defaults are used")
        return found
    except tomllib.TOMLDecodeError as error:
        found.problems.append(f"{shown_path(where)} is no TOML: {error}; the defaults are used")
        return found
    _SettingsReader(found, shown_path(where), themes, actions).read(said)
    return found


def shown_path(path: Path) -> str:
    """Return a path as text, the home directory as "~"."""
    home = os.path.expanduser("~")
    text = str(path)
    return one_line("~" + text[len(home) :] if home != "/" and text.startswith(home + os.sep) else text)


class _SettingsReader:
    """A reader that takes over valid settings and collects problems."""

    def __init__(self, found: Settings, name: str, themes: Collection[str], actions: Collection[str]) -> None:
        self.found, self.name, self.themes, self.actions = found, name, themes, actions
        self.readers: dict[str, Callable[[Any], None]] = {
            "columns": self._columns, "color": self._colors, "time": self._time, "theme": self._theme,
            "filters": self._filters, "keys": self._keys,
        }  # fmt: skip

    def read(self, said: dict[str, Any]) -> None:
        for key, value in said.items():
            reader = self.readers.get(key)
            try:
                if reader is None:
                    raise NldissectError(f"there is no such setting; {_nearest(key, self.readers)}")
                reader(value)
            except NldissectError as error:
                self.found.problems.append(f"{self.name}: {one_line(key)}: {_first_line(error)}")

    def _time(self, value: Any) -> None:
        self.found.time = _one_of(value, TIMES)

    def _theme(self, value: Any) -> None:
        self.found.theme = _one_of(value, self.themes) if self.themes else _text(value)

    def _columns(self, value: Any) -> None:
        if not isinstance(value, list) or not value:
            raise NldissectError('this is a list of fields, like ["frame.number", "IFLA_MTU", "summary"]')
        self.found.columns = tuple(field_columns.meant(one) for one in value)

    def _colors(self, value: Any) -> None:
        if not isinstance(value, list):
            raise NldissectError("write [[color]] above each rule, with filter and style below it")
        made = []
        for one in value:
            if not isinstance(one, dict) or not {"filter", "style"} <= one.keys() <= {"filter", "style", "name"}:
                raise NldissectError("a rule has filter, style and, if you like, name")
            made.append(ColorRule(_text(one.get("name", one["filter"])), _text(one["filter"]), _text(one["style"])))
        for rule in made:
            ready(rule)
        self.found.colors = tuple(made)

    def _filters(self, value: Any) -> None:
        made = {name: _text(text) for name, text in _table(value).items()}
        for name, text in made.items():
            try:
                compile_filter(text)
            except FilterError as error:
                raise NldissectError(f"{one_line(name)}: {error.message}") from None
        self.found.presets = made

    def _keys(self, value: Any) -> None:
        made = {}
        for action, keys in _flat(_table(value)):
            if self.actions and action not in self.actions:
                raise NldissectError(f'no action is called "{one_line(action)}"; {_nearest(action, self.actions)}')
            made[action] = tuple(_text(key) for key in (keys if isinstance(keys, list) else [keys]))
        self.found.keys = made


def _flat(table: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted names and values: TOML parses `app.follow = ...` as a table in a table."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise NldissectError(f"this is text in quotes, not {one_line(str(value))}")
    return value


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NldissectError("this is a table, a line `name = ...` for each")
    return value


def _one_of(value: Any, known: Collection[str]) -> str:
    if _text(value) not in known:
        raise NldissectError(f'"{one_line(value)}" is none of {", ".join(known)}')
    return str(value)


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"


def _first_line(error: NldissectError) -> str:
    return str(error).splitlines()[0]
