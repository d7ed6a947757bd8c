"""Units and containers that control groups belong to, by their names (systemd's src/basic/cgroup-util.c)."""

from __future__ import annotations

import re

_SLICE = ".slice"
_UNIT = re.compile(r"[A-Za-z0-9:_.\\@-]+\.(?:service|scope|socket|mount|swap)")
_USER_MANAGER = re.compile(r"user@\d+\.service")
_CONTAINER = re.compile(r"(?:[a-z-]+-)?([0-9a-f]{64})(?:\.scope)?")
"""Containers of docker, podman, containerd and CRI-O have a directory of their id, or a scope with that in its name."""
_ID = 12
"""Digits of a container's id that its tools print."""


def container_of(path: str) -> str | None:
    """Return the first digits of the id of the container that a control group belongs to; None if it is in none."""
    found = (_CONTAINER.fullmatch(part) for part in reversed(path.split("/")))
    return next((container[1][:_ID] for container in found if container), None)


def unit_of(path: str) -> str | None:
    """Return the container, else the unit of systemd, that a control group belongs to; None if it is in neither.

    A unit of a user's manager goes before that manager's own unit.
    """
    if container := container_of(path):
        return container
    found = None
    for part in (one.removeprefix("_") for one in path.split("/") if one):  # _: see cg_escape
        if part.endswith(_SLICE):
            continue
        if not _UNIT.fullmatch(part):
            break
        found = part
        if not _USER_MANAGER.fullmatch(part):
            break
    return found
