"""`nldissect run -- COMMAND`: what a command says to the kernel and what the kernel answers, printed as it happens."""

from .command import run

__all__ = ["run"]
