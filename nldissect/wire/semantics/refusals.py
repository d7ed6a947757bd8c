"""Refusals: facts for which the kernel refuses a request with an error number.

Their tables are next to the families' own; each rule names the kernel's function that refuses. What a fact says of
objects is looked up in what the capture told of them before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..decode.nodes import DecodedMessage, Node
from ..errno import ERRNO
from .objects import MessagePredicate, command_name
from .request_forms import RequestForm

LeafValues = Mapping[str, Node]
"""Values of an object, by path."""


class ObjectReference(NamedTuple):
    """An object that a request names.

    protocol, thing   its protocol, and the name of its type
    key               the parts of its identity (ObjectType.key), as bytes; empty if only its name is known
    name              a name of it, see bind_names
    """

    protocol: int | str
    thing: str
    key: tuple[object, ...] = ()
    name: str = ""


class ObjectSearch(NamedTuple):
    """The objects of a type for whose values `fits` holds."""

    protocol: int | str
    thing: str
    fits: Callable[[LeafValues], bool]


Reference = ObjectReference | ObjectSearch | RequestForm
"""A RequestForm refers to the object that the request itself describes."""
ObjectReader = Callable[[ObjectReference], LeafValues | None]
"""Returns the values of an object that exists, None if none is known."""
ReferenceFinder = Callable[[DecodedMessage, ObjectReader], Iterable[Reference]]
"""Yields the objects that a rule is about; the first for which its fact holds is the reason."""


@dataclass(frozen=True)
class ObjectPresent:
    """Fact: an object exists.

    words    of the reason, {} stands for the object
    beside   one in the same place will do, see ObjectType.place
    shown    the words are about what it is, not about since when
    """

    find: ReferenceFinder
    words: str = "{} exists"
    beside: bool = False
    shown: bool = False


@dataclass(frozen=True)
class ObjectAbsent:
    """Fact: an object existed, and is gone; `beside`: so are all in its place."""

    find: ReferenceFinder
    beside: bool = False


@dataclass(frozen=True)
class ObjectValue:
    """Fact: a value of an object that exists is as it is.

    path    of the value
    bits    of a number; None: whether there is such a value at all
    there   they are all set, or there is one; else not
    words   of the reason, {} stands for the object, {value} for the value
    """

    find: ReferenceFinder
    path: str
    bits: int | None
    there: bool
    words: str


class RequestedGateway(NamedTuple):
    """A gateway in a request; `interface`: the one that it shall be reached over, 0 if the kernel looks it up."""

    family: int
    address: bytes
    interface: int


@dataclass(frozen=True)
class GatewayUnreached:
    """Fact: no address of a link that is up has a prefix that holds a gateway.

    gateways   yields those of a request
    address    name of the type of addresses, whose `reaches` counts
    link       returns the reference to an interface
    up         path and bits of an interface that is up
    """

    gateways: Callable[[DecodedMessage], Iterable[RequestedGateway]]
    address: str
    link: Callable[[int, DecodedMessage], ObjectReference]
    up: tuple[str, int]


@dataclass(frozen=True)
class AttributeMissing:
    """Fact: the request lacks an attribute, the first of these names; `who`: what needs it. Likely, never sure."""

    names: tuple[str, ...]
    who: str


RefusalFact = ObjectPresent | ObjectAbsent | ObjectValue | GatewayUnreached | AttributeMissing


@dataclass(frozen=True)
class RefusalRule:
    """A reason for which the kernel refuses a request.

    errors   error numbers
    fact     what holds then
    where    a further condition on the request
    source   the kernel's function that refuses
    sure     the function refuses such requests for nothing else with this error
    told     words in the kernel's own text for this refusal, several divided by "|"; where it is not sure and the text
             has other words, the reason is another
    about    names of the types of objects whose messages tell whether the fact holds
    """

    errors: frozenset[int]
    fact: RefusalFact
    where: MessagePredicate | None
    source: str
    sure: bool
    told: str
    about: frozenset[str]

    def fits(self, text: str | None) -> bool:
        """Return whether the kernel's text for a refusal, None without one, allows for the rule."""
        if isinstance(self.fact, AttributeMissing):
            return text is None
        return text is None or self.is_sure(text)

    def is_sure(self, text: str | None) -> bool:
        """Return whether the rule's fact is the reason of a refusal if it holds."""
        return self.sure or bool(text and self.told and any(words in text for words in self.told.split("|")))


REFUSALS: dict[tuple[int | str, str], list[RefusalRule]] = {}
"""Rules by protocol or generic family, and name of the type or command; "*" for all of a family."""
NAMES: dict[tuple[int | str, str], tuple[str, ...]] = {}
"""Paths of the values that are names of an object, by protocol and name of its type."""
DEPARTURES: dict[str, tuple[str, str]] = {}
"""For a type of objects the attribute of a message about one that is gone but goes on elsewhere, and words for that."""


def bind_refusal(
    protocol: int | str,
    types: str,
    errors: str,
    fact: RefusalFact,
    *,
    source: str,
    where: MessagePredicate | None = None,
    sure: bool = True,
    told: str = "",
    about: str = "link",
) -> None:
    """Declare a reason of refusals, see RefusalRule; names are separated by blanks. Earlier rules come first."""
    numbers = frozenset(int(getattr(ERRNO, name)) for name in errors.split())
    rule = RefusalRule(numbers, fact, where, source, sure, told, frozenset(about.split()))
    for name in types.split():
        REFUSALS.setdefault((protocol, name), []).append(rule)


def bind_names(protocol: int | str, thing: str, paths: str) -> None:
    """Declare the values that are names of objects of a type; `A.B` is also each of several B."""
    NAMES[protocol, thing] = tuple(paths.split())


def bind_departure(thing: str, attribute: str, words: str) -> None:
    """Declare that objects are not removed but went elsewhere where the last message has an attribute."""
    DEPARTURES[thing] = attribute, words


def refusal_rules(walked: DecodedMessage, error: int) -> list[RefusalRule]:
    """Return the rules for a request that was refused with an error."""
    place = walked.protocol if walked.family is None else walked.family
    name = walked.type_name if walked.family is None else command_name(walked) or ""
    rules = [*REFUSALS.get((place, name), ()), *REFUSALS.get((place, "*"), ())]
    return [rule for rule in rules if error in rule.errors and (rule.where is None or rule.where(walked))]


def own_node(walked: DecodedMessage, name: str) -> Node | None:
    """Return a field or an attribute of a message itself: one of that name inside others does not count."""
    layer: list[Node] | Node = walked.layers[-1].value if walked.layers else []
    for node in layer if isinstance(layer, list) else ():
        among: list[Node] = node.value if node.kind.shape == "attrs" and node.number is None else [node]
        for one in among:
            if one.name == name:
                return one
    return None
