"""The base class of all action classes: attributes and methods of the application that they may use."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App

from ..config.settings import Settings
from ..config.state import RememberedState
from ..jobs.list_filter import ListFilter
from ..jobs.value_completion import ValueIndex
from ..jobs.worker import Worker
from ..live.session import LiveSession
from ..model.capture_model import CaptureModel
from ..model.marks import Marks
from ..model.tree_lines import TreeItem
from ..panes.base import Pane
from ..panes.chooser import Chooser, DialogChoice
from ..panes.detail_tree import TreePane
from ..panes.filter_bar import FilterBar
from ..panes.hex_pane import BytesPane
from ..panes.list_columns import ListClock
from ..panes.packet_list import PacketList
from ..panes.prompt import Prompt
from ..panes.status_bar import StatusLine
from ..panes.theme import Theme


class ViewerBase(App[int]):
    """Attributes set by the application; the callables are its methods, or methods of other action classes."""

    store: CaptureModel
    look: Theme
    clock: ListClock
    worker: Worker
    filtering: ListFilter
    capturing: LiveSession
    packets: PacketList
    details: TreePane
    hexdump: BytesPane
    bar: FilterBar
    values: ValueIndex
    prompt: Prompt
    status: StatusLine
    settings: Settings
    state: RememberedState
    marks: Marks
    secrets: bool
    in_screen: Callable[[Callable[[], object]], None]
    say_error: Callable[[Exception], None]
    request_repaint: Callable[[], None]
    refresh_all: Callable[[], None]
    say_status: Callable[[], None]
    show_message: Callable[[int], None]
    unfold: Callable[[int], None]
    uncover: Callable[[int], bool]
    to_pane: Callable[[Pane], None]
    at_message: Callable[[], bool]
    action_messages: Callable[[], None]

    def choose(self, title: str, choices: list[DialogChoice], chosen: Callable[[str], object]) -> None:
        """Ask the user to choose from a list; `chosen` is called with the name, and not called on escape."""

        def take(name: str | None) -> None:
            if name:
                chosen(name)

        self.push_screen(Chooser(self.look, title, choices), take)

    @property
    def item_under_cursor(self) -> TreeItem | None:
        """Selected line of the tree if the tree or the hex pane has the focus, else None."""
        return self.details.item if self.details.has_focus or self.hexdump.has_focus else None
