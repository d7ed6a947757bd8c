"""What the keys do beside moving about: one subject a file, each a part of the application's class."""

from .appearance import AppearanceActions
from .diff import DiffActions
from .filter_bar import FilterBarActions
from .fold import FoldActions
from .jump import JumpActions
from .key_queue import KeyQueue
from .mark import MarkActions
from .navigate import NavigationActions
from .pane_sync import PaneSync
from .save import SaveActions
from .search import SearchActions
from .sort import SortActions
from .status import StatusActions
from .views import ViewActions


class Actions(
    DiffActions,
    FilterBarActions,
    FoldActions,
    JumpActions,
    PaneSync,
    AppearanceActions,
    MarkActions,
    NavigationActions,
    KeyQueue,
    StatusActions,
    SaveActions,
    SearchActions,
    SortActions,
    ViewActions,
):
    """All of them."""

    def forget_capture(self) -> None:
        """Another capture is looked at: what was marked, found and sorted was of the one before."""
        self.marks.clear()
        self.drop_search()
        self.drop_jump()
        self.drop_wholes()
        self.unsort()
