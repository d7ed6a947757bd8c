"""What every part of the application's class may use of it."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from ..config.settings import Settings
from ..config.state import State
from ..jobs.list_filter import Filtering
from ..jobs.value_completion import Values
from ..jobs.worker import Worker
from ..live.session import Capturing
from ..model.capture_model import Store
from ..model.marks import Marks
from ..model.tree_lines import Item
from ..panes.base import Pane
from ..panes.chooser import Choice, Chooser
from ..panes.detail_tree import TreePane
from ..panes.filter_bar import FilterBar
from ..panes.hex_pane import BytesPane
from ..panes.list_columns import Clock
from ..panes.packet_list import PacketList
from ..panes.prompt import Prompt
from ..panes.status_bar import StatusLine
from ..panes.theme import Look


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
