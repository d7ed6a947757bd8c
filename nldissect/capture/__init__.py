"""Capturing netlink from an nlmon device into a file; nothing here decodes. `doctor` says what is missing for it."""

from .following import Following
from .live import Capture
from .loop import Result
from .privileges import drop_privileges
from .rotate import Limits

__all__ = ["Capture", "Following", "Limits", "Result", "drop_privileges"]
