"""The command `nldissect view`: from its options to the application."""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from nldissect.errors import FileError, NldissectError, print_notice

from .startup.background_color import TerminalBackground
from .startup.terminal_input import keys_from_terminal, keys_wait

if TYPE_CHECKING:
    from nldissect.capture import CaptureConfig

    from .live.control import CaptureControl
    from .live.spool import Spool


def view(options: argparse.Namespace, config: Callable[[], CaptureConfig]) -> int:
    """Run the command; return the exit status. NldissectError for a wrong combination of options or without a terminal.

    config   makes the configuration of a capture, which may raise
    """
    if not os.isatty(2):
        raise NldissectError("view draws on a terminal, and this is none; nldissect read prints lines")
    if options.files and (options.interfaces or options.groups):
        raise NldissectError("view looks at files or captures; leave out FILE, or -i and -g")
    with ExitStack() as stack:
        if not options.files:
            return _capture(options, config(), stack)
        if "-" not in options.files:
            keys_from_terminal()
            return _files(options, _ready(stack))
        if len(options.files) > 1:
            raise FileError("standard input is looked at alone; leave out the other files, or write it to one")
        if os.isatty(0):
            raise FileError("standard input is a terminal; pipe a capture into it, or name a file")
        from .live.spool import Spool

        spool = Spool(os.dup(0))
        keys_from_terminal()
        spool.begin()  # until then, the command that writes the pipe may ask for a password
        return _show(options, [spool.path], "standard input", _ready(stack), spool=spool)


def _ready(stack: ExitStack) -> TerminalBackground:
    """Hold back keys from now on, and ask the terminal for its background colour."""
    stack.enter_context(keys_wait())
    background = TerminalBackground()
    background.ask()
    return background


def _files(options: argparse.Namespace, background: TerminalBackground) -> int:
    """View files; the first messages of a single one are drawn before the application is loaded."""
    gc.disable()  # until the application runs: nothing to collect while modules are loaded
    drawn = False
    if not options.filter and len(options.files) == 1:
        from .startup.first_screen import draw_first_screen, erase

        drawn = draw_first_screen(
            options.files[0], options.time or "r", dict(options.families), options.order, options.own
        )
    try:
        return _show(options, options.files, None, background)
    except BaseException:
        if drawn:
            erase()
        raise


def _show(
    options: argparse.Namespace,
    paths: list[str],
    name: str | None,
    background: TerminalBackground,
    live: CaptureControl | None = None,
    spool: Spool | None = None,
) -> int:
    from .model.capture_model import open_files, open_store

    if len(paths) > 1:
        store = open_files(paths, options)
    else:
        hidden = live.state.preamble if live is not None else 0 if spool is not None else None
        store = open_store(paths[0], options, name, hidden)
    from .app import Viewer
    from .user_config import own_settings

    settings, state = own_settings()
    background.hear()
    viewer = Viewer(
        store,
        filter=options.filter or "",
        time=options.time,
        secrets=options.secrets,
        live=live,
        spool=spool,
        reopen=lambda path, hidden: open_store(path, options, None, hidden),
        settings=settings,
        state=state,
        light=background.light,
        typed=background.typed,
    )
    try:
        viewer.run()
        if viewer.farewell:
            print_notice(viewer.farewell)
        return viewer.return_code or 0  # 1 after a defect, which is on the screen then
    finally:
        viewer.store.close()


def _capture(options: argparse.Namespace, config: CaptureConfig, stack: ExitStack) -> int:
    """View a live capture, which runs in a process of its own, started by another process that keeps the privileges."""
    from nldissect.capture import CaptureProcess, drop_privileges
    from nldissect.capture.private_folders import clean

    from .live.control import CaptureControl

    keys_from_terminal()
    background = _ready(stack)
    clean()
    live = CaptureControl(lambda: CaptureProcess(config), private=options.out is None)
    stack.callback(live.close)
    state = live.start()
    drop_privileges(options.user, reads=(__file__, os.__file__))  # or stays root that may only read files
    return _show(options, [state.files[0]["name"]], state.device, background, live)
