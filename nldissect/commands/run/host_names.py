"""Names of this host's interfaces and generic families, read before a command runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nldissect.capfile.comments import format_comment
from nldissect.capture.genl_families import family_frames
from nldissect.capture.interfaces import Interfaces

if TYPE_CHECKING:
    from nldissect.columns.names.timeline import NameTimeline


class HostNames:
    """The names by number: initial names of a capture, and comments for its file."""

    def __init__(self) -> None:
        self.families = family_frames().names
        there = Interfaces()
        self.interfaces = there.names()
        there.close()

    def teach(self, names: NameTimeline) -> None:
        """Set the names of families as those that hold at the beginning of a capture."""
        names.families |= self.families

    @property
    def said(self) -> list[str]:
        """Comments for a file: names of generic families."""
        return [format_comment("family", f"{number:#x}", name) for number, name in self.families.items()]

    @property
    def learnt(self) -> list[str]:
        """Comments for an interface of the file: names of this host's interfaces."""
        return [format_comment("interface", number, name) for number, name in self.interfaces.items()]
