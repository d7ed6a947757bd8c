"""Actions that save packets: all, those shown, those marked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from nldissect.capfile.byte_source import one_line
from nldissect.columns.blocks.buffer import Array
from nldissect.errors import NldissectError

from ..jobs.save_job import check_target, saving
from ..panes.chooser import DialogChoice
from .copy import CopyActions


class SaveActions(CopyActions):
    """Saving in the background of the whole frames that hold a chosen message."""

    def action_save(self) -> None:
        shown, marked = self.filtering.chosen(), len(self.marks)
        choices = [DialogChoice("a", "all", f"all packets of the capture ({self.store.count:,} messages)")]
        if len(shown) != self.store.count:
            choices.append(DialogChoice("s", "shown", f"those that are shown ({len(shown):,} messages)"))
        if marked:
            choices.append(DialogChoice("m", "marked", f"those that are marked ({marked:,} messages)"))
        self.choose("save", choices, self._ask_name)

    def _ask_name(self, what: str) -> None:
        rows = None
        if what == "shown":
            rows = self.filtering.chosen().all()
        elif what == "marked":
            rows = np.array(list(self.marks), np.int64)
        save = partial(self._save, rows)
        self.prompt.ask(f"save {what} as (.pcapng, else pcap)", partial(self.ask_overwrite, save))

    def _save(self, rows: Array | None, name: str) -> None:
        try:
            check_target(name, overwrite=True)
        except NldissectError as error:
            self.say_error(error)
            return
        self.status.show(f"saving {one_line(name)} ...", "")
        self.worker.put("save", self._saving(rows, name), 1)

    def _saving(self, rows: Array | None, name: str) -> Iterator[bool]:
        store, done = self.store, 0
        job = saving(store.capture, rows, name, overwrite=True, every=store.frames())
        while (count := next(job, None)) is not None:
            done = count
            yield True
        text = f"saved {done:,} frame{'s' * (done != 1)} in {one_line(name)}"
        self.in_screen(partial(self.status.show, text, "good"))
