"""Commands, options and what their values are, as scripts need them, read from the parser."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import NamedTuple

from nldissect.commands import parser
from nldissect.wire.protocol import NETLINK
from nldissect.wire.protocol_names import protocol_word

FILES, FILTER, FIELD, GROUP, NLMON, USER, NETNS, NOTHING = (
    "files", "filter", "field", "group", "nlmon", "user", "netns", "nothing",
)  # fmt: skip

SOURCES = {
    "FILE": FILES, "OUT": FILES, "FIELD": FIELD, "PATTERN": FIELD, "GROUP": GROUP, "IFACE": NLMON,
    "NAME|PID|PATH": NETNS,
}  # fmt: skip
"""What a value is, by the name that the help gives it: the whole of it, or one of several ("FILE|DIR", "GROUP,...")."""
PROTOCOL = "P"


class OptionValue(NamedTuple):
    """What stands behind an option or in a place of the line: one of some words, or what a source offers."""

    name: str
    source: str
    words: tuple[str, ...] = ()


class OptionModel(NamedTuple):
    """One option; `value` is None where none follows, `many` tells that it may come again."""

    names: tuple[str, ...]
    help: str
    value: OptionValue | None
    many: bool


class CommandModel(NamedTuple):
    """One command; `places` are the values that stand without an option, `rest` what may come any number of times."""

    name: str
    help: str
    options: tuple[OptionModel, ...]
    places: tuple[OptionValue, ...]
    rest: OptionValue | None


def model() -> tuple[CommandModel, ...]:
    """Every command; the first, without a name, is what stands before one."""
    top = parser()
    commands = [_command("", "", top)]
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {one.dest: one.help or "" for one in action._choices_actions}
            commands += [_command(name, helps.get(name, ""), one) for name, one in action.choices.items()]
    return tuple(commands)


def _command(name: str, help: str, command: argparse.ArgumentParser) -> CommandModel:
    options, places = [], []
    rest = None
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction) or action.help is argparse.SUPPRESS:
            continue
        if action.option_strings:
            many = isinstance(action, argparse._AppendAction)
            value = None if action.nargs == 0 else _value(action)
            options.append(OptionModel(tuple(action.option_strings), _line(action.help), value, many))
        elif action.nargs in ("*", "+", argparse.REMAINDER):
            rest = _value(action)
        else:
            places.append(_value(action))
    return CommandModel(name, _line(help), tuple(options), tuple(places), rest)


def _value(action: argparse.Action) -> OptionValue:
    name = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices is not None:
        return OptionValue(name, "words", tuple(map(str, action.choices)))
    if action.dest == "filter":
        return OptionValue(name, FILTER)
    if action.dest == "user":
        return OptionValue(name, USER)
    begun = tuple(map(protocol_word, NETLINK.names)) if name == PROTOCOL else tuple(_beginnings(name))
    if begun:
        return OptionValue(name, "words", begun)
    parts = (name, *name.removesuffix(",...").split("|"))
    return OptionValue(name, next((SOURCES[part] for part in parts if part in SOURCES), NOTHING))


def _beginnings(name: str) -> Iterator[str]:
    """What is written as it stands, "duration:" of "duration:S"."""
    for one in name.split("|"):
        found = re.match(r"[a-z]+:", one)
        if found:
            yield found.group()


def _line(help: str | None) -> str:
    return " ".join((help or "").replace("%%", "%").split())
