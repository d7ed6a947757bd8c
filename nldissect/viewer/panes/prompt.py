"""A one-line prompt for a number, a name or other text."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label

from nldissect.escapes import visible

from .visible_input import VisibleInput


class Prompt(Horizontal):
    """The prompt, displayed above the status line until it is answered."""

    DEFAULT_CSS = """
    Prompt { height: 1; dock: bottom; display: none; background: $background; }
    Prompt.asking { display: block; }
    Prompt Label { width: auto; max-width: 75%; padding: 0 1; text-style: bold; text-wrap: nowrap;
        text-overflow: ellipsis; }
    Prompt Input, Prompt Input:focus { height: 1; border: none; width: 1fr; padding: 0; background: $background; }
    Prompt Input > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
    """

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._answer: Callable[[str], object] | None = None
        self._edit = False
        self._back: Widget | None = None
        self._label, self._input = Label("", markup=False), VisibleInput(compact=True, id="answer")

    def compose(self) -> ComposeResult:
        yield self._label
        yield self._input

    def ask(self, question: str, answer: Callable[[str], object], value: str = "", edit: bool = False) -> None:
        """Ask on the main screen; `answer` is called with the reply, and not called if escape is pressed.

        edit   the cursor is placed after `value`, and the reply may be empty; else typing replaces `value`
        """
        while self.screen is not self.app.screen:
            self.app.pop_screen()
        if self._answer is None:
            self._back = self.app.focused
        self._answer, self._edit = answer, edit
        self._input.select_on_focus = not edit
        self._label.update(visible(question))
        self._input.value = value
        self._input.cursor_position = len(value)
        self.add_class("asking")
        self.screen.set_focus(self._input)

    def _close(self) -> None:
        self._answer = None
        self.remove_class("asking")
        if self._back is not None:
            self.screen.set_focus(self._back)  # at once: the callback may ask again

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        answer, text = self._answer, event.value.strip()
        self._close()
        if answer is not None and (text or self._edit):
            answer(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self._close()
        elif event.key in ("tab", "shift+tab"):
            event.stop()

    def on_descendant_blur(self) -> None:
        """Close the prompt on a click elsewhere, but not when another window of the terminal gets the focus."""
        self.call_later(self._left)

    def _left(self) -> None:
        if self.app.app_focus and self._answer is not None and self.screen.focused not in (None, self._input):
            self._back = None
            self._close()
