"""Comments by which a pcapng file describes itself: each states one fact, in words, after `nldissect:`.

    nldissect: host 6.12.63 x86_64 little        section      release, machine and byte order of the captured kernel
    nldissect: family 0x1c ethtool               section      a generic netlink id
    nldissect: file 3 10001                      section      third file of a capture; its first frame is the 10001st
    nldissect: netns blue 4026532281             interface    the network namespace it listens in: name (or -), inode
    nldissect: netns nsid-7                      interface    a namespace of which only the id in another one is known
                                                              (`ip netns list-id`)
    nldissect: interface 3 eth0                  interface    an ifindex in that namespace; on a section: in all of
                                                              its namespaces
    nldissect: port route 4294963432 ip[1234]    packet       owners of a port id in that namespace: protocol by name
                                                              or number, port, each name[pid]
    nldissect: processes 1 systemd 754 sshd      packet       processes alive at that time, and their names; on an
                                                              event: the name of its process
    nldissect: started 1234 1763930784.630000000  packet      when processes began: seconds since the epoch, rounded
                                                              down to a tick of the clock (10 ms)
    nldissect: parents 1240 1234                 packet       the process that each was started by, or was given to
                                                              when that had ended
    nldissect: cgroups 1234 /system.slice/a.service  packet   control groups of processes; those that they start are
                                                              in the same, unless another is told
    nldissect: renamed 1234 1763930784.636504123  packet      the name in `processes` on the same packet was taken
                                                              after that time
    nldissect: ended 1234 1240                   packet       processes that had ended by then, where no event
                                                              reports it
    nldissect: process ip[1234] 4294963432 1240  packet       sender or receiver of the packet; the port id of its
                                                              socket, or -; the thread, if it is not the process
    nldissect: extack Unknown%20table ip[1234]   packet       the kernel's text about the refusal in the packet, and
                                                              the refused process, by the tracepoint netlink_extack
    nldissect: own                               packet       sent by the capture itself, or an answer to such a frame
    nldissect: lost 12                           packet       number of frames lost on its source before this one

"interface" is an interface block, or a statistics block of that interface where something was learned later; a fact
that is known from a packet on may be on that packet. Words are separated by one space. In a word, a space, `%`,
characters that do not print and bytes that are not UTF-8 are written %XX. Readers skip facts and further words that
they don't know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MARK = "nldissect:"

_CODED = re.compile("(?:%[0-9A-Fa-f]{2})+")


def format_comment(fact: str, *words: str | int) -> str:
    """Return the comment that states a fact."""
    return " ".join([MARK, fact, *(coded(str(word)) for word in words)])


def seconds(nanoseconds: int) -> str:
    """Return a time in nanoseconds since the epoch as comments write it: in seconds, with nine decimals."""
    whole, part = divmod(nanoseconds, 1_000_000_000)
    return f"{whole}.{part:09}"


def nanoseconds(word: str) -> int | None:
    """Return the nanoseconds of a time that `seconds` has written; None if the word is not a time."""
    whole, _, part = word.partition(".")
    digits = f"{part:0<9.9}"
    known = len(whole) <= 10 and whole.isdecimal() and digits.isdecimal()
    return int(whole) * 1_000_000_000 + int(digits) if known else None


def coded(word: str) -> str:
    """Return a word as comments write it; undecodable bytes are given as os.fsdecode returns them."""
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
    """Return the fact that a comment states, and its words; an empty list for a comment of another program."""
    mark, *found = comment.split(" ")
    return [_decoded(word) for word in found] if mark == MARK else []


def parse_comments(comments: Iterable[str], fact: str) -> Iterator[list[str]]:
    """Yield the words of every comment that states this fact."""
    for comment in comments:
        if comment.startswith(MARK):
            told, *rest = words(comment) or [""]
            if told == fact:
                yield rest


def numbered_names(comments: Iterable[str], fact: str) -> dict[int, str]:
    """Return the table of numbers and names of a fact, "family" or "interface"; the first name of a number holds."""
    table: dict[int, str] = {}
    for number, name, *_ in (found for found in parse_comments(comments, fact) if len(found) > 1):
        try:
            table.setdefault(int(number, 0), name)
        except ValueError:
            continue
    return table


def agreed(tables: Iterable[dict[int, str]]) -> dict[int, str]:
    """Return the names that do not differ between the tables of several namespaces."""
    names: dict[int, set[str]] = {}
    for table in tables:
        for number, name in table.items():
            names.setdefault(number, set()).add(name)
    return {number: min(known) for number, known in names.items() if len(known) == 1}


def losses(comments: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each loss before a packet that the comments on the packet report."""
    for comment in comments:
        fact, *count = words(comment) or [""]
        if fact == "lost":
            frames = f"{count[0]} frames" if count else "frames"
            yield fact, f"{frames} before this one were lost for want of room in the capture"
        elif fact == "overrun":
            yield fact, "messages before this one were lost for want of room in the socket"


def traced(comments: Iterable[str]) -> str | None:
    """Return the kernel's text about a refusal, as a tracepoint reported it; None without one."""
    return next((found[0] for found in parse_comments(comments, "extack") if found), None)
