"""A capture in a process of its own: it writes a file, and whoever shows frames follows that file."""

from __future__ import annotations

import gc
import io
import json
import os
import select
import signal
import socket
import tempfile
import time
import traceback
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self

from nldissect.errors import CaptureError, NldissectError
from nldissect.record import PcapngWriter, PcapWriter, writer_for

from .generic import FILTER, Frame, family_table, join_notifications
from .janitor import Janitor, keep_descriptors
from .loop import Loop, Result, signals_as_file
from .nlmon import create, find, remove_leftovers
from .privileges import become, enter_network, final_user, keep_only, set_name
from .source import EVERYTHING, PcapSource

PATIENCE = 5.0  # for a capture process that was told to end


@dataclass(frozen=True)
class Options:
    """What to capture, where from and until when."""

    interface: str | None
    write: str | None
    count: int | None
    duration: float | None
    filter: str | None
    snaplen: int | None
    buffer_mib: int
    user: str | None
    ask_families: bool
    netns: str | None


class Capture:
    """`with Capture(...) as live:` frames are written to `live.path` until something ends the capture.

    Without `interface` an nlmon device is made, and is gone afterwards. Without `write` the file is a private one, and
    goes at the end of the block (if we are killed it stays, readable). The first `preamble` frames of the file are the
    table of generic netlink families. Ends: `count` frames, `duration` seconds, SIGINT, SIGTERM or SIGHUP to the
    capture process, `stop()`, the end of the block.
    """

    def __init__(
        self,
        interface: str | None = None,
        *,
        write: str | None = None,
        count: int | None = None,
        duration: float | None = None,
        filter: str | None = None,
        snaplen: int | None = None,
        buffer_mib: int = 64,
        user: str | None = None,
        ask_families: bool = True,
        netns: str | None = None,
    ) -> None:
        self._options = Options(
            interface, write, count, duration, filter, snaplen, buffer_mib, user, ask_families, netns
        )
        self.path = "-" if write is None else write
        self.device = ""
        self.preamble = 0
        self._pid = 0
        self._status: int | None = None
        self._last = Result()
        self._ready = self._told_end = self._closed = False

    def __enter__(self) -> Self:
        own = -1
        if self._options.write is None:
            own, self.path = tempfile.mkstemp(prefix="nldissect-", suffix=".pcap")
        try:
            if own >= 0 and (entry := final_user(self._options.user)) is not None:
                os.fchown(own, entry.pw_uid, entry.pw_gid)
            self._start(own)
        except BaseException:
            self._finish()
            raise
        finally:
            if own >= 0:
                os.close(own)
        return self

    def _start(self, own: int) -> None:
        self._line, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        self._pid = os.fork()
        if self._pid == 0:
            _child(self._options, own, theirs)
        theirs.close()
        while not self._ready:
            self._listen(None)
            if self._told_end or self._closed:
                raise CaptureError(self._last.error or self._died())

    def _listen(self, timeout: float | None) -> bool:
        """Take in one message of the capture process, waited for up to `timeout`; False if none came."""
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
            self._ready, self.device, self.preamble = True, told["device"], told["preamble"]
        else:
            self._last, self._told_end = Result(**told), kind == "end"
        return True

    def ended(self) -> bool:
        """The capture is over: all that it will ever write is in the file."""
        while self._listen(0):
            pass
        return self._told_end or self._closed

    @property
    def progress(self) -> Result:
        """The latest counts; they come once a second while it runs."""
        self.ended()
        return self._last

    @property
    def result(self) -> Result:
        """The final counts; waits for the end."""
        while not self.ended():
            self._listen(None)
        if not self._told_end and self._last.error is None:
            self._last.error = self._died()
        return self._last

    def stop(self) -> None:
        """Ask for the end; frames that the kernel already has are still written."""
        try:
            self._line.shutdown(socket.SHUT_WR)  # what our death would look like to it
        except OSError:
            pass  # it has ended already

    def _died(self) -> str:
        how = f"was killed by signal {-status}" if (status := self._reap()) < 0 else f"ended with status {status}"
        kept = f"{self.path} holds what came before" if self._ready and self._options.write else "start it again"
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
        if self._options.write is None:
            try:
                os.unlink(self.path)
            except FileNotFoundError:
                pass


def _child(options: Options, own: int, line: socket.socket) -> None:
    """The capture process. It never returns into the program it was forked from."""
    status = 1
    try:
        gc.freeze()  # a file object of the other program, collected here, would close a number that is ours by now
        set_name("nldissect-live")
        keep_descriptors({line.fileno(), own, 2, *([1] if options.write == "-" else [])})
        result = _capture(options, own, line)
        status = 0 if result.error is None else 1
    except (NldissectError, OSError) as error:
        _say(line, "end", asdict(Result(error=" ".join(str(error).split()))))
    except BaseException:  # noqa: BLE001 a fault of ours is shown here, and must not unwind into the other's program
        traceback.print_exc()
    finally:
        os._exit(status)


def _capture(options: Options, own: int, line: socket.socket) -> Result:
    stop = signals_as_file(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    with ExitStack() as stack:
        if options.netns is not None:
            enter_network(options.netns)
        if options.interface is None:
            remove_leftovers()
            device = create()
            stack.enter_context(Janitor(device, holds=[line.fileno()]))
        else:
            device = find(options.interface)
        table: list[Frame] = []
        ignored: tuple[int, ...] = ()
        if options.ask_families:
            listener = join_notifications()
            ignored = () if listener is None else (listener.socket.fileno(),)
            asking = PcapSource(device.name, EVERYTHING, min(4, options.buffer_mib), FILTER)
            table = family_table(asking)
            asking.close()
        source = PcapSource(device.name, options.snaplen or EVERYTHING, options.buffer_mib, options.filter)
        stack.callback(source.close)
        become(options.user)
        writer = _writer(options, own)
        keep_only()
        for stamp, wire, data in table:
            writer.write(stamp, data, wire)
        writer.flush()
        _say(line, "ready", {"device": device.name, "preamble": len(table)})
        loop = Loop(
            source,
            writer,
            count=options.count,
            duration=options.duration,
            stops=(line.fileno(), stop),
            ignored=ignored,
            report=lambda result: _say(line, "progress", asdict(result), wait=False),
        )
        result = loop.run()
        try:
            if isinstance(writer, PcapngWriter):
                writer.statistics(time.time_ns(), result.received, result.dropped)
            writer.close()
        except BrokenPipeError:
            pass  # who read our output has seen enough
        except NldissectError as error:
            result.error = result.error or str(error)
        _say(line, "end", asdict(result))
        return result


def _writer(options: Options, own: int) -> PcapWriter | PcapngWriter:
    snaplen = options.snaplen or EVERYTHING
    if options.write is None:
        return PcapWriter(io.FileIO(own, "w"), snaplen=snaplen)
    return writer_for(options.write, snaplen=snaplen)


def _say(line: socket.socket, kind: str, told: dict[str, Any], wait: bool = True) -> None:
    """One line to who started us. Nobody there to hear it is no error: we end soon anyway."""
    try:
        line.send(json.dumps([kind, told]).encode(), 0 if wait else socket.MSG_DONTWAIT)
    except OSError:
        pass
