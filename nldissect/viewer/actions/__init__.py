"""Actions of the keys, besides moves of the cursor: one subject per module, each a base class of the application."""

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
    """All actions of the application."""

    def forget_capture(self) -> None:
        """Discard marks, matches, jumps, second passes and sort order when another capture is opened."""
        self.marks.clear()
        self.drop_search()
        self.drop_jump()
        self.drop_wholes()
        self.unsort()
