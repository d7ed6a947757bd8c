"""Types of attributes from a generic family's own policy, learned answer by answer (CTRL_CMD_GETPOLICY).

The known policy of a family is one text, so that it is learned, dropped and compared like any name: words like `do5=0`
and `dump5=1` (the number of the policy for a command's requests), `0.3=13>2` (attribute 3 of policy 0 has type 13, a
nest of policy 2).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from nldissect.uapi import NLM_F_DUMP

from ..attr_set import AttrSet
from ..containers import Attrs, Nest, Nests
from ..context import POLICY, Context
from ..kind import Kind
from ..numbers import S8, S16, S32, S64, U8, U16, U32, U64, Bitfield32, Sint, Uint
from ..opaque import Blob, Flag
from ..policy_words import merged, untold_text
from ..protocol import TO_KERNEL
from ..text import Text
from .bindings import CATCH_ALL, common_body, unknown_body
from .message import Message, generic

NESTED, NESTED_ARRAY = 13, 14
KINDS: dict[int, type[Kind]] = {
    1: Flag, 2: U8, 3: U16, 4: U32, 5: U64, 6: S8, 7: S16, 8: S32, 9: S64, 11: Text, 12: Text, 15: Bitfield32, 16: Sint,
    17: Uint,
}  # fmt: skip
"""Kinds by NL_ATTR_TYPE_* whose values need nothing else to be decoded (linux/netlink.h)."""
_WORD = re.compile(r"(\d+)\.(\d+)=(\d+)(?:>(\d+))?")


def learn_policy(context: Context | None, told: tuple[int, str] | None) -> None:
    """Let a context learn the policy in one answer.

    told   the family's id, and the words in the answer; None if it has none
    """
    if context is not None and told is not None:
        context.learn(POLICY, told[0], merged(context.known(POLICY, told[0]), told[1]))


def untold_body(
    family: str | None, known: str | None, command: int, flags: int, direction: str | None
) -> type[Message]:
    """Return the class of a generic body that no table describes, by its family's policy if that is known.

    known       the policy's words, None if unknown
    flags       nlmsg_flags
    direction   of the message

    A policy describes requests. Answers mostly have the attributes of the request for one object; the request for all
    objects has only the few that select.
    """
    body = unknown_body(family)
    if known is None or body is not generic:
        return body
    dump = direction == TO_KERNEL and flags & NLM_F_DUMP == NLM_F_DUMP
    return body_by_policy(known, command, dump) or body


def untold_words(family: str | None, number: int, command: int, body: type[Message]) -> str:
    """Return the text of the expert note on such a message; "" where a family's commands have no numbers (`bind_rest`).

    number   nlmsg_type
    """
    return "" if family in CATCH_ALL else untold_text(family, number, command, body is common_body(family))


@lru_cache(maxsize=256)
def body_by_policy(known: str, command: int, dump: bool) -> type[Message] | None:
    """Return the class of a command's body by a policy: numbered attributes with types.

    None if the policy has nothing for the command.

    dump   the policy is that of dump requests, if there is one; else that of the others
    """
    words = dict(word.split("=") for word in known.split())
    names = ("dump", "do") if dump else ("do", "dump")
    chosen = next((words[f"{name}{command}"] for name in names if f"{name}{command}" in words), None)
    if chosen is None:
        return None
    sets: dict[str, type[AttrSet]] = {}
    for policy, number, kind, inner in _WORD.findall(known):
        _add(_set(sets, policy), int(number), _row(int(number), int(kind), _set(sets, inner) if inner else None))
    if chosen not in sets:
        return None
    body: Any = type("_generic", (generic,), {"name": "generic", "fields_desc": [Attrs("attrs", sets[chosen])]})
    body.__name__ = body.__qualname__ = "generic"
    return body  # type: ignore[no-any-return]


def _set(sets: dict[str, type[AttrSet]], policy: str) -> type[AttrSet]:
    if policy not in sets:
        sets[policy] = type("_policy", (AttrSet,), {}, prefix="")
    return sets[policy]


def _add(rows: type[AttrSet], number: int, row: Kind) -> None:
    row.call(str(number), rows)
    rows.rows[number] = row


def _row(number: int, kind: int, inner: type[AttrSet] | None) -> Kind:
    if kind == NESTED and inner is not None:
        return Nest(number, inner)
    if kind == NESTED_ARRAY and inner is not None:
        return Nests(number, Nest(None, inner))
    made = KINDS.get(kind)
    return made(number) if made is not None else Blob(number, "bytes or attributes, the policy does not say which")
