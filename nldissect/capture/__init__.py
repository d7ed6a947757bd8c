"""Capturing netlink from an nlmon device into a file; nothing here decodes. `doctor` says what is missing for it."""

from .live import Capture
from .loop import Result
from .privileges import drop_privileges

__all__ = ["Capture", "Result", "drop_privileges"]
