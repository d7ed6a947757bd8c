"""What interfaces and generic families of this host are called before a command says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nldissect.capfile.comments import say
from nldissect.capture.genl_families import family_frames
from nldissect.capture.interfaces import Interfaces

if TYPE_CHECKING:
    from nldissect.columns.names.timeline import NameTimeline


class HostNames:
    """Names by number, for a capture to begin with and for the file."""

    def __init__(self) -> None:
        self.families = family_frames().names
        there = Interfaces()
        self.interfaces = there.names()
        there.close()

    def teach(self, names: NameTimeline) -> None:
        """Let them hold at the beginning."""
        names.families |= self.families
        names.interfaces = self.interfaces

    def forget(self, names: NameTimeline) -> None:
        """Take back the names of interfaces; what was heard stays."""
        names.interfaces = {}

    @property
    def said(self) -> list[str]:
        """Comments for a file."""
        return [say("family", f"{number:#x}", name) for number, name in self.families.items()]

    @property
    def learnt(self) -> list[str]:
        """Comments for an interface of it."""
        return [say("interface", number, name) for number, name in self.interfaces.items()]
