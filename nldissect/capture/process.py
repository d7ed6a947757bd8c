"""A capture in a process of its own, which writes a file; whatever shows frames follows that file."""

from __future__ import annotations

import gc
import io
import json
import os
import select
import shutil
import signal
import socket
import stat
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from types import TracebackType
from typing import Any, Self

from nldissect.errors import CaptureError, NldissectError

from . import raw_netlink
from .config import CaptureConfig
from .control.channel import Channel
from .control.commands import Control, InterruptiblePipe
from .janitor import keep_descriptors
from .loop import Loop, Result, describe
from .open_sources import open_sources
from .output_files import UNLIMITED, FileStart, Frame, NumberedFiles, Output, OutputFiles, PrivateFiles, SingleFile
from .private_folders import empty_folder, make_folder
from .privileges import CAP_DAC_OVERRIDE, become, final_user, keep_only, set_name
from .process_watch.frames import ProcessFrames

PATIENCE = 5.0  # seconds for a capture process that was asked to end


class CaptureProcess:
    """A capture in a process of its own: `with CaptureProcess(config) as live:` frames go to the file `live.path`.

    Without `config.write` the file is a private one, and is removed at the end of the block, or with this process if
    it is killed; if the capture process is killed too, the next start removes it, see private_folders.py.
    The first `preamble` frames of a file are the table of generic netlink families. The capture ends by `config.count`
    and `config.stop`, SIGINT, SIGTERM or SIGHUP to the capture process, `stop()`, or the end of the block.
    `files` has each file of a ring as it is begun; `sources` names what is captured once it runs, `refused` the groups
    that this user may not listen to. Where nobody reads `-w -` any more before it runs, it is over, and both are empty.
    """

    def __init__(self, config: CaptureConfig) -> None:
        self._config = config = config.completed()
        self.path = "-" if config.write is None else config.write
        self.files: list[FileStart] = []  # as they were begun, those that are gone too
        self.device = ""
        self.sources: list[str] = []
        self.refused: list[str] = []
        self.preamble = 0
        self._folder: str | None = None
        self._lock = -1  # its descriptor
        self._pid = 0
        self._status: int | None = None
        self._last = Result()
        self._ready = self._told_end = self._closed = False
        self.on_counts: Callable[[Result], None] | None = None  # called with the counts that SIGUSR1 asked for

    def __enter__(self) -> Self:
        try:
            if self._config.write is None:
                self._folder, self._lock = make_folder()
                if (entry := final_user(self._config.user)) is not None:
                    os.fchown(self._lock, entry.pw_uid, entry.pw_gid)
            self._start()
        except BaseException:
            self._finish()
            raise
        return self

    def _start(self) -> None:
        self._line, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            _child(self._config, self._folder, self._lock, theirs, parent)
        theirs.close()
        while not self._ready and not (self._told_end and self._last.error is None):
            self._listen(None)
            if self._closed or self._last.error is not None:
                raise CaptureError(self._last.error or self._died())

    def _listen(self, timeout: float | None) -> bool:
        """Read one message of the capture process, waiting up to `timeout` seconds; return False if none came."""
        if self._closed:
            return False
        poll = select.poll()
        poll.register(self._line, select.POLLIN)
        if not poll.poll(None if timeout is None else 1000 * timeout):
            return False
        data = self._line.recv(1 << 16)
        if not data:
            self._closed = True
            return False
        kind, told = json.loads(data)
        if kind == "ready":
            self._ready, self.preamble = True, told["preamble"]
            self.sources, self.refused = told["sources"], told["refused"]
            self.device = ", ".join(self.sources)
        elif kind == "file":
            self.files.append(FileStart(**told))
            self.path = self.files[0].name
        else:
            self._last, self._told_end = Result(**told), kind == "end"
            if kind == "counts" and self.on_counts is not None:
                self.on_counts(self._last)
        return True

    def ended(self) -> bool:
        """Return whether the capture is over: everything that it will ever write is in the file."""
        while self._listen(0):
            pass
        return self._told_end or self._closed

    @property
    def progress(self) -> Result:
        """Latest counts; they come once a second while it runs."""
        self.ended()
        return self._last

    @property
    def result(self) -> Result:
        """Final counts; reading them waits for the end."""
        while not self.ended():
            self._listen(None)
        if not self._told_end and self._last.error is None:
            self._last.error = self._died()
        return self._last

    def order(self, what: bytes) -> None:
        """Ask for STATISTICS, with which `on_counts` is called, or for everything to be written: FLUSH."""
        try:
            self._line.send(what, socket.MSG_DONTWAIT)
        except OSError:
            pass  # it has ended already, or has enough to do

    def stop(self) -> None:
        """Ask for the end; frames that the kernel already has are still written."""
        try:
            self._line.shutdown(socket.SHUT_WR)  # the same as if this process had ended
        except OSError:
            pass  # it has ended already

    def _died(self) -> str:
        how = f"was killed by signal {-status}" if (status := self._reap()) < 0 else f"ended with status {status}"
        kept = f"{self.path} holds what came before" if self._ready and self._config.write else "start it again"
        return f"the capture process {how}; {kept}"

    def _reap(self) -> int:
        if self._status is None:
            try:
                self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            except ChildProcessError:
                self._status = 0  # somebody waited for all children
        return self._status

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        try:
            deadline = time.monotonic() + PATIENCE
            # The janitor holds the other end of the line too: once it is closed, the device is gone.
            while not self._closed and (left := deadline - time.monotonic()) > 0:
                self._listen(left)
        finally:
            self._finish()

    def _finish(self) -> None:
        if self._pid:
            if not self._closed and self._status is None:
                os.kill(self._pid, signal.SIGKILL)
            self._reap()
            self._line.close()
            self._closed = True
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _child(config: CaptureConfig, folder: str | None, own: int, line: socket.socket, parent: int) -> None:
    """Run the capture process. It never returns into the program it was forked from."""
    status = 1
    told = Channel(line)
    try:
        gc.freeze()  # a file object of the other program, collected here, would close a number that is ours by now
        set_name("nldissect-live")
        keep_descriptors({line.fileno(), own, 2, *([1] if config.write == "-" else [])})
        result = _capture(config, folder, own, told)
        status = 0 if result.error is None else 1
        if folder is not None and os.getppid() != parent:  # killed: no other process would remove the files
            empty_folder(folder, own)
    except (NldissectError, OSError) as error:
        told.send("end", asdict(Result(error=" ".join(str(error).split()))))
    except BaseException:  # noqa: BLE001 a fault of ours is shown here, and must not unwind into the other's program
        traceback.print_exc()
    finally:
        os._exit(status)


def _capture(config: CaptureConfig, folder: str | None, own: int, line: Channel) -> Result:
    orders = Control(line.socket)
    with ExitStack() as stack:
        watched = (
            ProcessFrames(config.netns, stack) if config.watches_processes else None
        )  # no ring is there to be copied yet
        opened = open_sources(config, stack, holds=[line.socket.fileno()])
        become(config.user)

        def head() -> list[Frame]:
            table: list[Frame] = [(*frame, ()) for frame in opened.table]
            return table if watched is None else table + watched.head()

        files = _files(config, folder, own, orders)
        output = Output(
            files,
            ring=config.ring,
            stop=config.stop,
            said=opened.said,
            learnt=opened.learnt,
            frames=head,
            counts=opened.counts,
            begun=lambda made: line.send("file", asdict(made)),
            application=config.application,
        )
        for source in opened.sources:
            describe(output, source.origins[0])
        if watched is not None:
            watched.begin(output)
        try:
            output.begin()
        except BrokenPipeError:  # the reader of our output left at its first bytes
            line.send("end", asdict(Result()))
            return Result()
        writes_on = isinstance(files, NumberedFiles) and os.geteuid() == 0  # in a directory of somebody else, perhaps
        keep_only(*((CAP_DAC_OVERRIDE,) if writes_on else ()))

        def told(result: Result) -> dict[str, Any]:
            return asdict(replace(result, own=output.records + output.heads - result.captured))

        ready = {"sources": opened.names, "preamble": output.made[-1].head, "refused": opened.refused}
        line.send("ready", ready)
        loop = Loop(
            opened.sources,
            output,
            count=config.count,
            duration=config.stop.duration,
            orders={**orders.files, **opened.news, **({} if watched is None else watched.files)},
            own=raw_netlink.OWN if watched is None else raw_netlink.OWN | watched.own,
            speaker=(lambda port: None) if watched is None else watched.speaker,
            report=lambda result: line.send("progress", told(result)),
        )
        if watched is not None:
            watched.put = loop.put
            loop.result.lacks += watched.lacks
        orders.statistics = lambda: line.send("counts", told(loop.counted()))
        orders.flush = output.flush
        result = loop.run()
        for finish in (output.close,) if watched is None else (watched.finish, loop.put_held, output.close):
            try:
                finish()
            except BrokenPipeError:
                pass  # the reader of our output has closed it
            except NldissectError as error:
                result.error = result.error or str(error)
        line.send("end", told(result))
        return result


def _several(given: str | Sequence[str] | None) -> tuple[str, ...]:
    return () if given is None else (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))


def _files(config: CaptureConfig, folder: str | None, own: int, orders: Control) -> OutputFiles:
    if folder is not None:
        return PrivateFiles(folder, own)
    assert config.write is not None
    if config.write == "-":
        kind = stat.S_IFMT(os.fstat(1).st_mode)
        waits = kind in (stat.S_IFIFO, stat.S_IFSOCK)
        return SingleFile("-", InterruptiblePipe(1, orders) if waits else io.FileIO(1, "w", closefd=False))
    return SingleFile(config.write) if config.ring == UNLIMITED else NumberedFiles(config.write)
