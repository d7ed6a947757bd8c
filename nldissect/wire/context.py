"""Context: what traffic teaches, handed from message to message. The only memory there is."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from nldissect.request_tracker import RequestTracker

from .family_trust import FamilyTrust

POLICY = "policy"
SHARED = ("genl", POLICY)
"""What holds in every network namespace of a host."""


@dataclass
class Context:
    """One network namespace of one capture.

    byte_order     "little" or "big": first guess for every frame, corrected by what message lengths say
    fixed_order    the user said so: no correction
    protocol       what a bare `nlmsghdr(bytes)` belongs to, None if unknown
    names          kind of number -> number -> name, as learnt so far: "genl" (family ids), "interface" (indexes)
    trust          decides whom to believe about the names of family ids
    requests       those before the frame that is decoded, where its reader remembers them: directions follow from them
    """

    byte_order: str = sys.byteorder
    fixed_order: bool = False
    protocol: int | None = None
    names: dict[str, dict[int, str]] = field(default_factory=lambda: {"genl": {0x10: "nlctrl"}, "interface": {}})
    fixed: dict[str, dict[int, str]] = field(default_factory=dict)
    trust: FamilyTrust = field(default_factory=FamilyTrust)
    requests: RequestTracker[Any] | None = None

    def name(self, what: str, number: int) -> str | None:
        """The name of a number at this moment of the capture, or None."""
        return self.fixed.get(what, {}).get(number) or self.names.get(what, {}).get(number)

    def known(self, what: str, number: int) -> str | None:
        """Return the name that frames so far, or the capture's comments, gave a number."""
        return self.names.get(what, {}).get(number)

    def learn(self, what: str, number: int, name: str) -> None:
        """Take note of a name; what the user fixed (`--family`) stays."""
        self.names.setdefault(what, {})[number] = name

    def beside(self) -> Context:
        """Another network namespace of the same host: generic families are the same there, interfaces are not."""
        for what in SHARED:
            self.names.setdefault(what, {})
        shared = {what: self.names[what] for what in SHARED}
        requests = None if self.requests is None else RequestTracker[Any](self.requests.rules, self.requests.capacity)
        names = {"interface": {}, **shared}
        return Context(self.byte_order, self.fixed_order, self.protocol, names, self.fixed, self.trust, requests)

    @property
    def order(self) -> str:
        """The byte order as a struct code."""
        return "<" if self.byte_order == "little" else ">"


@dataclass
class Env:
    """What holds for one message and everything inside it: Scapy packets carry it from parent to child."""

    order: str
    protocol: int | None = None
    context: Context | None = None
    direction: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
