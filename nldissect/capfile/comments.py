"""The comments by which a pcapng file explains itself: one fact each, in words, after `nldissect:`.

    nldissect: host 6.12.63 x86_64 little        section      release, machine and byte order of the captured kernel
    nldissect: family 0x1c ethtool               section      a generic netlink id
    nldissect: file 3 10001                      section      third file of a capture; its first frame is the 10001st
    nldissect: netns blue 4026532281             interface    the network namespace it listens in: name (or -), inode
    nldissect: netns nsid-7                      interface    one known by its id in another alone (`ip netns list-id`)
    nldissect: interface 3 eth0                  interface    an ifindex there; of a section: of all its namespaces
    nldissect: port route 4294963432 ip[1234]    packet       who has a port id there: protocol by name or number,
                                                              port, each name[pid]
    nldissect: processes 1 systemd 754 sshd      packet       processes that live then, and their names; beside an event
                                                              the name of its process
    nldissect: started 1234 1763930784.630000000  packet      when processes began: seconds since the epoch, rounded
                                                              down to a tick of the clock (10 ms)
    nldissect: renamed 1234 1763930784.636504123  packet      the name that `processes` beside it gives was taken after
                                                              that time
    nldissect: ended 1234 1240                   packet       processes that are gone by then, where no event tells it
    nldissect: process ip[1234] 4294963432 1240  packet       who sent or received it; the port id of the socket, or -;
                                                              the thread, if it is another than the process
    nldissect: extack Unknown%20table ip[1234]   packet       what the kernel said of the refusal in it, and to whom,
                                                              by the tracepoint netlink_extack
    nldissect: own                               packet       sent by the capture itself, or an answer to that
    nldissect: lost 12                           packet       so many were lost on its source before it

"interface" is an interface block, or a statistics block of that interface where something was learnt later; a fact
that is known from a packet on may stand with that packet. Words are parted by one space. In a word a space, `%`,
whatever does not print and bytes that are no UTF-8 are written %XX. Readers pass over facts and further words that
they don't know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MARK = "nldissect:"

_CODED = re.compile("(?:%[0-9A-Fa-f]{2})+")


def say(fact: str, *words: str | int) -> str:
    """One comment."""
    return " ".join([MARK, fact, *(coded(str(word)) for word in words)])


def seconds(nanoseconds: int) -> str:
    """A time as comments say it: seconds since the epoch."""
    whole, part = divmod(nanoseconds, 1_000_000_000)
    return f"{whole}.{part:09}"


def nanoseconds(word: str) -> int | None:
    """The time that such a word says, None if it says none."""
    whole, _, part = word.partition(".")
    digits = f"{part:0<9.9}"
    known = len(whole) <= 10 and whole.isdecimal() and digits.isdecimal()
    return int(whole) * 1_000_000_000 + int(digits) if known else None


def coded(word: str) -> str:
    """A word as it stands in a comment; undecodable bytes come as os.fsdecode gives them."""
    if word.isprintable() and not {" ", "%"} & {*word}:
        return word
    return "".join(
        one if one.isprintable() and one not in " %" else "".join(f"%{byte:02X}" for byte in _bytes(one))
        for one in word
    )


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _decoded(word: str) -> str:
    return _CODED.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode(errors="replace"), word)


def words(comment: str) -> list[str]:
    """The fact a comment tells and its words; empty for a comment of somebody else."""
    mark, *found = comment.split(" ")
    return [_decoded(word) for word in found] if mark == MARK else []


def facts(comments: Iterable[str], fact: str) -> Iterator[list[str]]:
    """The words of every comment that tells this fact."""
    for comment in comments:
        if comment.startswith(MARK):
            told, *rest = words(comment) or [""]
            if told == fact:
                yield rest


def numbered(comments: Iterable[str], fact: str) -> dict[int, str]:
    """A table of numbers and names, "family" or "interface"; where a number comes again, its first name holds."""
    table: dict[int, str] = {}
    for number, name, *_ in (found for found in facts(comments, fact) if len(found) > 1):
        try:
            table.setdefault(int(number, 0), name)
        except ValueError:
            continue
    return table


def agreed(tables: Iterable[dict[int, str]]) -> dict[int, str]:
    """What several namespaces call alike, or only one of them names."""
    names: dict[int, set[str]] = {}
    for table in tables:
        for number, name in table.items():
            names.setdefault(number, set()).add(name)
    return {number: min(known) for number, known in names.items() if len(known) == 1}


def losses(comments: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Kind and text of each loss before the packet that these comments stand beside, where they tell of one."""
    for comment in comments:
        fact, *count = words(comment) or [""]
        if fact == "lost":
            frames = f"{count[0]} frames" if count else "frames"
            yield fact, f"{frames} before this one were lost for want of room in the capture"
        elif fact == "overrun":
            yield fact, "messages before this one were lost for want of room in the socket"


def traced(comments: Iterable[str]) -> str | None:
    """The kernel's words that a tracepoint told of a refusal."""
    return next((found[0] for found in facts(comments, "extack") if found), None)
