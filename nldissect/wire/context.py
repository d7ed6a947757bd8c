"""Context: byte order and names learned from traffic, handed from message to message; the only state of decoding."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from nldissect.request_tracker import RequestTracker

from .family_trust import FamilyTrust

POLICY = "policy"
SHARED = ("genl", POLICY)
"""Sorts of names that hold in every network namespace of a host."""


@dataclass
class Context:
    """State of one network namespace of one capture.

    byte_order     "little" or "big": first guess for every frame, corrected where message lengths contradict it
    fixed_order    the user set the byte order: no correction
    protocol       protocol of an nlmsghdr that is decoded without a frame, None if unknown
    names          sort -> number -> name, learned so far: "genl" (family ids), "interface" (indexes)
    fixed          the same, set by the user (`--family`): takes precedence
    trust          decides which messages may name family ids
    requests       the requests before the current frame, where its reader remembers them: directions follow from them
    learns         names in frames are learned
    """

    byte_order: str = sys.byteorder
    fixed_order: bool = False
    protocol: int | None = None
    names: dict[str, dict[int, str]] = field(default_factory=lambda: {"genl": {0x10: "nlctrl"}, "interface": {}})
    fixed: dict[str, dict[int, str]] = field(default_factory=dict)
    trust: FamilyTrust = field(default_factory=FamilyTrust)
    requests: RequestTracker[Any] | None = None
    learns: bool = True

    def name(self, what: str, number: int) -> str | None:
        """Return the name that a number of the sort `what` has at this point of the capture, or None."""
        return self.fixed.get(what, {}).get(number) or self.names.get(what, {}).get(number)

    def known(self, what: str, number: int) -> str | None:
        """Return the name that earlier frames or the capture's comments gave a number, or None; skip `fixed`."""
        return self.names.get(what, {}).get(number)

    def learn(self, what: str, number: int, name: str) -> None:
        """Learn a name; one that the user fixed (`--family`) still takes precedence."""
        if self.learns:
            self.names.setdefault(what, {})[number] = name

    def beside(self) -> Context:
        """Return the context of another network namespace of the same host.

        Both share the names and policies of generic families, which are the same there. Names of interfaces and
        requests are separate.
        """
        for what in SHARED:
            self.names.setdefault(what, {})
        shared = {what: self.names[what] for what in SHARED}
        requests = None if self.requests is None else RequestTracker[Any](self.requests.rules, self.requests.capacity)
        names = {"interface": {}, **shared}
        return Context(self.byte_order, self.fixed_order, self.protocol, names, self.fixed, self.trust, requests)

    @property
    def order(self) -> str:
        """The byte order as a struct code, "<" or ">"."""
        return "<" if self.byte_order == "little" else ">"


@dataclass
class Env:
    """State of one message and everything inside it; Scapy packets hand it from parent to child.

    order       byte order as a struct code
    protocol    number of the protocol, None if unknown
    context     names known at the message
    direction   direction of the message, None if unknown
    values      further facts by name, such as "header", "echoed", "sll_pkttype"
    """

    order: str
    protocol: int | None = None
    context: Context | None = None
    direction: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
