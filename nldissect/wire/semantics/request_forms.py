"""Forms of requests: how the kernel will report an object that a request makes, changes or removes.

Their tables are next to the families' own. A form is needed where a request is accepted and no event tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..decode.nodes import DecodedMessage


class Gateway(NamedTuple):
    """A gateway without an interface in a request.

    address   its bytes
    place     offset of the empty interface index in the request's bytes, None: an attribute of its own is missing
    number    number of that attribute
    """

    address: bytes
    place: int | None
    number: int


class MaskedField(NamedTuple):
    """A field of which a request sets some bits.

    name       of the field
    value      the bits to set, of those in `mask`; the object keeps its others
    assumed    value of the others where those of the object are not known
    """

    name: str
    value: int
    mask: int
    assumed: int

    def after(self, known: int | None) -> int:
        """Return the field's value after the request; `known`: the one before, None if it is not known."""
        return (self.value & self.mask) | ((self.assumed if known is None else known) & ~self.mask)


@dataclass(frozen=True)
class RequestForm:
    """The differences between a request and the kernel's message about the object it makes.

    type         type of that message
    fields       fields of the struct that have another value, by name
    attributes   attributes that it has besides, as number and payload
    unknown      fields and attributes of the request that say nothing about the object
    open         parts of the object's identity that the request leaves open
    named        attributes that identify the object where the request has none of its key
    gateways     gateways whose interface the kernel looks up
    masked       a field of which the request sets some bits
    ends         attributes that the object has no longer
    successor    values in which a difference shows that another object takes the place of a known one
    """

    type: int
    fields: Mapping[str, int] = field(default_factory=dict)
    attributes: tuple[tuple[int, bytes], ...] = ()
    unknown: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    named: tuple[str, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    masked: MaskedField | None = None
    ends: frozenset[str] = frozenset()
    successor: frozenset[str] = frozenset()


FormFinder = Callable[[DecodedMessage], RequestForm | None]
REQUEST_FORMS: dict[tuple[int, str], FormFinder] = {}


def bind_request_form(protocol: int, types: str, form: FormFinder) -> None:
    """Declare the form of requests; types are separated by blanks. `form` returns None for a request that does else."""
    for type_name in types.split():
        REQUEST_FORMS[protocol, type_name] = form


def request_form(walked: DecodedMessage) -> RequestForm | None:
    """Return the form of a request, None if it is not known to make, change or remove an object."""
    find = REQUEST_FORMS.get((walked.protocol, walked.type_name))
    return None if find is None else find(walked)
