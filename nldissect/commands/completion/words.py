"""Word list of completion scripts: fields, their constants, multicast groups; and the awk program that searches it.

A line is F, a field, the number of its set of constants; C, that number, the constants; or G, a group.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path


def key() -> str:
    """Return a key that changes with the tables: the version, and a CRC-32 of names, sizes and times of the sources."""
    import nldissect

    package = Path(nldissect.__file__).parent
    state = sorted((str(file), (told := file.stat()).st_size, told.st_mtime_ns) for file in package.rglob("*.py"))
    return f"{nldissect.__version__}-{zlib.crc32(repr(state).encode()):08x}"


def lines() -> Iterator[str]:
    """Yield the lines of the word list, without line ends."""
    from nldissect.families.multicast_groups import GROUPS, NLCTRL_NOTIFY, group_name
    from nldissect.filters.completion import words
    from nldissect.wire.protocol import NETLINK
    from nldissect.wire.protocol_names import protocol_word

    sets: dict[tuple[str, ...], int] = {(): 0}
    for name, constants in words().items():
        yield f"F\t{name}\t{sets.setdefault(constants, len(sets))}"
    for constants, number in sets.items():
        yield f"C\t{number}\t{' '.join(constants)}"
    numbers = [(protocol, number) for protocol, names in GROUPS.items() for number in names.names]
    for protocol, number in [*numbers, (NETLINK.GENERIC, NLCTRL_NOTIFY)]:
        yield f"G\t{group_name(protocol, number)}"
    for word in ("all", "all-nsid", *map(protocol_word, GROUPS)):
        yield f"G\t{word}"


FIND = r"""
function below(word) { return tolower(substr(word, 1, length(last))) == tolower(last) }
function tail(text) { match(text, /[A-Za-z0-9_.]*$/); return substr(text, RSTART) }
function trimmed(text) { sub(/[ \t]+$/, "", text); return text }
BEGIN {
    FS = "\t"
    text = ENVIRON["NLDISSECT_TEXT"]
    if (what == "group") match(text, /[^,]*$/); else match(text, /[A-Za-z0-9_.]*$/)
    last = substr(text, RSTART)
    before = substr(text, 1, RSTART - 1)
    if (what == "filter") {
        left = trimmed(before)
        if (left !~ /&&$/ && match(left, /(==|!=|&)$/))
            field = tail(trimmed(substr(left, 1, RSTART - 1)))
        else if (match(before, /[ \t]+[iI][nN][ \t]*[{][^{}]*$/) && before ~ /[{, \t]$/)
            field = tail(substr(before, 1, RSTART - 1))
        step = field
        sub(/.*[.]/, "", step)
    }
    set = -1
}
$1 == "F" && field != "" && tolower($2) == tolower(field) { set = $3 }
$1 == "F" && field != "" && set < 0 && tolower($2) == tolower(step) { set = $3 }
$1 == "F" && field == "" && what != "group" && below($2) { print before $2 }
$1 == "C" && $2 == set {
    count = split($3, names, " ")
    for (i = 1; i <= count; i++) if (below(names[i])) print before names[i]
}
$1 == "G" && what == "group" && below($2) { print before $2 }
"""
"""Awk program that prints the completions of NLDISSECT_TEXT, one a line; `what` is filter, field or group."""
