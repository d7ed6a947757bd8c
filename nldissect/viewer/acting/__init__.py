"""What the keys do beside moving about: one subject a file, each a part of the application's class."""

from .comparing import Comparing
from .looking import Looking
from .marking import Marking
from .saving import Saving
from .searching import Searching
from .sorting import Sorting


class Acting(Comparing, Looking, Marking, Saving, Searching, Sorting):
    """All of them."""

    def forget_capture(self) -> None:
        """Another capture is looked at: what was marked, found and sorted was of the one before."""
        self.marks.clear()
        self.drop_search()
        self.unsort()
