"""What the keys do beside moving about: one subject a file, each a part of the application's class."""

from .appearance import Looking
from .diff import Comparing
from .filter_bar import Filters
from .fold import Folds
from .jump import Jumping
from .key_queue import Pacing
from .mark import Marking
from .navigate import Moving
from .pane_sync import Linking
from .save import Saving
from .search import Searching
from .sort import Sorting
from .status import Reporting
from .views import Viewing


class Acting(
    Comparing,
    Filters,
    Folds,
    Jumping,
    Linking,
    Looking,
    Marking,
    Moving,
    Pacing,
    Reporting,
    Saving,
    Searching,
    Sorting,
    Viewing,
):
    """All of them."""

    def forget_capture(self) -> None:
        """Another capture is looked at: what was marked, found and sorted was of the one before."""
        self.marks.clear()
        self.drop_search()
        self.drop_jump()
        self.drop_wholes()
        self.unsort()
