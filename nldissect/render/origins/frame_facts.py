"""Facts about frames in trees that only a second pass over the capture finds: origins of processes, peers of links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nldissect.columns.fields.derived import PLACES
from nldissect.escapes import escaped

from ..process_label import origin_text
from ..watched_file import is_watched

if TYPE_CHECKING:
    from nldissect.analysis.link_peers import LinkPeer
    from nldissect.columns.blocks.whole_capture import WholeCapture


class FrameKey(NamedTuple):
    """A frame: its number in the file, its number of messages, and whether the file has several network namespaces."""

    number: int
    messages: int
    several: bool


class FrameFacts:
    """The facts about frames of one capture that can be read twice."""

    def __init__(self, whole: WholeCapture) -> None:
        self._whole, self._is_watched = whole, is_watched(whole.path)

    def lines(self, frames: Sequence[FrameKey]) -> list[list[str]]:
        """Return the lines about each frame."""
        origins = self._origins(frames) if self._is_watched else {}
        found = [self._peers(one) if one.several else [] for one in frames]
        for place, origin in origins.items():
            found[place][:0] = [f"process: {origin}"] if origin else []
        return found

    def _origins(self, frames: Sequence[FrameKey]) -> dict[int, str]:
        """Return what the capture tells of the process of each frame, by place."""
        import numpy as np

        from nldissect.analysis.processes.resolver import Processes

        keys = {place: (one.number << PLACES) | 1 for place, one in enumerate(frames) if one.messages}
        processes = self._whole.live_result(Processes) if keys else None
        if processes is None:
            return {}
        found = processes.of(np.fromiter(keys.values(), np.int64, len(keys))).tolist()
        return {place: origin_text(processes.known[one]) for place, one in zip(keys, found, strict=True)}

    def _peers(self, frame: FrameKey) -> list[str]:
        """Return the peers of the links that a frame is about."""
        from nldissect.analysis.link_peers import LinkPeers

        links = self._whole.live_result(LinkPeers)
        if links is None:
            return []
        found = (links.peer((frame.number << PLACES) | place) for place in range(1, frame.messages + 1))
        return [f"{escaped(one.link)}: {peer_text(one)}" for one in found if one is not None]


def peer_text(peer: LinkPeer) -> str:
    """Return the peer of a link in words."""
    return f"peer {escaped(peer.name)} in netns {escaped(peer.netns)} (inferred)"
