"""`nldissect view`: from the options to the application."""

from __future__ import annotations

import argparse
import os

from nldissect.errors import NldissectError
from nldissect.index.capture import Capture


def view(options: argparse.Namespace) -> int:
    """Run the command; returns the exit status."""
    if not os.isatty(2):
        raise NldissectError("view draws on a terminal, and this is none; nldissect read prints lines")
    capture = Capture([options.file], dict(options.families), options.order, read=False)
    from .app import Viewer
    from .store import Store

    store = Store(capture)
    try:
        return Viewer(store, filter=options.filter or "", time=options.time, secrets=options.secrets).run() or 0
    finally:
        store.close()
