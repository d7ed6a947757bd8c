"""Records: changes of objects, objects with who caused them, exchanges, notes."""

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


@dataclass(frozen=True, slots=True)
class ChangedObjectRecord:
    """One object that changed, and its changes in the order in which messages told them.

    netns          see ChangeRecord
    file           name of its file where there are several: an object of another file is another one
    object, name   its type, and the name that it had first
    """

    netns: str | None
    file: str | None
    object: str
    name: str
    changes: tuple[ChangeRecord, ...]

    @property
    def first_frame(self) -> int:
        """Number of the frame that told the first change."""
        return self.changes[0].frame

    @property
    def last_frame(self) -> int:
        """Number of the frame that told the last change."""
        return self.changes[-1].frame


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One exchange: a request with its answers, as `nldissect exchanges` prints it.

    number           from 1, in order of the beginnings, of several files together
    file             name of the file where there are several
    frame, message   place of the request, or of the first answer where the request is not in the capture
    time             of that frame, nanoseconds since 1970; None if the file has none
    protocol         its name, or its number as text
    port             port id of the requester; None: not known
    process, pid     of the requester, if the capture names processes; `confidence`: "exact", "learnt" or "guessed"
    requests         1; of a batch of nftables the number of its messages; 0: the request is not in the capture
    request          type of the request, "batch", or None; `summary`: its text
    result           "ok", the name of an error, "unanswered", "unfinished", "interrupted", "silent" or "unasked"
    text             meaning of the result; `extack`: the kernel's message; `reason`: why, as the capture told before
    latency          nanoseconds from the request to the answer that ends it; None: not known
    answers, bytes   number of messages of answers; bytes of all messages
    frames           numbers of the frames of the answers
    paired_by        strongest proof of the answers: "echo", "port", "only", "order"; None without answers
    alike            number of requests that the answers fitted where their order decided, else 0
    """

    number: int
    file: str | None
    frame: int
    message: int
    time: int | None
    interface: str | None
    protocol: str
    port: int | None
    process: str | None
    pid: int | None
    confidence: str | None
    requests: int
    request: str | None
    summary: str
    result: str
    text: str | None
    extack: str | None
    reason: str | None
    latency: int | None
    answers: int
    bytes: int
    frames: tuple[int, ...]
    paired_by: str | None
    alike: int


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """One expert note on a message, as `stats notes` counts them and the field `expert` has their texts.

    file       name of the file where there are several
    time       of the frame, nanoseconds since 1970; None if the file has none
    severity   "error", "warning" or "note"
    kind       one of the kinds of `nldissect help report`
    """

    file: str | None
    frame: int
    message: int
    time: int | None
    severity: str
    kind: str
    text: str
