"""What every part of the application's class may use of it."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from ..bytes import BytesPane
from ..capturing import Capturing
from ..choosing import Choice, Chooser
from ..columns import Clock
from ..completing import Values
from ..filterbar import FilterBar
from ..filtering import Filtering
from ..items import Item
from ..look import Look
from ..marks import Marks
from ..packets import PacketList
from ..pane import Pane
from ..prompt import Prompt
from ..settings import Settings
from ..state import State
from ..statusline import StatusLine
from ..store import Store
from ..tree import TreePane
from ..worker import Worker


class Parts(App[int]):
    """Set up by the application itself; what can be called are methods of it, or of one of its other parts."""

    store: Store
    look: Look
    clock: Clock
    worker: Worker
    filtering: Filtering
    capturing: Capturing
    packets: PacketList
    details: TreePane
    hexdump: BytesPane
    bar: FilterBar
    values: Values
    prompt: Prompt
    status: StatusLine
    settings: Settings
    state: State
    marks: Marks
    secrets: bool
    in_screen: Callable[[Callable[[], object]], None]
    say_error: Callable[[Exception], None]
    told: Callable[[], None]
    refresh_all: Callable[[], None]
    say_status: Callable[[], None]
    show_message: Callable[[int], None]
    unfold: Callable[[int], None]
    uncover: Callable[[int], bool]
    to_pane: Callable[[Pane], None]
    at_message: Callable[[], bool]
    action_messages: Callable[[], None]

    def choose(self, title: str, choices: list[Choice], chosen: Callable[[str], object]) -> None:
        """Ask for one of several; nothing happens where escape is pressed."""

        def take(name: str | None) -> None:
            if name:
                chosen(name)

        self.push_screen(Chooser(self.look, title, choices), take)

    @property
    def item_under_cursor(self) -> Item | None:
        """The line of the tree that tree or bytes stand on, if one of them has the focus."""
        return self.details.item if self.details.has_focus or self.hexdump.has_focus else None
