"""The state that messages told before the last dump of all objects of a subject, against that dump."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .change import ADDED, CHANGED, DUMP, Change
from .changes import Changes
from .comparison import is_among
from .dumps import ObjectDump, Sort, subject_of


@dataclass
class DumpCheck:
    """A comparison of what the last dump of a subject lists with what was known before.

    protocol      of the dump's messages
    sort          namespace, object type, address family
    first, last   frames of the dump
    alike         number of objects that it lists as they were known
    unheard       number of those that it lists first, where no dump before listed all: nothing could be known of them
    differences   the other changes that the dump shows, in their order, but of values of which no message tells
    """

    protocol: int
    sort: Sort
    first: int
    last: int
    alike: int = 0
    unheard: int = 0
    differences: list[Change] = field(default_factory=list)


def dump_checks(found: Changes, told: Iterable[Change]) -> list[DumpCheck]:
    """Return a check for each subject of which a dump listed all objects.

    told   at least those of the changes that a dump showed (`Change.unseen`)
    """
    checks = {sort: DumpCheck(dump.protocol, sort, dump.first, dump.last) for sort, dump in found.dumped.items()}
    for change in told:
        check = checks.get(subject_of(change.thing, change.walked, change.where))
        if check is None or not change.unseen or not check.first <= change.frame <= check.last:
            continue
        if change.what != CHANGED or not all(is_among(change.thing.untold, one.path) for one in change.differences):
            check.differences.append(change)
    for sort, dump in found.dumped.items():
        _count(found, checks[sort], dump)
    return list(checks.values())


def _count(found: Changes, check: DumpCheck, dump: ObjectDump) -> None:
    """Add what the dump lists: objects known before, and new ones."""
    changed = {one.key for one in check.differences if one.what == CHANGED}
    for key in dump.listed:
        kept = found.kept().get(key)
        if kept is None or subject_of(kept.thing, kept.walked, check.sort[0]) != check.sort or key in changed:
            continue
        if kept.first is None or kept.first.known != DUMP or kept.first.frame < check.first:
            check.alike += 1
        elif check.sort not in dump.again:
            check.unheard += 1
        elif kept.change is not None:
            check.differences.append(replace(kept.change, what=ADDED))
