"""Prompts of the shell: IPython if it is installed, else Python's own with readline; and scripts on standard input."""

from __future__ import annotations

import os
import sys
from code import InteractiveConsole, InteractiveInterpreter
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scapy.config import conf
from scapy.themes import apply_ipython_style

from nldissect.errors import NldissectError

from .completion import Completer, teach_ipython


def prompt(names: dict[str, Any], banner: str) -> None:
    """Run the prompt until the user leaves it."""
    wanted = conf.interactive_shell != "python" and sys.stdout.isatty()
    if wanted and find_spec("IPython") is not None:
        _ipython(names, banner)
    else:
        _python(names, banner)


def script(names: dict[str, Any]) -> int:
    """Run the program on standard input; return the exit status."""
    interpreter = Script(names)
    interpreter.run(sys.stdin.read(), "<stdin>")
    return int(interpreter.failed)


def complaint(error: BaseException | None) -> str | None:
    """Return the text of an error of ours, which needs no traceback; None for other errors."""
    return f"nldissect: {error}\n" if isinstance(error, NldissectError) else None


class Script(InteractiveInterpreter):
    """An interpreter of source; `failed` is set once it has printed an error."""

    failed = False

    def run(self, source: str, name: str) -> None:
        try:
            compiled = compile(source, name, "exec")
        except (SyntaxError, ValueError):
            self.showsyntaxerror(name)
        else:
            self.runcode(compiled)

    def write(self, data: str) -> None:
        self.failed = True
        sys.stderr.write(data)

    def showtraceback(self) -> None:
        text = complaint(sys.exc_info()[1])
        self.write(text) if text else super().showtraceback()


class Console(Script, InteractiveConsole):
    """Python's prompt."""


def _python(names: dict[str, Any], banner: str) -> None:
    history = Path(f"{conf.histfile}.python")
    try:
        import readline
    except ImportError:
        readline = None  # type: ignore[assignment]
    if readline is not None and sys.stdin.isatty():
        readline.set_completer(Completer(names).complete)
        edits = "libedit" in (readline.__doc__ or "")
        readline.parse_and_bind("bind ^I rl_complete" if edits else "tab: complete")
        with suppress(OSError):
            readline.read_history_file(history)
    sys.ps1 = str(conf.prompt)
    try:
        Console(names).interact(banner, exitmsg="")
    finally:
        if readline is not None and _kept(history):
            readline.set_history_length(10000)
            readline.write_history_file(history)


def _ipython(names: dict[str, Any], banner: str) -> None:
    from IPython.terminal.ipapp import TerminalIPythonApp
    from traitlets.config import Config

    config = Config()
    apply_ipython_style(shell=config.TerminalInteractiveShell)
    config.TerminalInteractiveShell.confirm_exit = False
    config.TerminalInteractiveShell.separate_in = ""
    config.TerminalInteractiveShell.term_title_format = "nldissect"
    config.TerminalInteractiveShell.enable_tip = False
    config.TerminalIPythonApp.display_banner = False
    config.Completer.use_jedi = conf.ipython_use_jedi
    history = Path(conf.histfile)
    config.HistoryAccessor.hist_file = history if _kept(history) else ":memory:"
    print(banner)
    app: Any = TerminalIPythonApp.instance(config=config, user_ns=names)
    app.initialize([])
    app.shell.set_custom_exc((NldissectError,), _complain)
    teach_ipython(app.shell)
    app.start()


def _complain(shell: Any, kind: type[BaseException], error: BaseException, trace: Any, tb_offset: Any = None) -> None:
    print(complaint(error), end="", file=sys.stderr)


def _kept(file: Path) -> bool:
    """Return whether a history can be kept in a file; under sudo a new file is given to the user, as Scapy does."""
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(0o600)
            if "SUDO_UID" in os.environ and "SUDO_GID" in os.environ:
                os.chown(file, int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"]))
    except OSError:
        return False
    return os.access(file, os.W_OK)
