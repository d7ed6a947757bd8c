"""A dialog to choose from a short list: by letter, Enter or click; escape chooses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from nldissect.escapes import visible

from .theme import Theme


class DialogChoice(NamedTuple):
    """One line of the dialog: its key, the name that is returned, its text."""

    key: str
    name: str
    says: str


class Chooser(ModalScreen[str]):
    """A dialog that returns the name of the choice, "" for none."""

    DEFAULT_CSS = """
    Chooser { align: center middle; background: transparent; }
    Chooser Vertical { width: auto; max-width: 90%; height: auto; max-height: 90%; border: solid ansi_cyan;
        background: $background; padding: 0 1; }
    Chooser Label { text-style: bold; color: $foreground; }
    Chooser OptionList, Chooser OptionList:focus { width: auto; min-width: 30; height: auto; max-height: 16;
        border: none; background: $background; color: $foreground; padding: 0; scrollbar-size-vertical: 1; }
    Chooser OptionList > .option-list--option-highlighted { background: ansi_blue; color: ansi_bright_white; }
    Chooser:nocolor OptionList > .option-list--option-highlighted { text-style: reverse; }
    """

    def __init__(self, look: Theme, title: str, choices: Sequence[DialogChoice]) -> None:
        super().__init__()
        self.look, self.called, self.choices = look, title, list(choices)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(visible(self.called), markup=False)
            yield OptionList(
                *(
                    Option(f"{one.key or ' '}  {visible(one.says)}", id=str(place))
                    for place, one in enumerate(self.choices)
                ),
                markup=False,
                compact=True,
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.choices[event.option_index].name)

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self.dismiss("")
            return
        found = next((one for one in self.choices if one.key and one.key == event.character), None)
        if found is not None:
            event.stop()
            self.dismiss(found.name)
