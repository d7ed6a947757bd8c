"""Whom to believe about the names of generic families' ids: anybody may send the like of nlctrl's answer.

The kernel takes no notice of a message without NLM_F_REQUEST, but nlmon shows it: an ordinary user's CTRL_CMD_NEWFAMILY
looks like an answer, or a notification, of the kernel. It must not rename WireGuard's id, whose keys would be shown.
"""

from __future__ import annotations

from collections.abc import Callable

from nldissect.uapi import GENL_ID_CTRL

REQUESTS = 1024
"""Requests to nlctrl kept in mind, by number."""
WAS = " (was "


class FamilyTrust:
    """Decides which names the ids of a capture's families get.

    The name that the capture's comments or an answer to a request gave to an id holds until another answer gives
    another; frames that nobody asked for name ids that have no such name. An id that was a family's that carries keys
    is called `NAME (was FAMILY)` from then on: no table has that, and all its attributes are masked.

    is_keyed_family   tells such families
    """

    def __init__(self) -> None:
        self.is_keyed_family = is_keyed_family
        self._requests: dict[int, None] = {}
        self._unasked: set[int] = set()

    def observe_request(self, seq: int) -> None:
        """Take note of the number of a request to nlctrl."""
        self._requests.pop(seq, None)
        self._requests[seq] = None
        if len(self._requests) > REQUESTS:
            del self._requests[next(iter(self._requests))]

    def is_sure(self, number: int) -> bool:
        """Return whether an id's name is not one that nobody asked for."""
        return number not in self._unasked

    def name(self, number: int, name: str, known: str | None, seq: int, pid: int) -> str | None:
        """Return what to call an id that a message of nlctrl names, `known` its name so far; None: nothing changes.

        seq, pid   of the message: the kernel's answers have those of the request, its notifications 0
        """
        if number == GENL_ID_CTRL and name != "nlctrl":
            return None  # GENL_ID_CTRL is fixed: genl_ctrl of net/netlink/genetlink.c
        asked = pid != 0 and seq in self._requests
        if known is not None and known != name and not asked and self.is_sure(number):
            return None
        if asked:
            self._unasked.discard(number)
        elif known is None:
            self._unasked.add(number)
        return name if known is None else renamed(known, name, self.is_keyed_family)


def renamed(known: str, name: str, is_keyed_family: Callable[[str], bool]) -> str:
    """Return what to call an id that gets another name; what it was stays with it, if that family carries keys."""
    first = known.split(WAS)[-1].removesuffix(")")
    return f"{name}{WAS}{first})" if name != first and is_keyed_family(first) else name


def is_keyed_family(family: str) -> bool:
    """Return whether messages of a generic family can carry keys, as its tables say."""
    from . import secrets

    return secrets.is_keyed_family(family)


def is_former(family: str | None) -> bool:
    """Return whether a family's name is one that `renamed` made."""
    return family is not None and WAS in family


def may_carry(
    control: bool,
    family: str | None,
    keyed: bool | None,
    known: bool,
    is_keyed_family: Callable[[str], bool],
    is_keyed_protocol: Callable[[], bool],
) -> bool:
    """Return whether a message can carry keys, where it is damaged too (secrets.may_carry_keys).

    control   its type is one that every protocol has
    keyed     its body has rows for keys; None where no table describes it
    known     a table describes its body, by more than numbers of attributes
    """
    if keyed:
        return True
    if family is not None and not control:
        return (not known or is_former(family)) and is_keyed_family(family)
    return (keyed is None or control) and is_keyed_protocol()
