"""Peers of links in other network namespaces, for captures of several: the other end of a veth.

A link whose other end is in another namespace has that end's index in IFLA_LINK, and an id of the namespace in
IFLA_LINK_NETNSID that means something in its own namespace only (rtnl_fill_link_netnsid of net/core/rtnetlink.c). So
the peer is inferred: the only link of another namespace in the capture that has that index, and this link's in its
IFLA_LINK. Links above another, like vlan, are not named by that one: they have none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.block import Block
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.columns.blocks.whole_capture import WholeCapture
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.wire import NETLINK, DecodedMessage
from nldissect.wire.protocol import TO_KERNEL

RTM_NEWLINK, RTM_DELLINK = 16, 17  # linux/rtnetlink.h


class LinkPeer(NamedTuple):
    """The other end of a link: its name, and its network namespace as people name it. `link`: the link's own name."""

    link: str
    name: str
    netns: str


class _End(NamedTuple):
    """State of a link that a message told. `other`: index of the other end; 0: it is gone, or has none elsewhere."""

    key: int
    name: str
    other: int


class LinkPeers:
    """The peers of the links of one file, by the messages about them; it follows a file that grows."""

    def __init__(self, whole: WholeCapture) -> None:
        self._source = BlockReader(whole.path, whole.families, whole.order)
        self._links: dict[tuple[str, int], list[_End]] = {}
        self._about: dict[int, tuple[str, int, _End]] = {}  # by message: namespace, index
        self._names: dict[str, str] = {}
        self._last = 0
        self.refresh()

    def refresh(self) -> None:
        """Read what was added to the file since the last call."""
        for block in self._source.blocks():
            self._take(block)

    def peer(self, key: int) -> LinkPeer | None:
        """Return the peer of the link that a message is about, by its key in the file; None if none is known."""
        if key > self._last:
            self.refresh()
        about = self._about.get(key)
        return None if about is None else self._peer(*about, key)

    def peer_of(self, space: str, index: int, key: int) -> LinkPeer | None:
        """Return the peer of a link at the message of a key; None if none is known.

        space   key of its namespace, see Interface.space
        """
        if key > self._last:
            self.refresh()
        end = self._at(space, index, key)
        return None if end is None else self._peer(space, index, end, key)

    def _peer(self, space: str, index: int, own: _End, key: int) -> LinkPeer | None:
        found = [
            LinkPeer(own.name, end.name, self._names[elsewhere])
            for elsewhere in self._names
            if elsewhere != space and (end := self._at(elsewhere, own.other, key)) is not None and end.other == index
        ]
        return found[0] if len(found) == 1 else None

    def _at(self, space: str, index: int, key: int) -> _End | None:
        """Return what is known of a link at a message: what was told last, else what is told first after it."""
        told = self._links.get((space, index), [])
        place = bisect_right(told, key, key=lambda end: end.key) - 1
        if place >= 0 and told[place].other:
            return told[place]
        return told[place + 1] if place + 1 < len(told) else None

    def _take(self, block: Block) -> None:
        spaces, keys = [one.space for one in block.interfaces], block.keys
        self._last = max(self._last, int(keys.max(initial=0)))
        self._names |= {one.space: one.netns for one in block.interfaces if one.space and one.netns}
        for index, walked in _links(block):
            space = spaces[int(block.frames.interface[block.messages.frame[index]])]
            family, number, name = (walked.find(one) for one in ("ifi_family", "ifi_index", "IFLA_IFNAME"))
            if not space or number is None or name is None or family is None or family.value:
                continue  # of a bridge's port or of IPv6 alone: without IFLA_LINK_NETNSID
            key, other = int(keys[index]), _other(walked)
            end = _End(key, str(name.value), other)
            self._links.setdefault((space, number.value), []).append(end)
            if other:
                self._about[key] = space, number.value, end


def _links(block: Block) -> Iterator[tuple[int, DecodedMessage]]:
    """Yield index and form of the kernel's messages about links."""
    kernel = block.headers.direction != DIRECTIONS.index(TO_KERNEL)
    mine = (block.frames.protocol[block.messages.frame] == NETLINK.ROUTE) & ~block.messages.headerless & kernel
    mine &= np.isin(block.headers.type, (RTM_NEWLINK, RTM_DELLINK))
    walker = MessageDecoder(block, None)
    for index in mine.nonzero()[0].tolist():
        yield index, walker.message(index)


def _other(walked: DecodedMessage) -> int:
    """Return the index of a link's other end in another namespace, 0 if it has none there or is gone."""
    link, nsid = walked.find("IFLA_LINK"), walked.find("IFLA_LINK_NETNSID")
    if walked.number == RTM_DELLINK or link is None or nsid is None:
        return 0
    return int(link.value)
