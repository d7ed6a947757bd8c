"""What interfaces and generic families of this host are called before a command says it."""

from __future__ import annotations

from nldissect.capture.generic import family_frames
from nldissect.capture.interfaces import Interfaces
from nldissect.record.comments import say
from nldissect.wire import Context


class Known:
    """Names by number, for a context to begin with and for the file."""

    def __init__(self) -> None:
        self.families = family_frames().names
        there = Interfaces()
        self.interfaces = there.names()
        there.close()

    def teach(self, context: Context) -> None:
        """Let a context know them."""
        for number, name in self.families.items():
            context.learn("genl", number, name)
        for number, name in self.interfaces.items():
            context.learn("interface", number, name)

    def forget(self, context: Context) -> None:
        """Take back the names of interfaces; what was heard since stays."""
        names = context.names["interface"]
        for number, name in self.interfaces.items():
            if names.get(number) == name:
                del names[number]

    @property
    def said(self) -> list[str]:
        """Comments for a file."""
        return [say("family", f"{number:#x}", name) for number, name in self.families.items()]

    @property
    def learnt(self) -> list[str]:
        """Comments for an interface of it."""
        return [say("interface", number, name) for number, name in self.interfaces.items()]
