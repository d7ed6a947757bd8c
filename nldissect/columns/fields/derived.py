"""Derived fields, which no row of a table holds (`frame.number`, `direction`, `error`), computed by functions.

A derived field has a form by message, which takes a MessageContext, and mostly a form by block, which takes a Block and
gives a FieldColumn with the same values; without it the field is read message by message, which takes ten to a hundred
times as long.

To add a derived field: 1. `derived_field(name, kind, help, block=...)` on the function that returns the values of a
message, with the form by block; where that would import NumPy for pipes, too (the fields of this module), it stands in
derived_columns.py, under `@block_form(name)`. 2. If its module is imported only on demand: a line in LAZY_FIELDS
(nldissect/__init__.py), for the part of the name before the dot. A field that needs a second pass has it in PASSES
(blocks/whole_capture.py). tests/columns/test_derived_fields.py lists the fields without a form by block, with
the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from nldissect import LAZY_FIELDS
from nldissect.uapi import NLMSG_DONE, NLMSG_ERROR
from nldissect.wire.decode.nodes import DecodedFrame, DecodedMessage
from nldissect.wire.errno import ERRNO
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import S64, U32
from nldissect.wire.protocol import NETLINK, NOTIFICATION, TO_KERNEL, TO_USER, USER_TO_USER
from nldissect.wire.text import Text

if TYPE_CHECKING:
    from nldissect.capfile import Record

    from ..blocks.block import Block
    from ..blocks.whole_capture import WholeCapture
    from .derived_columns import FieldColumn


class MessageContext(NamedTuple):
    """One message and all that is known around it: the input of filters and fields message by message.

    number    of the frame, in its capture or in the order of a merged capture
    walked    the message; None for a frame that holds none
    place     of the message in its frame, from 1
    first     time of the capture's first frame, in nanoseconds since 1970
    whole     the capture as a whole, for results of second passes
    caused    comments of the frame of the request that caused it, where the message names its cause; else None
    key       key of the message in its file: number of the frame, and place in it
    """

    number: int
    record: Record
    frame: DecodedFrame
    walked: DecodedMessage | None
    place: int = 1
    first: int | None = None
    whole: WholeCapture | None = None
    key: int = 0
    caused: tuple[str, ...] | None = None

    @property
    def whose(self) -> tuple[str, ...]:
        """Comments that name the process of the message, as far as the file was read."""
        return self.record.comments if self.caused is None else self.caused


PLACES = 24
"""Bits of a key for the place in the frame."""

Values = Callable[[MessageContext], tuple[Any, ...]]
BlockForm: TypeAlias = "Callable[[Block, int | None], FieldColumn]"
"""Form by block: takes a block and the time of the capture's first frame (nanoseconds; None without one)."""


class TimeSpan(S64):
    """A span of time in nanoseconds."""


class Moment(TimeSpan):
    """Nanoseconds since 1970."""


class EscapedText(Text):
    """Text made for people: characters on which a terminal would act are escaped already."""


class ChoiceText(Text):
    """Text that is one of few: a filter that compares it with another is an error."""

    def __init__(self, *choices: str) -> None:
        super().__init__(None)
        self.choices = choices


class DerivedField(NamedTuple):
    """One derived field.

    kind      of its values, named after the field
    values    returns none, one or several values of a message
    says      one line for people
    """

    name: str
    kind: Kind
    values: Values
    says: str


_fields: dict[str, DerivedField] = {}
_block_forms: dict[str, BlockForm] = {}
_imported: set[str] = set()


def derived_field(name: str, kind: Kind, says: str, block: BlockForm | None = None) -> Callable[[Values], Values]:
    """Return a decorator for the function that returns a derived field's values of a message.

    kind    of its values, which gets the field's name
    says    one line for people
    block   the form by block
    """

    def keep(values: Values) -> Values:
        _fields[name.lower()] = DerivedField(name, kind.named(name), values, says)
        if block is not None:
            _block_forms[name.lower()] = block
        return values

    return keep


def block_form(name: str) -> Callable[[BlockForm], BlockForm]:
    """Return a decorator for the form by block of a derived field that is registered elsewhere."""

    def keep(form: BlockForm) -> BlockForm:
        _block_forms[name.lower()] = form
        return form

    return keep


def block_form_of(field: DerivedField) -> BlockForm | None:
    """Return the form by block of a derived field; None if it is read message by message."""
    return _block_forms.get(field.name.lower())


def derived(name: str) -> DerivedField | None:
    """Return the derived field of that name, in any case; None if there is none."""
    wanted = name.lower()
    if wanted not in _fields:
        _bring(wanted.partition(".")[0])
    return _fields.get(wanted)


def all_derived() -> Iterator[DerivedField]:
    """Yield every derived field, also those of modules not imported yet."""
    for prefix in LAZY_FIELDS:
        _bring(prefix)
    yield from _fields.values()


def _bring(prefix: str) -> None:
    if prefix in LAZY_FIELDS and prefix not in _imported:
        _imported.add(prefix)
        import_module(LAZY_FIELDS[prefix])


@derived_field("frame.number", U32(None), "number of the frame, from 1")
def _number(situation: MessageContext) -> tuple[Any, ...]:
    return (situation.number,)


@derived_field("frame.time", Moment(None), "time of the frame, since 1970")
def _time(situation: MessageContext) -> tuple[Any, ...]:
    return () if situation.record.time is None else (situation.record.time,)


@derived_field("frame.time_relative", TimeSpan(None), "time since the capture's first frame")
def _relative(situation: MessageContext) -> tuple[Any, ...]:
    time, first = situation.record.time, situation.first
    return () if time is None or first is None else (time - first,)


@derived_field("frame.len", U32(None), "length of the frame as sent, with the 16-byte cooked header")
def _length(situation: MessageContext) -> tuple[Any, ...]:
    record = situation.record
    return (record.wire_length + len(situation.frame.data) - len(record.data),)


@derived_field("frame.cap_len", U32(None), "bytes of the frame that were captured")
def _captured(situation: MessageContext) -> tuple[Any, ...]:
    return (len(situation.frame.data),)


@derived_field("frame.interface", Text(None), "interface the frame was captured on, where the file names it")
def _interface(situation: MessageContext) -> tuple[Any, ...]:
    name = situation.record.interface.name
    return (name,) if name else ()


@derived_field("netns", Text(None), "network namespace of the frame: name or inode number, where the file tells it")
def _netns(situation: MessageContext) -> tuple[Any, ...]:
    name = situation.record.interface.netns
    return (name,) if name else ()


@derived_field("frame.file", Text(None), "file the frame is from, as it was named")
def _file(situation: MessageContext) -> tuple[Any, ...]:
    return () if situation.whole is None else (situation.whole.name,)


@derived_field("frame.comment", Text(None), "comments on the frame in the file")
def _comment(situation: MessageContext) -> tuple[Any, ...]:
    return situation.record.comments


@derived_field("message.number", U32(None), "place of the message in its frame, from 1")
def _place(situation: MessageContext) -> tuple[Any, ...]:
    return () if situation.walked is None else (situation.place,)


@derived_field("protocol", U32(None, NETLINK), "netlink protocol")
def _protocol(situation: MessageContext) -> tuple[Any, ...]:
    return (situation.frame.protocol,) if situation.frame.protocol >= 0 else ()


WAYS = ChoiceText(TO_KERNEL, TO_USER, NOTIFICATION, USER_TO_USER)


@derived_field("direction", WAYS, '"to kernel", "to user", "notification" or "user to user"')
def _direction(situation: MessageContext) -> tuple[Any, ...]:
    walked = situation.walked
    return () if walked is None or walked.direction is None else (walked.direction,)


@derived_field("error", U32(None, ERRNO), "error number of an NLMSG_ERROR or NLMSG_DONE that is not 0")
def _error(situation: MessageContext) -> tuple[Any, ...]:
    value = _answer(situation.walked, "error")
    return (-value,) if isinstance(value, int) and value else ()


@derived_field("extack", Text(None), "text of the extended acknowledgement")
def _extack(situation: MessageContext) -> tuple[Any, ...]:
    value = _answer(situation.walked, "NLMSGERR_ATTR_MSG")
    if value is None and _error(situation) and situation.walked is not None:
        value = situation.walked.tracepoint_text
    return (value,) if isinstance(value, str) else ()


@derived_field("notes", Text(None), "what the decoder found odd, and what was lost before")
def _notes(situation: MessageContext) -> tuple[Any, ...]:
    return () if situation.walked is None else tuple(note.text for note in situation.walked.notes)


@derived_field(
    "notes.severity", ChoiceText("error", "warning", "note"), '"error", "warning" or "note", of each of `notes`'
)
def _severities(situation: MessageContext) -> tuple[Any, ...]:
    return () if situation.walked is None else tuple(note.severity for note in situation.walked.notes)


def _answer(walked: DecodedMessage | None, name: str) -> Any:
    """Return a field of an NLMSG_ERROR or NLMSG_DONE, or an attribute directly after its fields."""
    if walked is None or not walked.has_header or walked.number not in (NLMSG_ERROR, NLMSG_DONE) or not walked.layers:
        return None
    fields = walked.layers[-1].value
    attributes = (inner for node in fields if node.name == "attrs" for inner in node.value)
    return next((node.value for node in (*fields, *attributes) if node.name == name), None)
