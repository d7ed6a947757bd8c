"""Actions on a live capture: stop it, start a new one, save or discard its messages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from nldissect.capfile.byte_source import one_line
from nldissect.errors import NldissectError
from nldissect.store.segmented import SegmentedCapture
from nldissect.terminal.colors import Piece

from ..model.capture_model import CaptureModel
from .keep import keeping
from .piped import PipedSession

if TYPE_CHECKING:
    from ..app import Viewer
    from .control import CaptureControl
    from .spool import Spool

DISCARD = "d"


class LiveSession:
    """The live capture of the viewer.

    live     its control; None if a file is viewed
    reopen   opens a file; the second argument is the number of frames at its beginning to hide
    piped    standard input, if it is viewed
    """

    def __init__(
        self,
        app: Viewer,
        live: CaptureControl | None,
        reopen: Callable[[str, int], CaptureModel],
        spool: Spool | None = None,
    ) -> None:
        self.app, self.live, self._reopen = app, live, reopen
        forget = partial(app.in_screen, app.forget_gone)
        self.piped = PipedSession(spool, app.store, forget) if spool is not None else None
        self._seen: object = None
        self._turn = 0
        self._paths: list[str] = []
        """Files of the capture so far, in order."""
        self._told = 0
        """Number of files reported so far."""

    def look(self) -> bool:
        """Update the state of the capture; return whether it has changed. Called in the background thread."""
        if self.piped is not None:
            return self.piped.look()
        if self.live is None:
            return False
        before, self._seen = self._seen, self.live.look()
        if isinstance(capture := self.app.store.capture, SegmentedCapture):
            self._follow_on(capture)
        return before != self._seen

    def _follow_on(self, capture: SegmentedCapture) -> None:
        """Add the files that were started since the last call, and release those that were removed."""
        assert self.live is not None
        state = self.live.state
        if state.turn != self._turn:
            self._turn = state.turn
            self._paths, self._told = [state.files[0]["name"]], 1
        for made in state.files[max(self._told - state.earlier, 0) :]:
            if os.path.exists(made["name"]):
                capture.add_segment(made["name"], made["before"])
                self.app.store.heads.append(made["head"])
                self._paths.append(made["name"])
        self._told = state.earlier + len(state.files)
        there = [number for number, path in enumerate(self._paths) if os.path.exists(path)]
        if there and there[0] > capture.gone:
            capture.release(there[0])
            self.app.in_screen(self.app.forget_gone)

    @property
    def pieces(self) -> list[Piece]:
        """Styled text of its state for the status line."""
        if self.piped is not None:
            return self.piped.pieces
        if self.live is None:
            return []
        state = self.live.state
        result = state.result
        role = "error" if result.error or result.dropped or result.cut else ""
        if state.result.error:
            return [(role, f" {state.result.error} ")]
        what = "stopped, c: begin anew" if state.ended else f"live on {state.device}"
        cut = f", {result.cut:,} cut" if result.cut else ""
        return [(role, f" {what}, {result.dropped:,} dropped{cut} ")]

    def switch(self) -> None:
        """Stop the capture, or start a new one if it has ended."""
        if self.live is None:
            self.app.status.show("this is a file; without FILE nldissect view captures")
        elif self.live.state.ended:
            self.restart()
        else:
            self.live.stop()

    def restart(self) -> None:
        """Start a new capture, once its messages were saved or discarded."""
        if self.live is None:
            self.app.status.show("this is a file; without FILE nldissect view captures")
        else:
            self.settle(lambda: self.app.worker.put("restart", self._restarted(), 9))

    def _restarted(self) -> Iterator[bool]:
        assert self.live is not None
        state = self.live.start()
        store = self._reopen(state.files[0]["name"], state.preamble)
        store.capture.part().call(state.device)
        self.app.in_screen(partial(self.app.open, store))
        return
        yield False

    def settle(self, then: Callable[[], object]) -> None:
        """Ask for a file to save messages that would be lost, then call `then`; call it at once if there are none."""
        store = self.app.store
        count = len(store.every())
        if self.live is None or not self.live.private or count <= 0:
            then()
            return
        older = f" ({store.let_go:,} older ones are gone already)" if store.let_go else ""
        question = f"keep the {count:,} messages{older}? file to save them in, or {DISCARD} to let them go:"
        self.app.prompt.ask(question, partial(self._settled, then))

    def _settled(self, then: Callable[[], object], answer: str) -> None:
        if answer == DISCARD:
            then()
            return
        self.app.status.show(f"saving {one_line(answer)} ...", "")
        self.app.worker.put("keep", self._keep(then, answer), 9)

    def _keep(self, then: Callable[[], object], name: str) -> Iterator[bool]:
        store = self.app.store
        assert isinstance(store.capture, SegmentedCapture)
        count = len(store.every())
        try:
            yield from keeping(store.capture, name)
        except NldissectError as error:
            self.app.in_screen(partial(self.app.say_error, error))
            return
        self.app.in_screen(partial(self._kept, then, f"saved {count:,} messages in {one_line(name)}"))

    def _kept(self, then: Callable[[], object], text: str) -> None:
        self.app.farewell = text
        self.app.status.show(text, "good")
        then()
