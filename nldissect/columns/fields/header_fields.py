"""Fields of nlmsghdr and genlmsghdr, which every decoded message has at hand."""

from __future__ import annotations

from nldissect.wire import Kind, genlmsghdr, nlmsghdr
from nldissect.wire.containers import layer_kind

from .field import Field

TYPE, FLAGS = (one.kind for one in nlmsghdr.fields_desc[1:3])
COMMAND: Kind = genlmsghdr.fields_desc[0].kind
"""Fields with values that are named after the type or command of their message."""
HEADER = layer_kind(nlmsghdr)
ATTRIBUTES = {
    "nlmsg_len": "length", "nlmsg_type": "number", "nlmsg_flags": "flags", "nlmsg_seq": "seq", "nlmsg_pid": "pid",
}  # fmt: skip
"""Names of nlmsghdr's fields in DecodedMessage."""


def header_kind(field: Field) -> Kind | None:
    """Return the kind of a field of nlmsghdr, or of that header itself; None for any other field."""
    first = field.places[0] if field.places else None
    return first.kind if first is not None and (first.owner is nlmsghdr or first.kind is HEADER) else None


def header_attribute(kind: Kind) -> str | None:
    """Return the name of a field of nlmsghdr in DecodedMessage; None for the header itself."""
    return ATTRIBUTES.get(kind.name)
