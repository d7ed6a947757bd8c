"""Work spread over two processes, its output kept in order.

The child makes some of the pieces and sends them through a pipe, each after its length; the parent prints its own
pieces and the child's in turn. Each reads the file for itself, so nothing is handed over but text.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import count
from struct import Struct as Codec
from typing import BinaryIO

from nldissect.capfile.byte_source import is_packed, widen_pipe
from nldissect.columns.block_reader import part_of
from nldissect.errors import NldissectError
from nldissect.sizes import SIZES

from .async_pipe import AsyncPipe

Pieces = Callable[[int, int], Iterator[Iterable[bytes]]]
"""make(part, parts) yields the pieces of the whole output that belong to a part (see `part_of`), in order, each as
chunks that are made one after another."""

_LENGTH = Codec("=q")
_NEXT, _END = -1, -2


def _processors() -> int:
    """Return the number of processors to use; 1 off Linux, where there is no fork or it is not safe."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return SIZES.processors or own


def split_work(path: str) -> tuple[int, int | None]:
    """Return the number of parts for the work on a file, and the size in bytes at which all parts stop.

    There are two parts from SIZES.second_process_from bytes on, if two processors may be used. None: no part need stop
    before the end.
    """
    size = os.stat(path).st_size
    if size < SIZES.second_process_from or _processors() < 2:
        return 1, None
    return 2, None if is_packed(path) else size


def ordered(make: Pieces, parts: int) -> Generator[bytes, None, None]:
    """Yield the chunks of all pieces in order, made by this process and, if `parts` is 2, by a child too.

    Raises ChildProcessError if the child ended before its work did; its traceback is on standard error then.
    """
    if parts == 1:
        for piece in make(0, 1):
            yield from piece
        return
    with _child(make) as pipe:
        mine, over = iter(make(0, 2)), list[bytes]()
        more = [True, True]
        for number in count():
            part = part_of(number, 2)
            if more[part] and part == 0:
                piece = next(mine, over)
                more[0] = piece is not over
                yield from piece
            elif more[part]:
                more[1] = yield from _received(pipe)
            if not any(more):
                return


@contextlib.contextmanager
def _child(make: Pieces) -> Iterator[BinaryIO]:
    """Fork a process that sends its pieces through the yielded pipe; it is killed when the block is left."""
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    widen_pipe(writing)
    gc.freeze()  # or looking for garbage would touch, and so copy, what both processes share
    gc.set_threshold(20_000)  # lists of a batch, seldom garbage that holds itself
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _serve(make, writing)
    os.close(writing)
    try:
        with open(reading, "rb") as pipe:
            yield pipe
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _serve(make: Pieces, writing: int) -> None:
    """Send the pieces of the child and end its process, whatever happens, without running exit handlers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and ends both
    status = 1
    try:
        with open(writing, "wb", buffering=0) as pipe:
            try:
                with AsyncPipe(pipe) as ahead:
                    _make(make, ahead)
                status = 0
            except (BrokenPipeError, NldissectError):  # the parent finds the same fault of the file, and reports it
                pass
            except BaseException:  # noqa: BLE001 - os._exit would hide it
                traceback.print_exc()
                sys.stderr.flush()  # before the pipe closes, for then the parent ends this process
    finally:
        os._exit(status)


def _make(make: Pieces, ahead: AsyncPipe) -> None:
    for piece in make(1, 2):
        for chunk in piece:
            ahead.send(_LENGTH.pack(len(chunk)))
            ahead.send(chunk)
        ahead.send(_LENGTH.pack(_NEXT))
    ahead.send(_LENGTH.pack(_END))


def _received(pipe: BinaryIO) -> Generator[bytes, None, bool]:
    """Yield the chunks of the child's next piece; return whether there may be another."""
    while True:
        (length,) = _LENGTH.unpack(_read(pipe, _LENGTH.size))
        if length < 0:
            return bool(length == _NEXT)
        yield _read(pipe, length)


def _read(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise ChildProcessError("the process that made the other parts ended early")
    return data
