"""`nldissect send`: an expression, or the requests of a capture, to this host's kernel."""

from .command import send

__all__ = ["send"]
