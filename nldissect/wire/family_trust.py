"""Trust in names of generic family ids: any process may send a message that looks like an answer of nlctrl.

The kernel ignores a message without NLM_F_REQUEST, but nlmon captures it: an ordinary user's CTRL_CMD_NEWFAMILY looks
like an answer, or a notification, of the kernel. It must not rename WireGuard's id, whose keys would be printed.
"""

from __future__ import annotations

from collections.abc import Callable

from nldissect.uapi import GENL_ID_CTRL

REQUESTS = 1024
"""Number of requests to nlctrl that are remembered, by sequence number."""
WAS = " (was "


class FamilyTrust:
    """Decides which names the family ids of a capture get.

    The name that an id has from the capture's comments or from an answer to a request holds until another answer gives
    it another; unrequested frames name only ids without such a name. An id that was a family's that carries keys is
    called `NAME (was FAMILY)` from then on: no table describes a family of that name, and all its attributes are
    masked.

    is_keyed_family   predicate: messages of a family can carry keys
    """

    def __init__(self) -> None:
        self.is_keyed_family = is_keyed_family
        self._requests: dict[int, None] = {}
        self._unasked: set[int] = set()

    def observe_request(self, seq: int) -> None:
        """Observe a request to nlctrl by its sequence number."""
        self._requests.pop(seq, None)
        self._requests[seq] = None
        if len(self._requests) > REQUESTS:
            del self._requests[next(iter(self._requests))]

    def is_sure(self, number: int) -> bool:
        """Return False for an id whose name is from an unrequested message, else True."""
        return number not in self._unasked

    def name(self, number: int, name: str, known: str | None, seq: int, pid: int) -> str | None:
        """Return the name that an id gets from a message of nlctrl; None if its name stays as it is.

        number     the family id
        name       the name in the message
        known      the name of the id so far, None if it has none
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
    """Return the name of an id that was called `known`; it keeps the former name if that family carries keys."""
    first = known.split(WAS)[-1].removesuffix(")")
    return f"{name}{WAS}{first})" if name != first and is_keyed_family(first) else name


def is_keyed_family(family: str) -> bool:
    """Return whether messages of a generic family can carry keys, by its tables."""
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
    """Return whether a message can carry keys, also if it is damaged (secrets.may_carry_keys).

    control              its type is one that every protocol has
    family               name of its generic family, None if it has none or that is unknown
    keyed                its body has rows for keys; None if no table describes it
    known                a table describes its body by more than attribute numbers
    is_keyed_family      predicate of a family's name
    is_keyed_protocol    whether messages of its protocol can carry keys; called only if it matters
    """
    if keyed:
        return True
    if family is not None and not control:
        return (not known or is_former(family)) and is_keyed_family(family)
    return (keyed is None or control) and is_keyed_protocol()
