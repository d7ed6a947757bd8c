"""Facts of refusals, looked up in the state of objects that the capture told of before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from nldissect.escapes import escaped
from nldissect.wire import DecodedMessage
from nldissect.wire.semantics.objects import Reach, object_of
from nldissect.wire.semantics.refusals import (
    AttributeMissing,
    GatewayUnreached,
    LeafValues,
    ObjectAbsent,
    ObjectPresent,
    ObjectReference,
    ObjectSearch,
    ObjectValue,
    Reference,
    ReferenceFinder,
    RefusalFact,
    RequestedGateway,
)
from nldissect.wire.semantics.request_forms import RequestForm
from nldissect.wire.summary_template import brief

from ..objects.accepted import known_key
from ..objects.change import DUMP, Change, name_of
from ..objects.changes import Changes
from ..objects.identity import Key, leaves_of, members_of, place_of
from ..objects.object_store import KeptObject, holds
from ..objects.observed_message import ObservedMessage
from ..objects.requests import RequestedObject, SentRequest, requested_object
from .fact_words import FoundFact, address_text, born, departure, named
from .object_history import ObjectHistory
from .reason import SHOWN, SINCE, SINCE_OR_BEFORE


class StateFacts:
    """The state before one refused request, and what of it a rule may be about.

    before   commands of the same batch before the request, which the state does not have
    """

    def __init__(
        self, changes: Changes, history: ObjectHistory, request: ObservedMessage, before: Sequence[DecodedMessage] = ()
    ) -> None:
        self._changes, self._history, self._request, self._before = changes, history, request, before
        self._where, self._walked = request.where, request.walked

    def found(self, fact: RefusalFact) -> FoundFact | None:
        """Return a fact that holds in words, None for one that does not, or of which nothing is known."""
        if isinstance(fact, ObjectPresent):
            return self.present(fact)
        if isinstance(fact, ObjectAbsent):
            return self.absent(fact)
        if isinstance(fact, ObjectValue):
            return self.value(fact)
        return self.unreached(fact) if isinstance(fact, GatewayUnreached) else self.missing(fact)

    def present(self, fact: ObjectPresent) -> FoundFact | None:
        """Look for an object that may not exist, or that is in the way."""
        for reference in self._references(fact.find, present=True):
            for kept in self._existing(reference, fact.beside):
                name = reference.name if isinstance(reference, ObjectReference) else ""
                if name and name != name_of(kept.thing, kept.walked):
                    return FoundFact(f"{named(kept)} is also called {escaped(name)}", SHOWN, kept.change)
                moment, change = born(kept)
                return FoundFact(fact.words.format(named(kept)), SHOWN if fact.shown else moment, change)
        return None

    def absent(self, fact: ObjectAbsent) -> FoundFact | None:
        """Look for how an object is gone that the request needs."""
        for reference in self._references(fact.find):
            change = self._gone(reference, fact.beside)
            if change is not None and next(self._existing(reference, fact.beside), None) is None:
                name = reference.name if isinstance(reference, ObjectReference) else ""
                return departure(change, name)
        return None

    def value(self, fact: ObjectValue) -> FoundFact | None:
        """Look for an object with such a value."""
        for reference in self._references(fact.find):
            for kept in self._existing(reference, False):
                if _has(kept, fact.path, fact.bits) is fact.there:
                    return self._valued(kept, fact.path, fact.bits, fact.words)
        return None

    def unreached(self, fact: GatewayUnreached) -> FoundFact | None:
        """Look for why the only gateway of a request is not reached."""
        gateways = list(dict.fromkeys(fact.gateways(self._walked)))
        if len(gateways) != 1:
            return None
        (gateway,) = gateways
        store, protocol = self._changes.state.store, self._walked.protocol
        reaches = store.reaches_to(self._where, protocol, gateway.address)
        devices = [gateway.interface] if gateway.interface else sorted({reach.interface for reach in reaches})
        if devices:
            return self._device_down(fact, gateway, devices) if len(devices) == 1 else None
        kind = self._where, protocol, fact.address
        change = self._history.latest_gone(kind, lambda _, one: _reached(one, gateway.address))
        if change is not None:
            return departure(change)
        if (self._where, fact.address, gateway.family) not in self._changes.state.whole:
            return None
        return FoundFact(f"no {fact.address} has a prefix that holds {address_text(self._walked, gateway)}")

    def missing(self, fact: AttributeMissing) -> FoundFact | None:
        """Look for what the request lacks."""
        if any(self._walked.find(name) for name in fact.names):
            return None
        return FoundFact(f"{fact.who} needs {' or '.join(name.rpartition('.')[2] for name in fact.names)}")

    def _device_down(self, fact: GatewayUnreached, gateway: RequestedGateway, devices: list[int]) -> FoundFact | None:
        """Return that the interface of a gateway is down, so that its prefix is not reached."""
        path, bits = fact.up
        for kept in self._existing(fact.link(devices[0], self._walked), False):
            if _has(kept, path, bits) is False:
                behind = f"{address_text(self._walked, gateway)} is behind {{}}, which is down"
                return self._valued(kept, path, bits, "{} is down" if gateway.interface else behind)
        return None

    def _valued(self, kept: KeptObject, path: str, bits: int | None, words: str) -> FoundFact:
        node = kept.leaves.get(path)
        value = "" if node is None else brief(node.kind, node.value, kept.walked.context)
        says = words.format(name_of(kept.thing, kept.walked), value=value)
        change = self._history.since(kept, path, bits)
        if change is None:
            return FoundFact(says, *born(kept))
        return FoundFact(says, SINCE_OR_BEFORE if change.known == DUMP else SINCE, change)

    def _references(self, find: ReferenceFinder, present: bool = False) -> Iterator[Reference]:
        """Yield what a rule is about, without what the batch was to change before; `present`: it has to exist."""
        for reference in find(self._walked, self._values):
            if not any(_concerns(one, reference, present) for one in self._before):
                yield reference

    def _values(self, reference: ObjectReference) -> LeafValues | None:
        return next((kept.leaves for kept in self._existing(reference, False)), None)

    def _existing(self, reference: Reference, beside: bool) -> Iterator[KeptObject]:
        """Yield the objects that exist, of those that a reference means."""
        kept = self._changes.kept()
        if isinstance(reference, RequestForm):
            keys = self._described(reference, beside)
        elif isinstance(reference, ObjectSearch):
            kind = self._where, reference.protocol, reference.thing
            keys = [key for key in self._changes.state.store.of_type(kind) if reference.fits(kept[key].leaves)]
        elif reference.name:
            named = self._history.named(self._where, reference)
            yield from [named] if named is not None else ()
            return
        else:
            keys = [(self._where, reference.protocol, reference.thing, *reference.key)]
        yield from (kept[key] for key in keys if key in kept)

    def _described(self, form: RequestForm, beside: bool) -> list[Key]:
        """Return the identities of the object that the request describes, and with `beside` of those in its place."""
        wanted = self._wanted(form)
        if wanted is None:
            return []
        key = known_key(self._changes.state, wanted) or self._only_fitting(wanted)
        place = self._changes.state.store.places.get(place_of(wanted.thing, wanted.key)) if beside else None
        return [*([] if key is None else [key]), *([] if place is None else place.keys)]

    def _only_fitting(self, wanted: RequestedObject) -> Key | None:
        """Return the identity of the only object that is as the request says, without what that leaves open."""
        if wanted.thing.place:
            return None
        found = [key for key in self._changes.state.store.of_type(wanted.key[:3]) if _fits(wanted, key, whole=True)]
        return found[0] if len(found) == 1 else None

    def _wanted(self, form: RequestForm) -> RequestedObject | None:
        store = self._changes.state.store
        devices = partial(store.device_of, self._where, self._walked.protocol)
        return requested_object(SentRequest(self._request, form), None, devices)

    def _gone(self, reference: Reference, beside: bool) -> Change | None:
        """Return the change by which an object is gone that a reference means."""
        if isinstance(reference, ObjectReference):
            return self._history.gone(self._where, reference)
        if isinstance(reference, ObjectSearch):
            kind = self._where, reference.protocol, reference.thing
            fits = reference.fits
            return self._history.latest_gone(kind, lambda _, one: fits(leaves_of(members_of(one.walked))))
        wanted = self._wanted(reference)
        if wanted is None:
            return None
        if beside:
            place = place_of(wanted.thing, wanted.key)
            return self._history.latest_gone(wanted.key[:3], lambda key, one: place_of(one.thing, key) == place)
        return self._history.latest_gone(wanted.key[:3], lambda key, _: _fits(wanted, key))


def _concerns(command: DecodedMessage, reference: Reference, removes: bool) -> bool:
    """Return whether a command makes, changes or removes what a reference means; `removes`: or may remove it."""
    means = object_of(command)
    if not isinstance(reference, ObjectSearch) or means is None or means.thing is None:
        return False
    same = means.thing.name == reference.thing
    return same and ((removes and means.gone) or reference.fits(leaves_of(members_of(command))))


def _fits(wanted: RequestedObject, key: Key, whole: bool = False) -> bool:
    """Return whether an identity has all parts that a request does not leave open; `whole`: and no others."""
    open_parts = wanted.sent.form.open
    parts = zip(wanted.thing.key, wanted.key[3:], key[3:], strict=False)
    return all(
        part == own or (part is None and not whole) or name.partition("|")[0] in open_parts for name, part, own in parts
    )


def _has(kept: KeptObject, path: str, bits: int | None) -> bool | None:
    """Return whether an object has a value, or bits of it; None if that is not known."""
    node = kept.leaves.get(path)
    if bits is not None:
        return None if node is None or not isinstance(node.value, int) else node.value & bits == bits
    if node is not None:
        return bool(node.value)
    return False if not kept.thing.leaves or kept.thing.full in kept.leaves else None


def _reached(change: Change, gateway: bytes) -> bool:
    """Return whether a gateway was reached by an object that is gone."""
    reach: Reach | None = change.thing.reaches(change.walked) if change.thing.reaches is not None else None
    return reach is not None and holds(reach, gateway)
