"""Two cores side by side: byte for byte what the message engine prints."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from nldissect.errors import NldissectError
from nldissect.native.core import Core
from nldissect.native.core_pair import CorePair
from tests.helpers.large_captures import FORMS, Run, same
from tests.helpers.sizes import SetSizes


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch, sizes: SetSizes) -> list[tuple[int, int]]:
    """How many messages of each batch the cores have; both have some of any batch of two."""
    sizes(processors=2, second_core_from=0, messages_per_question=0)
    found: list[tuple[int, int]] = []
    middle = CorePair._middle

    def observed(self: CorePair, messages: Any, count: int) -> int:
        begin = middle(self, messages, count)
        found.append((begin, count - begin))
        return begin

    monkeypatch.setattr(CorePair, "_middle", observed)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_all_captures_in_one(
    form: str, run: Run, together: tuple[Path, int], shares: list[tuple[int, int]], sizes: SetSizes
) -> None:
    """Each half asks for names, texts and heads of its own."""
    sizes(native_window=1 << 15)
    same(run, together[0], *FORMS[form])
    first, second = map(sum, zip(*shares, strict=True))
    assert 10_000 < first + second
    assert 0.3 * (first + second) < second


@pytest.mark.parametrize("options", ["-t d", "-c 777", "-V -c 777", "-Y RTA_DST", "-T ndjson -Y nlmsg_type==24"])
def test_options(
    options: str, run: Run, together: tuple[Path, int], shares: list[tuple[int, int]], sizes: SetSizes
) -> None:
    sizes(native_window=1 << 14)
    same(run, together[0], *options.split())
    assert any(second for _, second in shares)


def test_one_processor(run: Run, beginnings: Path, shares: list[tuple[int, int]], sizes: SetSizes) -> None:
    sizes(processors=1)
    same(run, beginnings)
    assert {second for _, second in shares} == {0}


def test_no_thread_more(
    run: Run, beginnings: Path, shares: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch, sizes: SetSizes
) -> None:
    """A limit on processes (RLIMIT_NPROC) is one on threads: both halves are made by one."""

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    sizes(native_window=4096)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    same(run, beginnings)
    assert any(second for _, second in shares)


def test_many_questions(
    run: Run, beginnings: Path, shares: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch, sizes: SetSizes
) -> None:
    """Answers are Python's: where many are wanted, a second core would wait for the first."""
    sizes(messages_per_question=1 << 30, native_window=4096)
    asked: list[int] = []
    middle = CorePair._middle

    def observed(self: CorePair, messages: Any, count: int) -> int:
        asked.append(self.first.asked)
        return middle(self, messages, count)

    monkeypatch.setattr(CorePair, "_middle", observed)
    same(run, beginnings)
    assert {0} == {second for (_, second), before in zip(shares, asked, strict=True) if before}


def test_an_error_beside(
    run: Run,
    together: tuple[Path, int],
    shares: list[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
    sizes: SetSizes,
) -> None:
    """What goes wrong in the other thread is told as what goes wrong in the first."""
    sizes(native_window=1 << 18)
    begun = threading.Event()
    render = Core.render

    def fail(self: Core, *job: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            raise NldissectError("beside")
        render(self, *job)
        assert not shares[-1][1] or begun.wait(10)

    monkeypatch.setattr(Core, "render", fail)
    assert b"nldissect: beside\n" in run(together[0], native=True)


def test_no_processor_is_free(
    run: Run, beginnings: Path, shares: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch, sizes: SetSizes
) -> None:
    """What no thread has begun when the first half is done is done there, too."""
    threads: set[threading.Thread] = set()
    render = Core.render

    def observed(self: Core, *job: Any) -> None:
        threads.add(threading.current_thread())
        render(self, *job)

    sizes(native_window=4096)
    monkeypatch.setattr(Core, "render", observed)
    monkeypatch.setattr(ThreadPoolExecutor, "_adjust_thread_count", lambda self: None)
    same(run, beginnings)
    assert any(second for _, second in shares)
    assert {threading.main_thread()} == threads
