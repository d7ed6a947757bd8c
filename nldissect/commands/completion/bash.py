"""Completion script for bash."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from .model import FIELD, FILES, FILTER, GROUP, NETNS, NLMON, NOTHING, USER, CommandModel, OptionValue
from .words import FIND, key

OFFER = {
    FILES: "compopt -o default",
    FILTER: "_nldissect_words filter",
    FIELD: "_nldissect_words field",
    GROUP: "_nldissect_words group",
    NLMON: '_nldissect_list "$(grep -lx 824 /sys/class/net/*/type 2>/dev/null | cut -d/ -f5)"',
    USER: 'mapfile -t COMPREPLY < <(compgen -u -- "$cur")',
    NETNS: 'compopt -o default; _nldissect_list "$(ls /run/netns 2>/dev/null)"',
    NOTHING: ":",
}

SCRIPT = r"""# nldissect in bash: eval "$(nldissect completion bash)"

_nldissect_find=@FIND@

_nldissect_words() {
    local dir=${XDG_CACHE_HOME:-$HOME/.cache}/nldissect
    local file=$dir/words-@KEY@ line
    local -x NLDISSECT_TEXT=$cur
    if [[ ! -s $file ]] && mkdir -p "$dir" 2>/dev/null; then
        rm -f "$dir"/words-*
        "$program" completion words >"$file.$$" 2>/dev/null && mv -f "$file.$$" "$file" || rm -f "$file.$$"
    fi
    if [[ -s $file ]]; then
        mapfile -t COMPREPLY < <(awk -v what="$1" "$_nldissect_find" "$file")
    else
        mapfile -t COMPREPLY < <("$program" completion words 2>/dev/null | awk -v what="$1" "$_nldissect_find")
    fi
    [[ $1 == field ]] || compopt -o nospace
    # a filter goes on behind a field: two answers keep readline from closing the quote
    [[ $1 == filter && ${#COMPREPLY[@]} == 1 && ${COMP_WORDS[COMP_CWORD]} == [\'\"]* ]] &&
        COMPREPLY+=("${COMPREPLY[0]} ")
}

_nldissect_list() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *: ]] && compopt -o nospace
}

_nldissect() {
    local program=${1/#\~\//$HOME/} cur=$2 command= place=0 option= i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        option=
        if [[ -z $command ]]; then
            [[ ${COMP_WORDS[i]} == -* ]] || command=${COMP_WORDS[i]}
            continue
        fi
        case "$command ${COMP_WORDS[i]}" in
            @VALUED@)
                option=${COMP_WORDS[i]}
                i=$((i + 1))
                [[ $option == --* && ${COMP_WORDS[i]} == = ]] && i=$((i + 1)) ;;
            *' '-?*) ;;
            *) place=$((place + 1)) ;;
        esac
    done
    [[ $cur == = && $option == --* ]] && cur=
    if ((i > COMP_CWORD)); then
        case "$command $option" in
@VALUES@
        esac
        return
    fi
    if [[ $cur == -* ]]; then
        case $command in
@OPTIONS@
        esac
        return
    fi
    case "$command $place" in
@PLACES@
    esac
}

complete -F _nldissect nldissect
"""


def script(commands: Sequence[CommandModel]) -> str:
    """Return the whole script."""
    named = commands[1:]
    valued = [
        f'"{one.name} {name}"' for one in named for option in one.options if option.value for name in option.names
    ]
    parts = {
        "KEY": key(),
        "FIND": shlex.quote(FIND.strip()),
        "VALUED": " | ".join(valued),
        "VALUES": "\n".join(_cases(_values(named), 12)),
        "OPTIONS": "\n".join(f"            {pattern}) {offer} ;;" for pattern, offer in _options(commands)),
        "PLACES": "\n".join([*_cases(_places(named), 8), *_cases(_rests(named), 8)]),
    }
    parts["PLACES"] = f'        " 0") {_words([one.name for one in named])} ;;\n' + parts["PLACES"]
    text = SCRIPT
    for name, part in parts.items():
        text = text.replace(f"@{name}@", part)
    return text


def _words(words: Sequence[str]) -> str:
    return f"_nldissect_list {shlex.quote(' '.join(words))}"


def _offer(value: OptionValue) -> str:
    return _words(value.words) if value.words else OFFER[value.source]


def _values(commands: Sequence[CommandModel]) -> Iterator[tuple[str, str]]:
    for one in commands:
        for option in one.options:
            if option.value is not None and option.value.source != NOTHING:
                for name in option.names:
                    yield f'"{one.name} {name}"', _offer(option.value)


def _options(commands: Sequence[CommandModel]) -> Iterator[tuple[str, str]]:
    for one in commands:
        names = [name for option in one.options for name in option.names]
        yield one.name or "''", _words(names)


def _places(commands: Sequence[CommandModel]) -> Iterator[tuple[str, str]]:
    for one in commands:
        for number, value in enumerate(one.places):
            yield f'"{one.name} {number}"', _offer(value)


def _rests(commands: Sequence[CommandModel]) -> Iterator[tuple[str, str]]:
    for one in commands:
        if one.rest is not None:
            yield f'"{one.name} "*', _offer(one.rest)


def _cases(pairs: Iterator[tuple[str, str]], indent: int) -> Iterator[str]:
    """Yield the branches of a case statement; patterns with the same answer share a branch."""
    same: dict[str, list[str]] = {}
    for pattern, offer in pairs:
        same.setdefault(offer, []).append(pattern)
    for offer, patterns in same.items():
        yield f"{' ' * indent}{' | '.join(patterns)}) {offer} ;;"
