"""Model of the command line, read from the parser for completion scripts: commands, options, kinds of values."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import NamedTuple

from nldissect.wire.protocol import NETLINK
from nldissect.wire.protocol_names import protocol_word

from .. import parser

FILES, FILTER, FIELD, GROUP, NLMON, USER, NETNS, NOTHING = (
    "files", "filter", "field", "group", "nlmon", "user", "netns", "nothing",
)  # fmt: skip

SOURCES = {
    "FILE": FILES, "OUT": FILES, "FIELD": FIELD, "PATTERN": FIELD, "GROUP": GROUP, "IFACE": NLMON,
    "NAME|PID|PATH": NETNS,
}  # fmt: skip
"""Source of a value by its name in the help: the whole name, or one of several ("FILE|DIR", "GROUP,...")."""
PROTOCOL = "P"


class OptionValue(NamedTuple):
    """The value of an option or of a position in the line: one of `words`, or one that `source` offers."""

    name: str
    source: str
    words: tuple[str, ...] = ()


class OptionModel(NamedTuple):
    """One option; `value` is None if it takes none, `many` is set if it may be repeated."""

    names: tuple[str, ...]
    help: str
    value: OptionValue | None
    many: bool


class CommandModel(NamedTuple):
    """One command; `places` are its positional values, `rest` is the value that may come any number of times."""

    name: str
    help: str
    options: tuple[OptionModel, ...]
    places: tuple[OptionValue, ...]
    rest: OptionValue | None


def model() -> tuple[CommandModel, ...]:
    """Return every command; the first has no name, and holds the options before a command."""
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
    """Yield the fixed beginnings of a value's name: "duration:" of "duration:S"."""
    for one in name.split("|"):
        found = re.match(r"[a-z]+:", one)
        if found:
            yield found.group()


def _line(help: str | None) -> str:
    return " ".join((help or "").replace("%%", "%").split())
