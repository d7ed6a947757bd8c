"""Changes by accepted requests of which no event tells (see requests.py)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from nldissect.wire import DecodedMessage
from nldissect.wire.decode.acks import PriorRequest
from nldissect.wire.protocol import NLM_F_NEW
from nldissect.wire.semantics.objects import SiblingRule

from .change import CHANGED, REQUEST, UNCHANGED, Change
from .dumps import subject_of
from .identity import Key, Leaves, leaves_of, members_of, place_of
from .next_hops import Difference, hops_of
from .object_state import ObjectState
from .object_store import KeptObject
from .requests import RequestedObject, SentRequest, requested_object


def accepted_change(state: ObjectState, sent: SentRequest) -> Change | None:
    """Change the state as an accepted request says; return the change, None if the request is about no known type."""
    message, masked = sent.message, sent.form.masked
    devices = partial(state.store.device_of, message.where, message.walked.protocol)
    wanted = requested_object(sent, None, devices)
    old = None if wanted is None else known_key(state, wanted) or _unidentified_key(state, wanted)
    before = None if old is None or masked is None else state.store.kept[old].leaves.get(masked.name)
    if before is not None:
        wanted = requested_object(sent, before.value, devices)
    if wanted is None:
        return None
    change = Change.by(message._replace(walked=wanted.walked), wanted.thing, old or wanted.key, REQUEST)
    change.request = PriorRequest(message.frame, message.walked)
    if wanted.gone:
        change.walked = wanted.walked if old is None else _gone_message(wanted, state.store.kept[old])
        return state.removed(change)
    unknown = sent.form.unknown | sent.form.ends | ({masked.name} if masked is not None and before is None else set())
    told = leaves_of(members_of(wanted.walked))
    leaves = {path: node for path, node in told.items() if unknown.isdisjoint(path.split("."))}
    return _made(state, change, wanted, leaves, None if old is None else state.store.kept[old])


def known_key(state: ObjectState, wanted: RequestedObject) -> Key | None:
    """Return the key of the known object that a request is about, None if it is not known."""
    kept = state.store.kept
    if wanted.key in kept:
        return wanted.key
    place = state.store.places.get(place_of(wanted.thing, wanted.key))
    near = [key for key in place.keys if key in kept] if place is not None else []
    found = next((key for key in near if wanted.fits(kept[key].walked)), None)
    if found is not None or (not wanted.gone and not wanted.sent.form.named):
        return found
    return next((key for key in state.store.of_type(wanted.key[:3]) if wanted.fits(kept[key].walked)), None)


def _unidentified_key(state: ObjectState, wanted: RequestedObject) -> Key | None:
    """Return the key of the only object whose identity no message told, for a request with an identity not known.

    Where it can be one of several, or one that was there before, these are forgotten: what became of each is not known.
    """
    if wanted.sent.form.named or (wanted.walked.flags & NLM_F_NEW.CREATE and not wanted.gone):
        return None
    found = state.store.unidentified(wanted.key[:3])
    if len(found) == 1 and subject_of(wanted.thing, wanted.walked, wanted.sent.message.where) in state.whole:
        return found[0]
    state.store.forget(found)
    return None


def _made(
    state: ObjectState, change: Change, wanted: RequestedObject, leaves: Leaves, known: KeptObject | None
) -> Change:
    """Add or change an object as a request says; return the change."""
    if known is None and wanted.thing.leaves and not wanted.walked.flags & NLM_F_NEW.CREATE:
        change.what, change.differences = CHANGED, _settings(state, wanted, leaves)
        state.fall_with_state(change)
        return change
    if known is not None and _succeeds(wanted, leaves, known):
        state.removed(replace(change, key=known.key, walked=known.walked))
    if known is None or not wanted.thing.leaves:
        change = state.tell(change, False, True, leaves)
        if change.key in state.store.kept:
            state.store.mark_requested(change.key, wanted)
        return change
    differences = state.comparison.differences(known, replace(known, leaves=leaves), by_kernel=False)
    change.differences = [one for one in differences if one.new is not None]
    ended = [path for path in known.leaves if not wanted.sent.form.ends.isdisjoint(path.split("."))]
    change.differences += [Difference(path, known.leaves[path], None) for path in ended]
    change.what = CHANGED if change.differences else UNCHANGED
    state.comparison.note(known, change)
    known.leaves = {path: node for path, node in known.leaves.items() if path not in ended} | leaves
    known.met, known.sent = state.turn, wanted.sent
    if change.differences:
        known.change = change
        known.asked |= {one.path for one in change.differences}
        state.fall_with_state(change)
    return change


def _succeeds(wanted: RequestedObject, leaves: Leaves, known: KeptObject) -> bool:
    """Return whether the wanted object is another than the known one in its place."""
    pairs = ((leaves.get(path), known.leaves.get(path)) for path in wanted.sent.form.successor)
    return any(new is not None and old is not None and new.value != old.value for new, old in pairs)


def _settings(state: ObjectState, wanted: RequestedObject, leaves: Leaves) -> list[Difference]:
    """Return what a request sets of an object of which nothing is known."""
    thing, masked = wanted.thing, wanted.sent.form.masked
    found = [
        Difference(path, None, node)
        for path, node in leaves.items()
        if path not in thing.key and not state.comparison.passes(thing, path)
    ]
    node = None if masked is None else wanted.sent.message.walked.find(masked.name)
    if masked is not None and masked.mask and node is not None:
        before, after = (node._replace(value=value & masked.mask) for value in (~masked.value, masked.value))
        found.insert(0, Difference(masked.name, before, after))
    return found


def _gone_message(wanted: RequestedObject, kept: KeptObject) -> DecodedMessage:
    """Return the message by which an object is removed: the request's where it names one of several next hops."""
    one_of = wanted.thing.beside == SiblingRule.JOINED and hops_of(wanted.walked) and len(kept.hops) > 1
    return wanted.walked if one_of else kept.walked
