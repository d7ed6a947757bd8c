"""The background thread of the viewer, in which jobs take turns step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Condition, Thread

from ..model.table_loading import turn

HANDED = 0.001


class Worker(Thread):
    """A thread that runs jobs: generators that yield after each step, so that a replaced or dropped job ends there.

    Jobs of a lower rank wait for those of a higher rank; those of one rank take turns. A job that yields False is idle:
    it runs again after `pause` seconds, or when a job is added or `wake` is called.

    failed   is called in this thread with an error that ended a job
    """

    def __init__(self, failed: Callable[[Exception], None], pause: float = 0.2) -> None:
        super().__init__(name="nldissect-view", daemon=True)
        self._failed, self._pause = failed, pause
        self._jobs: dict[str, tuple[int, Iterator[bool]]] = {}
        self._idle: set[str] = set()
        self._change = Condition()
        self._over = False

    def put(self, name: str, job: Iterator[bool], rank: int = 0) -> None:
        """Add a job; a job of the same name is dropped."""
        with self._change:
            self._jobs.pop(name, None)
            self._jobs[name] = rank, job
            self._idle.discard(name)
            self._change.notify()

    def drop(self, name: str, job: Iterator[bool] | None = None) -> None:
        """Drop the job of a name; if `job` is given, only if it still has that name."""
        with self._change:
            if job is None or self._jobs.get(name, (0, job))[1] is job:
                self._jobs.pop(name, None)

    def wake(self) -> None:
        """Make idle jobs run again."""
        with self._change:
            self._idle.clear()
            self._change.notify()

    def has(self, name: str) -> bool:
        """Return whether a job of this name has not ended."""
        return name in self._jobs

    def busy(self, name: str) -> bool:
        """Return whether a job of this name is neither ended nor idle."""
        return name in self._jobs and name not in self._idle

    def stop(self) -> None:
        """End the thread after the present step, and wait for it."""
        with self._change:
            self._over = True
            self._change.notify()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        while (found := self._next()) is not None:
            name, job = found
            try:
                with turn() as first:
                    idle = not next(job)
                if first:
                    time.sleep(HANDED)  # the screen's thread may wait for the lock
            except StopIteration:
                self._done(name, job)
            except Exception as error:  # noqa: BLE001 whoever watches decides what it means
                self._done(name, job)
                self._failed(error)
            else:
                with self._change:
                    mine = self._jobs.get(name)
                    if mine is not None and mine[1] is job:
                        self._jobs[name] = self._jobs.pop(name)  # to the end: the others of its rank come first now
                        if idle:
                            self._idle.add(name)

    def _done(self, name: str, job: Iterator[bool]) -> None:
        with self._change:
            if name in self._jobs and self._jobs[name][1] is job:
                del self._jobs[name]

    def _next(self) -> tuple[str, Iterator[bool]] | None:
        with self._change:
            while not self._over:
                ready = [(-rank, name) for name, (rank, _) in self._jobs.items() if name not in self._idle]
                if ready:
                    best = min(rank for rank, _ in ready)
                    name = next(name for rank, name in ready if rank == best)
                    return name, self._jobs[name][1]
                self._change.wait(self._pause if self._idle else None)
                self._idle.clear()
            return None
