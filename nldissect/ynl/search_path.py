"""Search path of specifications: files, folders, kernel trees."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from nldissect.errors import SpecError

BELOW = ("Documentation/netlink/specs", "specs")
_NAME = re.compile(rb"^name:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_PROTOCOL = re.compile(rb"^protocol:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


class SpecFile(NamedTuple):
    """A file, and its bytes as they were when it was found."""

    name: str
    data: bytes


def is_folder(path: str) -> bool:
    """Return whether a path is a folder that exists."""
    return Path(path).is_dir()


def file_of(path: str) -> SpecFile:
    """Read one specification; SpecError if that fails."""
    try:
        return SpecFile(path, Path(path).read_bytes())
    except OSError as error:
        raise SpecError(f"{path}: {error.strerror}") from None


def families_in(path: str) -> dict[str, SpecFile]:
    """Read the specifications of a folder, of its folder `specs` or of a kernel tree; return them by generic family.

    SpecError if there is none.
    """
    folder = Path(path)
    for below in BELOW:
        if (folder / below).is_dir():
            folder = folder / below
            break
    found: dict[str, SpecFile] = {}
    for file in sorted(folder.glob("*.yaml")):
        place = file_of(str(file))
        name, protocol = _NAME.search(place.data), _PROTOCOL.search(place.data)
        if name is not None and (protocol is None or protocol[1].startswith(b"genetlink")):
            found.setdefault(name[1].decode(errors="replace"), place)
    if not found and not any(folder.glob("*.yaml")):
        raise SpecError(f"{path}: no specification (*.yaml) there; give a file, a folder of them or a kernel tree")
    return found
