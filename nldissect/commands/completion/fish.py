"""Completion script for fish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .model import FIELD, FILES, FILTER, GROUP, NETNS, NLMON, NOTHING, USER, CommandModel, OptionValue
from .words import FIND, key

OFFER = {
    FILES: "", FILTER: "(__nldissect_words filter)", FIELD: "(__nldissect_words field)",
    GROUP: "(__nldissect_words group)",
    NLMON: "(grep -lx 824 /sys/class/net/*/type 2>/dev/null | string replace -r '.*/(.*)/type' '$1')",
    USER: "(__fish_complete_users)", NETNS: "(ls /run/netns 2>/dev/null)", NOTHING: "",
}  # fmt: skip

SCRIPT = r"""# nldissect in fish: nldissect completion fish > ~/.config/fish/completions/nldissect.fish

set -g __nldissect_find @FIND@
set -g __nldissect_valued @VALUED@

function __nldissect_words --argument-names what
    set -l dir $HOME/.cache/nldissect
    set -q XDG_CACHE_HOME; and set dir $XDG_CACHE_HOME/nldissect
    set -l file $dir/words-@KEY@
    set -l program (string replace -r '^~/' "$HOME/" -- (commandline -opc)[1])
    set -lx NLDISSECT_TEXT (string replace -r '^["\']' '' -- (commandline -ct))
    if not test -s $file; and mkdir -p $dir 2>/dev/null
        rm -f $dir/words-*
        $program completion words >$file.$fish_pid 2>/dev/null; and mv -f $file.$fish_pid $file
        or rm -f $file.$fish_pid
    end
    if test -s $file
        awk -v what=$what $__nldissect_find $file
    else
        $program completion words 2>/dev/null | awk -v what=$what $__nldissect_find
    end
end

function __nldissect_in --argument-names command place compare
    set -l words (commandline -opc)
    test "$words[2]" = $command; or return 1
    test -z "$place"; and return 0
    set -l count 0
    set -l behind no
    for word in $words[3..-1]
        if test $behind = yes
            set behind no
        else if contains -- "$command $word" $__nldissect_valued
            set behind yes
        else if not string match -q -- '-*' $word
            set count (math $count + 1)
        end
    end
    test -z "$compare"; and set compare -eq
    test $behind = no -a $count $compare $place
end

complete -c nldissect -f
@LINES@
"""


def script(commands: Sequence[CommandModel]) -> str:
    """Return the whole script."""
    text = SCRIPT
    parts = {"KEY": key(), "FIND": quoted(FIND.strip()), "LINES": "\n".join(_lines(commands))}
    valued = (
        f"{one.name} {name}" for one in commands for option in one.options if option.value for name in option.names
    )
    parts["VALUED"] = " ".join(map(quoted, valued))
    for name, part in parts.items():
        text = text.replace(f"@{name}@", part)
    return text


def _lines(commands: Sequence[CommandModel]) -> Iterator[str]:
    for one in commands:
        if one.name:
            yield f"complete -c nldissect -n __fish_use_subcommand -a {one.name} -d {quoted(one.help)}"
        where = f"-n {quoted(f'__nldissect_in {one.name}')}" if one.name else "-n __fish_use_subcommand"
        for option in one.options:
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
            value = _offer(option.value) if option.value else ""
            yield f"complete -c nldissect {where} {names} {value}-d {quoted(option.help)}"
        for number, place in enumerate(one.places):
            yield from _place(place, f"__nldissect_in {one.name} {number}")
        if one.rest is not None:
            yield from _place(one.rest, f"__nldissect_in {one.name} {len(one.places)} -ge")


def _offer(value: OptionValue) -> str:
    """Return the options of `complete` for the value of an option; -F lets fish offer files."""
    if value.source in (FILES, NETNS):
        return f"-r -F {_choices(value)}"
    return f"-x {_choices(value)}"


def _place(value: OptionValue, where: str) -> Iterator[str]:
    """Yield the line that completes a positional value, if there is something to offer."""
    offer = "-F" if value.source == FILES else _choices(value)
    if offer:
        yield f"complete -c nldissect -n {quoted(where)} {offer}"


def _choices(value: OptionValue) -> str:
    words = " ".join(value.words) or OFFER[value.source]
    return f"-a {quoted(words)} " if words else ""


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
