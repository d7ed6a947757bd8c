"""Copying of the message, or of the line under the tree's cursor, to the clipboard, also over ssh, or to a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nldissect.capfile.byte_source import one_line
from nldissect.errors import FileError

from ..jobs.save_job import check_target, place_of
from ..panes.chooser import DialogChoice
from .base import ViewerBase

KEYS = {"text": "t", "hex": "h", "python": "p", "c": "c", "json": "j", "filter": "f"}


class CopyActions(ViewerBase):
    """Copying to the terminal's clipboard, by the escape sequence OSC 52, or to a file."""

    def action_copy(self) -> None:
        self._copied("copy", self._to_clipboard)

    def action_copy_to_file(self) -> None:
        self._copied("copy to a file", self._ask_file)

    def _copied(self, what: str, use: Callable[[str, str], object]) -> None:
        """Ask for the form of the copy."""
        from .copy_text import FORMS, CopyForms

        item = self.item_under_cursor if len(self.screen_stack) == 1 else None
        if not self.at_message():
            return
        entry = self.packets.entry
        if entry is None:
            self.status.show("there is no message here to copy")
            return
        copies = CopyForms(entry)
        if item is not None and item.path[0] == "frame":
            item = None
        name = "the message" if item is None or item.path == ("message",) else item.name
        choices = [DialogChoice(KEYS[form], form, says) for form, says in FORMS.items()]

        def chosen(form: str) -> None:
            text = copies.message(form) if item is None else copies.item(item, form)
            use(text, f"{name} as {FORMS[form]}")

        self.choose(f"{what}: {name} as", choices, chosen)

    def _to_clipboard(self, text: str, what: str) -> None:
        self.copy_to_clipboard(text)
        self.status.show(f"copied {what}, {len(text)} characters", "good")

    def _ask_file(self, text: str, what: str) -> None:
        self.prompt.ask(f"write {what} to", partial(self.ask_overwrite, partial(self._write, text, what)))

    def _write(self, text: str, what: str, name: str) -> None:
        try:
            place_of(name).write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
        except OSError as error:
            self.status.show(f"can't write {one_line(name)}: {error.strerror}; choose another name", "error")
            return
        self.status.show(f"wrote {what} to {one_line(name)}", "good")

    def ask_overwrite(self, write: Callable[[str], object], name: str) -> None:
        """Write a file; if it exists, only after the user has agreed."""
        try:
            if place_of(name).is_file():
                choices = [DialogChoice("n", "", "no, leave it"), DialogChoice("y", "y", "yes, overwrite it")]
                self.choose(f"{one_line(name)} is there already", choices, lambda _: write(name))
                return
            check_target(name)
        except FileError as error:
            self.say_error(error)
            return
        write(name)
