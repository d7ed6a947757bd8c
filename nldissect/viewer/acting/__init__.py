"""What the keys do beside moving about: one subject a file, each a part of the application's class."""

from .comparing import Comparing
from .filtering import Filters
from .folding import Folds
from .jumping import Jumping
from .linking import Linking
from .looking import Looking
from .marking import Marking
from .moving import Moving
from .pacing import Pacing
from .reporting import Reporting
from .saving import Saving
from .searching import Searching
from .sorting import Sorting
from .viewing import Viewing


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
