"""Checks that a command can work here: the platform, and the network namespace it is to enter."""

from __future__ import annotations

import sys

from nldissect.errors import NldissectError


def need_linux(what: str) -> None:
    """Raise NldissectError if this is not Linux."""
    if sys.platform != "linux":
        raise NldissectError(f"{what} needs Linux, and this is {sys.platform}; captures made there can be read here")


def enter_netns(netns: str | None) -> None:
    """Enter another network namespace, if one is named: a name of `ip netns`, a pid or a path."""
    if netns is not None:
        from nldissect.capture.privileges import enter_network

        enter_network(netns)
