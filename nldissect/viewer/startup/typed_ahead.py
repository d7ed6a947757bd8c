"""Keys that were typed before the application was there, taken from the terminal while its answer was awaited."""

from __future__ import annotations

from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver


def driver(typed: bytes) -> type[Driver]:
    """Textual's own, which has these keys first."""

    class Early(LinuxDriver):
        def run_input_thread(self) -> None:
            parser = XTermParser()
            for part in (typed.decode(errors="replace"), ""):  # nothing is their end: an escape may be the last
                for message in parser.feed(part):
                    self.process_message(message)
            super().run_input_thread()

    return Early
