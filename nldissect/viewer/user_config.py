"""The user's settings and the remembered state at the start of the application."""

from __future__ import annotations

import os
import pwd

from textual.theme import BUILTIN_THEMES

from .config.settings import Settings, load
from .config.state import RememberedState, state_file
from .keys import KEYS


def own_settings() -> tuple[Settings, RememberedState]:
    """Return settings and state, the state applied to the settings."""
    if not os.access(os.path.expanduser("~"), os.W_OK):  # started by sudo, and no longer root
        os.environ["HOME"] = pwd.getpwuid(os.geteuid()).pw_dir
    settings, state = (
        load(None, BUILTIN_THEMES, [f"{key.place}.{key.name}" for key in KEYS]),
        RememberedState(state_file()),
    )
    state.apply(settings)
    return settings, state
