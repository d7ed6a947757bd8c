"""Lifetimes of processes, and which of them held a socket when."""

from __future__ import annotations

from nldissect.analysis.processes.lifetimes import END, ProcessLifetimes
from nldissect.analysis.processes.socket_owners import SocketDump, SocketHolder, SocketOwners
from tests.helpers.netlink_users import SECOND


def test_lives() -> None:
    lives = ProcessLifetimes()
    lives.tell(10 * SECOND, "exec", 5, "b")
    lives.tell(20 * SECOND, "exit", 5)
    lives.tell(5 * SECOND, "seen", 5, "a")
    assert "a" == lives.life(5, 1).name and "a" == lives.life(5, 9 * SECOND).name  # type: ignore[union-attr]
    assert "b" == lives.life(5, 10 * SECOND).name  # type: ignore[union-attr]
    assert "b" == lives.life(5, 20 * SECOND + 1).name  # type: ignore[union-attr]
    assert lives.life(5, 22 * SECOND) is None and not lives.lived(5, 22 * SECOND)
    assert lives.life(6, 1) is None and lives.lived(6, 1)
    lives.tell(29_995_000_000, "started", 5)  # a tick before its fork
    lives.tell(30 * SECOND, "fork", 5, 4)
    assert lives.life(5, 25 * SECOND) is None
    assert (None, END) == (lives.life(5, 31 * SECOND).name, lives.life(5, 31 * SECOND).end)  # type: ignore[union-attr]


def test_lives_that_proc_alone_tells_of() -> None:
    """When one began and that it is gone; a name may be as old as the last look that found another."""
    lives = ProcessLifetimes()
    lives.tell(10 * SECOND, "seen", 5, "sh")
    lives.tell(2 * SECOND, "started", 5)
    assert not lives.lived(5, SECOND) and lives.lived(5, 2 * SECOND) and 2 * SECOND == lives.start(5, 3 * SECOND)
    lives.tell(20 * SECOND, "seen", 5, "charon")
    lives.tell(20 * SECOND, "renamed", 5, 19 * SECOND)
    names = [lives.life(5, second * SECOND).name for second in (2, 18, 19, 21)]  # type: ignore[union-attr]
    assert ["sh", "sh", "charon", "charon"] == names
    doubts = [second * SECOND < lives.life(5, second * SECOND).doubtful for second in (18, 19, 20)]  # type: ignore[union-attr]
    assert [False, True, False] == doubts
    lives.tell(30 * SECOND, "exit", 5)
    assert not lives.lived(5, 32 * SECOND) and lives.ended(5, 30 * SECOND + 1) and not lives.ended(5, 30 * SECOND)


def test_holders_are_those_of_the_looks_before_and_after() -> None:
    holding = SocketOwners()
    key, a, b = ("", 0, 99), SocketHolder(7, "a"), SocketHolder(8, "b")
    for time, owners in ((10, [a]), (20, [a, b]), (30, [a]), (40, [a]), (50, [a])):
        holding.owned(key, owners, time)
    ((held, _),) = holding.at(key, 60)
    assert [[a], [a, b], [a, b], [a]] == [held.owners_at(time) for time in (5, 15, 25, 45)]
    assert [10, 20, 30, 50] == [time for time, _ in held.owners]


def test_holding_needs_a_whole_dump_to_know_what_is_gone() -> None:
    holding = SocketOwners()
    first, part = SocketDump(10), SocketDump(20)
    key = ("", 0, 99)
    holding.part(first, ("", 0, 0), 1)
    holding.part(first, key, 50)
    holding.whole(first)
    holding.owned(key, [SocketHolder(7, "x")], 10)
    holding.part(part, ("", 0, 0), 1)  # its end was lost
    assert [(50, True)] == [(held.inode, sure) for held, sure in holding.at(key, 30)]
    third = SocketDump(40)
    holding.part(third, ("", 16, 0), 2)
    holding.whole(third)  # of another protocol
    assert holding.at(key, 50)
    holding.part(fourth := SocketDump(60), ("", 0, 0), 1)
    holding.whole(fourth)
    assert [True] == [sure for _, sure in holding.at(key, 59)] and [] == holding.at(key, 60)
    assert [False] == [sure for _, sure in holding.at(key, 5)]
