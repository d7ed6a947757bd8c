"""Calls in the lines of strace logs (strace(1)): thread, time, call, result; the two halves of a call are joined."""

from __future__ import annotations

import re
import time
from typing import NamedTuple

from ..records import SECOND

MOST_PIDS = 1 << 22  # linux/threads.h: a larger number before a call is a time

_BEFORE = re.compile(
    r"\s*(?:\[pid +(?P<pid>\d+)(?:<(?P<name>.*?)>)?\] +|(?P<pid2>\d+)(?:<(?P<name2>[^>]*)>)? +)?"
    r"(?:(?P<day>\d+:\d\d:\d\d)(?:\.(?P<dayrest>\d+))? +|(?P<seconds>\d+)\.(?P<rest>\d+) +)?"
    r"(?:\([+ ] *[\d.]+\) +)?(?:\[ *[0-9a-f?]+\] +)*"
)
_BEGUN = re.compile(r"(\w+)\((.*?) ?<unfinished \.\.\.>")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed> ?(.*)", re.S)
_WHOLE = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+|0x[0-9a-f]+|\?)(.*)", re.S)
_TOOK = re.compile(r"<(\d+)\.(\d+)>$")
_ERROR = re.compile(r" (E[A-Z0-9]+)\b")
_DESCRIPTOR = re.compile(r"(-?\d+)(?:<(.*?)>(?=[,)]|$))?")
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.S)
_NAMED = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11}


class Call(NamedTuple):
    """One call.

    task        thread id; 0 where the log has none
    name        the thread's name, if the log has it
    begun, over when the call was entered and left, in nanoseconds; None where the log has no times
    call        name of the call, `arguments` as strace wrote them
    result      the returned number; None if strace printed a question mark
    error       like "EAGAIN", or ""
    returned    the text in angle brackets after a returned descriptor
    """

    task: int
    name: str
    begun: int | None
    over: int | None
    call: str
    arguments: str
    result: int | None
    error: str
    returned: str

    @property
    def descriptor(self) -> tuple[int, str]:
        """First argument as a descriptor, and the text that strace wrote after it; -1 if it is not a descriptor."""
        found = _DESCRIPTOR.match(self.arguments)
        return (int(found[1]), found[2] or "") if found else (-1, "")


class UnfinishedCall(NamedTuple):
    """The first half of a call."""

    task: int
    name: str
    begun: int | None
    call: str
    arguments: str


class ThreadEnd(NamedTuple):
    """The end of a thread."""

    task: int


class Calls:
    """A parser of lines; `begun` holds the calls of which only the first half was read, by thread."""

    def __init__(self) -> None:
        self.begun: dict[int, UnfinishedCall] = {}
        self._clock = _Clock()

    def take(self, line: str) -> Call | UnfinishedCall | ThreadEnd | str | None:
        """Return the call, the first half of a call or the end of a thread on a line.

        The result is "" if nothing of interest is on it, None if the line is not strace's.
        """
        before = _BEFORE.match(line)
        assert before is not None
        task, name = int(before["pid"] or before["pid2"] or 0), before["name"] or before["name2"] or ""
        if task > MOST_PIDS and before["seconds"] is None and before["day"] is None:
            now: int | None = task * SECOND
            task = 0
        else:
            now = self._clock.read(before)
        what = line[before.end() :]
        if begun := _BEGUN.fullmatch(what):
            first = UnfinishedCall(task, unescaped(name), now, begun[1], begun[2])
            self.begun[task] = first
            return first
        if resumed := _RESUMED.fullmatch(what):
            earlier = self.begun.pop(task, None)
            if earlier is None or earlier.call != resumed[1] or resumed[2].startswith("<unfinished"):
                return ""
            whole = _WHOLE.fullmatch(f"{earlier.call}({earlier.arguments}{resumed[2]}")
            return _call(whole, task, unescaped(name), earlier.begun, now, now) if whole else ""
        if whole := _WHOLE.fullmatch(what):
            return _call(whole, task, unescaped(name), now, None, now)
        if what.startswith("+++ "):
            self.begun.pop(task, None)
            return ThreadEnd(task)
        return "" if what.startswith(("--- ", "strace: ")) or not what.strip() else None


def _call(whole: re.Match[str], task: int, name: str, begun: int | None, over: int | None, now: int | None) -> Call:
    result, rest = whole[3], whole[4]
    if over is None and begun is not None:
        took = _TOOK.search(rest)
        over = begun + (int(took[1]) * SECOND + int(f"{took[2]:0<9}"[:9]) if took else 0)
    error = _ERROR.match(rest)
    returned = _DESCRIPTOR.match(result + rest.partition(" ")[0])
    return Call(
        task, name, begun, over, whole[1], whole[2], None if result == "?" else number(result),
        error[1] if error else "", returned[2] or "" if returned else "",
    )  # fmt: skip


def number(text: str) -> int:
    """Return a number that strace wrote, decimal or hexadecimal."""
    return int(text, 16 if text.startswith("0x") else 10)


class _Clock:
    """A reader of times as nanoseconds, by the option of strace that wrote them.

    They count from 1970 (-ttt), are of a day in 1970 (-t, -tt: the log does not have the date), or count from the first
    line (-r).
    """

    def __init__(self) -> None:
        self._midnight: int | None = None
        self._sum = 0

    def read(self, before: re.Match[str]) -> int | None:
        if before["day"] is not None:
            if self._midnight is None:
                self._midnight = int(time.mktime((1970, 1, 2, 0, 0, 0, 0, 0, 0))) * SECOND
            hours, minutes, seconds = map(int, before["day"].split(":"))
            return self._midnight + (hours * 3600 + minutes * 60 + seconds) * SECOND + _fraction(before["dayrest"])
        if before["seconds"] is None:
            return None
        told = int(before["seconds"]) * SECOND + _fraction(before["rest"])
        if told < 1_000_000 * SECOND:  # since the line before
            self._sum += told
            return self._sum
        return told


def _fraction(digits: str | None) -> int:
    return int(f"{digits or '':0<9}"[:9])


def decimals(line: str) -> int:
    """Return the number of decimals of the time on a line."""
    before = _BEFORE.match(line)
    assert before is not None
    return min(9, len(before["dayrest"] or before["rest"] or ""))


def unescaped(text: str) -> str:
    """Return a name or path without the escapes that strace wrote."""
    return literal(text).decode(errors="replace") if "\\" in text else text


def literal(text: str) -> bytes:
    """Return the bytes of a string that strace wrote with escapes."""
    return b"".join(_bytes(text))


def _bytes(text: str) -> list[bytes]:
    parts, at = [], 0
    for found in _ESCAPE.finditer(text):
        parts.append(text[at : found.start()].encode())
        code = found[1]
        if code[0] == "x" and len(code) > 1:
            parts.append(bytes([int(code[1:], 16)]))
        elif code[0] in "01234567":
            parts.append(bytes([int(code, 8) & 0xFF]))
        else:
            parts.append(bytes([_NAMED[code]]) if code in _NAMED else code.encode())
        at = found.end()
    return [*parts, text[at:].encode()]
