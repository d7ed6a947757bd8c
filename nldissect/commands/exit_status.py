"""Exit statuses of commands."""

from __future__ import annotations

DONE, INCOMPLETE, USAGE = 0, 1, 2
"""Done; a result that is incomplete, or of which nothing matched; wrong use or bad input."""
