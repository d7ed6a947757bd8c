"""Records: changes of objects, and objects, with who caused them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RequestCause:
    """The cause of a change, as far as it is known.

    process      name of the process that asked for it, and its `pid`; None: not known
    frame        number of the request's frame, and `message`: the request's place in it; None: the kernel did it itself
    confidence   "exact", "learnt", "guessed" or "inferred": the weakest that the cause rests on
    kernel       what the kernel did by itself: "carrier"
    """

    process: str | None
    pid: int | None
    frame: int | None
    message: int | None
    confidence: str
    kernel: str | None


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """One change of an object, as `nldissect changes` prints it.

    frame, message   number of the frame that tells of it, and the message's place in the frame
    time             of that frame, nanoseconds since 1970; None if the file has none
    netns            name or inode number of the network namespace, else name of the interface it was captured at
    object           type of the object, and its usual `name`
    change           "added", "removed", "changed", or "first seen": it may have been there before
    known            "event", "dump", "request" or "inferred": by what the change is known
    fields           of "changed": old and new value by path, None for a value that is not there
    copies           number of deliveries of the event
    summary          the message in one line
    """

    frame: int
    message: int
    time: int | None
    netns: str | None
    object: str
    name: str
    change: str
    known: str
    fields: dict[str, tuple[Any, Any]]
    cause: RequestCause | None
    copies: int
    summary: str


@dataclass(frozen=True, slots=True)
class ObjectRecord:
    """One object that existed at a moment, as `nldissect state` prints it.

    since    number of the frame that last told of a change of it, or told of it first; 0: not known
    known    by what it is known, see ChangeRecord
    values   its fields and attributes by path
    """

    netns: str | None
    object: str
    name: str
    since: int
    known: str
    cause: RequestCause | None
    values: dict[str, Any]
    summary: str
