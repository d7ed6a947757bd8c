"""Colour rules: filters with a style each; the first rule that matches a message paints its line.

A style consists of words: a role, which every theme paints readably (`error`, `warning`, `good`, `kernel`, `user`,
`notification`, `dim`), or a colour of the terminal (`red`, `bright_blue on yellow`), and `bold`, `italic`, `underline`,
`reverse`. On a terminal without colours only the attributes of a role remain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from rich.errors import StyleSyntaxError
from rich.style import Style

from nldissect.columns.fields.derived import MessageContext
from nldissect.errors import FilterError, NldissectError
from nldissect.filters import compile_filter

from ..jobs.second_pass import WHOLE, prefix

ROLES = ("error", "warning", "good", "kernel", "user", "notification", "dim")


class ColorRule(NamedTuple):
    """One colour rule; `name` is its name in the legend."""

    name: str
    filter: str
    style: str


DELETES = (
    "RTM_DELLINK", "RTM_DELADDR", "RTM_DELROUTE", "RTM_DELNEIGH", "RTM_DELRULE", "RTM_DELQDISC", "RTM_DELTCLASS",
    "RTM_DELTFILTER", "RTM_DELCHAIN", "RTM_DELACTION", "RTM_DELNEXTHOP", "RTM_DELMDB", "RTM_DELVLAN", "RTM_DELNSID",
    "NFT_MSG_DELTABLE", "NFT_MSG_DELCHAIN", "NFT_MSG_DELRULE", "NFT_MSG_DELSET", "NFT_MSG_DELSETELEM",
    "NFT_MSG_DELOBJ", "NFT_MSG_DELFLOWTABLE", "IPCTNL_MSG_CT_DELETE", "IPCTNL_MSG_EXP_DELETE", "XFRM_MSG_DELSA",
    "XFRM_MSG_DELPOLICY", "SOCK_DESTROY",
)  # fmt: skip
DEFAULT = (
    ColorRule("refused, failed", "error", "error"),
    ColorRule("warning of the kernel", "extack", "warning"),
    ColorRule("interrupted dump", "nlmsg_flags & NLM_F_DUMP_INTR", "warning"),
    ColorRule("lost messages", "nlmsg_type == NLMSG_OVERRUN", "error bold"),
    ColorRule("cut by a snap length", "frame.cap_len < frame.len", "warning"),
    ColorRule("odd", "notes", "warning"),
    ColorRule("acknowledged, end of a dump", "nlmsg_type in {NLMSG_ERROR, NLMSG_DONE}", "dim"),
    ColorRule("delete", f"nlmsg_type in {{{', '.join(DELETES)}}}", "notification bold"),
    ColorRule("notification", 'direction == "notification"', "notification"),
    ColorRule("request", 'direction == "to kernel"', "kernel"),
)


class StyledRule(NamedTuple):
    """A colour rule with its filter compiled."""

    rule: ColorRule
    holds: Callable[[MessageContext], bool]
    fields: frozenset[str]


class ColorRules:
    """The colour rules in their order."""

    def __init__(self, rules: Iterable[StyledRule]) -> None:
        self.rules = list(rules)
        self.whole = {name for one in self.rules for name in one.fields if prefix(name) in WHOLE}
        """Fields that need a second pass."""

    def rule(self, situation: MessageContext) -> ColorRule | None:
        """Return the first rule that matches a message; None if none does."""
        return next((one.rule for one in self.rules if one.holds(situation)), None)

    def style(self, situation: MessageContext) -> str:
        """Return the style of the first matching rule; "" if none matches."""
        found = self.rule(situation)
        return found.style if found is not None else ""


def ready(rule: ColorRule) -> StyledRule:
    """Compile a rule; NldissectError if its style or its filter can't be parsed."""
    check_style(rule.style)
    try:
        made = compile_filter(rule.filter)
    except FilterError as error:
        raise NldissectError(f'"{rule.filter}": {error.message}') from None
    return StyledRule(rule, made.holds, frozenset(one.name for one in made.fields))


def check_style(words: str) -> None:
    """Raise NldissectError unless a style can be parsed."""
    rest = " ".join(word for word in words.split() if word not in ROLES)
    try:
        Style.parse(rest)
    except StyleSyntaxError:
        known = ", ".join(ROLES)
        raise NldissectError(f'no style "{words}"; write {known}, a colour like "red on white", bold, ...') from None
