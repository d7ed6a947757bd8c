"""Sources of frames as text and as JSON: the interface, and the network namespace if the file tells of several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nldissect.capfile import Interface
from nldissect.escapes import escaped

WIDEST = 24
"""Length of the names of network namespaces up to which lines of a list are aligned."""


def source_object(interface: Interface) -> dict[str, str]:
    """Return what the JSON objects of an interface's frames say of it."""
    about = {"netns": interface.shown_netns, "interface": interface.name}
    return {key: value for key, value in about.items() if value}


def source_json(interface: Interface) -> str:
    """Return the same as JSON text that continues an object."""
    from ..json_text import encode_alone  # lists and trees need no orjson

    return "".join(f',"{key}":{encode_alone(value)}' for key, value in source_object(interface).items())


def source_words(interface: Interface) -> str:
    """Return what the line of a frame in a tree says of its interface."""
    return "".join(f", {key} {escaped(value)}" for key, value in source_object(interface).items())


def netns_label(interface: Interface) -> str:
    """Return the label of a line in a list, `[blue] `, as wide as the others of its file; empty if it has none."""
    name = interface.shown_netns
    if not name:
        return ""
    width = min(max(interface.spaces.widest, len(name)), WIDEST) + 2
    return f"{f'[{escaped(name)}]':<{width}} "


def netns_names(interfaces: Iterable[Interface]) -> dict[Any, str | None]:
    """Return the network namespaces of frames as people name them, by their keys (Interface.space_or_name)."""
    return {one.space_or_name: one.netns or one.name for one in interfaces}
