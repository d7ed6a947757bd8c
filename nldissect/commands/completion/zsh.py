"""Completion script for zsh."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from .model import FIELD, FILES, FILTER, GROUP, NETNS, NLMON, NOTHING, USER, CommandModel, OptionModel, OptionValue
from .words import FIND, key

OFFER = {
    FILES: "_files", FILTER: " _nldissect_words filter", FIELD: " _nldissect_words field",
    GROUP: " _nldissect_words group", NLMON: " _nldissect_nlmon", USER: "_users", NETNS: " _nldissect_netns",
    NOTHING: " ",
}  # fmt: skip

SCRIPT = r"""#compdef nldissect
# nldissect in zsh: eval "$(nldissect completion zsh)" behind compinit, or as a file _nldissect in $fpath

typeset -g _nldissect_find=@FIND@

_nldissect_words() {
    local what=$1 dir=${XDG_CACHE_HOME:-$HOME/.cache}/nldissect
    local file=$dir/words-@KEY@
    local -x NLDISSECT_TEXT=${(Q)PREFIX}
    local -a found
    if [[ ! -s $file ]] && mkdir -p $dir 2>/dev/null; then
        rm -f $dir/words-*(N)
        $_nldissect_program completion words >$file.$$ 2>/dev/null && mv -f $file.$$ $file || rm -f $file.$$
    fi
    if [[ -s $file ]]; then
        found=(${(f)"$(awk -v what=$what $_nldissect_find $file)"})
    else
        found=(${(f)"$($_nldissect_program completion words 2>/dev/null | awk -v what=$what $_nldissect_find)"})
    fi
    case $what in
        filter) compset -P '*[^A-Za-z0-9_.]'; found=(${found##*[^A-Za-z0-9_.]}) ;;
        group) compset -P '*,'; found=(${found##*,}) ;;
    esac
    # a filter goes on behind a field, a list behind a group
    local -a end
    [[ $what == field ]] || end=(-S '')
    compadd -M 'm:{a-zA-Z}={A-Za-z}' "${end[@]}" -a found
}

_nldissect_nlmon() { compadd -- ${${${(f)"$(grep -lx 824 /sys/class/net/*/type 2>/dev/null)"}%/type}##*/} }

_nldissect_netns() { compadd -- /run/netns/*(N:t); _files }

_nldissect() {
    local curcontext=$curcontext state line _nldissect_program=${~words[1]}
    typeset -A opt_args
    _arguments -C @TOP@ '1:command:->command' '*::argument:->arguments'
    case $state in
        command)
            local -a commands=(
@COMMANDS@
            )
            _describe command commands ;;
        arguments)
            case $words[1] in
@CASES@
            esac ;;
    esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _nldissect "$@"; else compdef _nldissect nldissect; fi
"""


def script(commands: Sequence[CommandModel]) -> str:
    """Return the whole script."""
    top, *named = commands
    parts = {
        "KEY": key(),
        "FIND": shlex.quote(FIND.strip()),
        "TOP": " ".join(shlex.quote(spec) for option in top.options for spec in _specs(option)),
        "COMMANDS": "\n".join(
            f"                {shlex.quote(one.name + ':' + one.help.replace(':', chr(92) + ':'))}" for one in named
        ),
        "CASES": "\n".join(_case(one) for one in named),
    }
    text = SCRIPT
    for name, part in parts.items():
        text = text.replace(f"@{name}@", part)
    return text


def _case(command: CommandModel) -> str:
    specs = [spec for option in command.options for spec in _specs(option)]
    specs += [f"{number}{_action(value)}" for number, value in enumerate(command.places, 1)]
    specs += [f"*{_action(command.rest)}"] if command.rest else []
    lines = " \\\n".join(f"                    {shlex.quote(spec)}" for spec in specs)
    return f"                {command.name}) _arguments -s \\\n{lines} ;;"


def _specs(option: OptionModel) -> Iterator[str]:
    """Yield the specifications of an option, as _arguments calls them, one for each of its names."""
    for name in option.names:
        others = " ".join(other for other in option.names if other != name)
        prefix = "*" if option.many else f"({others})" if others else ""
        equals = "=" if option.value and name.startswith("--") else ""
        action = _action(option.value) if option.value else ""
        yield f"{prefix}{name}{equals}[{_escaped(option.help)}]{action}"


def _action(value: OptionValue) -> str:
    words = " ".join(value.words).replace(":", "\\:")
    offer = f" compadd -S '' -- {words}" if words.endswith(":") else f"({words})" if words else OFFER[value.source]
    return f":{_escaped(value.name)}:{offer}"


def _escaped(text: str) -> str:
    for character in "\\[]:":
        text = text.replace(character, "\\" + character)
    return text
