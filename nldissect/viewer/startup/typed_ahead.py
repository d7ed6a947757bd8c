"""A Textual driver that first handles the keys typed before the application started."""

from __future__ import annotations

from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver


def driver(typed: bytes) -> type[Driver]:
    """Return a class of Textual's driver that handles these bytes before it reads the terminal."""

    class Early(LinuxDriver):
        def run_input_thread(self) -> None:
            parser = XTermParser()
            for part in (typed.decode(errors="replace"), ""):  # "" ends the input: the last key may be escape
                for message in parser.feed(part):
                    self.process_message(message)
            super().run_input_thread()

    return Early
