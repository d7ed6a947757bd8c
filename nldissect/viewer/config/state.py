"""State that the viewer remembers between runs: the filters typed, and the settings changed inside the application.

It is kept in a file of the program's own, `viewer.json` in the user's state directory: viewer.toml, with its comments
and its order, is never written to. A change made inside the application is valid until the same setting is changed in
viewer.toml: each is kept together with the value that the file had then.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from nldissect.errors import NldissectError

from ..model.field_columns import meant, said
from .settings import TIMES, Settings

NAME = "viewer.json"
LONGEST = 200
"""Maximum number of filters remembered."""


def state_file() -> Path:
    """Return the path of the state file."""
    import platformdirs

    return Path(platformdirs.user_state_dir("nldissect")) / NAME


class RememberedState:
    """Filters and changed settings; `history` holds the filters, the latest last. Without a path nothing is saved."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.history: list[str] = []
        self._changed: dict[str, Any] = {}
        known = self._read()
        history = known.get("history", [])
        if isinstance(history, list):
            self.history = [text for text in history if isinstance(text, str)][-LONGEST:]
        changed = known.get("changed", {})
        if isinstance(changed, dict):
            self._changed = changed

    def _read(self) -> dict[str, Any]:
        """Return the contents of the state file; empty if it is missing or damaged: the next save replaces it."""
        if self.path is None:
            return {}
        try:
            known = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def used(self, filter: str) -> None:
        """Add a filter to the history as the latest, and save."""
        if not filter.strip():
            return
        self.history = [*(one for one in self.history if one != filter), filter][-LONGEST:]
        self.save()

    def change(self, settings: Settings, name: str, value: Any) -> None:
        """Change a setting (`columns`, `time` or `theme`), and save the change."""
        file = self._changed.get(name, {}).get("file", _said(name, getattr(settings, name)))
        self._changed[name] = {"file": file, "mine": _said(name, value)}
        setattr(settings, name, value)
        self.save()

    def apply(self, settings: Settings) -> None:
        """Apply the changes whose setting in the file is still the same; drop the others."""
        for name, value in list(self._changed.items()):
            try:
                if value["file"] == _said(name, getattr(settings, name)):
                    setattr(settings, name, _meant(name, value["mine"]))
                    continue
            except (AttributeError, KeyError, TypeError, NldissectError):
                pass  # written by another version
            del self._changed[name]

    def save(self) -> None:
        """Write the state file, completely or not at all; a directory that can't be written is no error."""
        if self.path is None:
            return
        text = json.dumps({"history": self.history, "changed": self._changed}, indent=1)
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=self.path.parent, prefix=NAME)
            try:
                with open(number, "w", encoding="utf-8") as file:
                    file.write(text)
                os.replace(name, self.path)
            except BaseException:
                os.unlink(name)
                raise


def _said(name: str, value: Any) -> Any:
    return [said(one) for one in value] if name == "columns" else value


def _meant(name: str, value: Any) -> Any:
    if name == "columns":
        return tuple(meant(one) for one in value)
    if not isinstance(value, str) or (name == "time" and value not in TIMES):
        raise NldissectError(f"no {name}: {value}")
    return value
