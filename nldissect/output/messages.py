"""The texts of a block's messages: those of known layouts by columns, all others one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nldissect.escaping import escaped
from nldissect.index.beside import concern_messages
from nldissect.index.block import NO_TIME, Block
from nldissect.index.blocknames import BlockNames
from nldissect.index.priors import NO_REQUEST, PriorRequests
from nldissect.index.raw import Array, alike
from nldissect.index.timeline import GENL
from nldissect.wire import Walked
from nldissect.wire.acks import Asked
from nldissect.wire.attrs import Tables
from nldissect.wire.flags import NLMSG_ERROR
from nldissect.wire.frame import ECHO

from .batches import Batch, Strings, render
from .forms import LINE, Form, form_of
from .layouts import OPEN, Layout, is_regular, padded, rows_at
from .naming import message_name
from .slots import Store
from .treelines import place_shown
from .walking import request_of, walked_at

SEEN, SIGHTS = 8, 4
"""How many messages of a case, and of one of its layouts, are seen before learning is worth its time."""
MANY, TRIES = 48, 96
"""Layouts kept for messages of one case and length; how many may be learnt in vain before it is given up."""
LONGEST = 1 << 16
LEAVES = 100_000
"""Leaves of all layouts with forms, about a kilobyte each: beyond that all forms are made anew."""

IN_LINE = [column.name for column in LINE]

Slow = Callable[[int, Walked, Asked | None], str]
"""The text of a message, as its walk has it."""


class Case:
    """Layouts of messages of the same meaning, flags and length."""

    def __init__(self) -> None:
        self.layouts: list[Layout] = []
        self.seen = 0
        self.vain = 0

    def add(self, layout: Layout) -> None:
        """Keep a layout; where there are too many, those of use stay."""
        if len(self.layouts) >= MANY:
            self.layouts.sort(key=lambda one: -one.uses)
            del self.layouts[MANY // 2 :]
        self.layouts.append(layout)


class Messages:
    """Makes the texts of one block after the other.

    store   texts of values; its form says which output is made
    slow    makes the text of one message
    line    gives what stands before the summaries of messages of one meaning, where the form is a list: see LINE
    """

    def __init__(self, store: Store, names: BlockNames, priors: PriorRequests, slow: Slow) -> None:
        self.store, self.names, self.priors, self.slow = store, names, priors, slow
        self.cases: dict[tuple[int, int], Case] = {}
        self.line: Callable[[str, Array], Strings] | None = None
        self._leaves = 0
        self._called: dict[int, str] = {}
        self._named: dict[int, str] = {}
        self.times: Sequence[str | None] = ()
        self.block: Block
        self._version = Tables.version

    def turn_to(self, block: Block, times: Sequence[str | None]) -> None:
        """Turn to the next block; `times` are those of its frames."""
        self.block, self.times = block, times

    def texts(self, block: Block, times: Sequence[str | None], chosen: Array) -> list[Any]:
        """The text of each chosen message of a block, None for others; `times` are those of its frames."""
        if Tables.version != self._version:
            self.cases.clear()
            self.store.clear()
            self._version = Tables.version
        self.turn_to(block, times)
        out = np.full(len(block), None, object)
        key, regular = self._keys(block)
        quick = (regular & chosen).nonzero()[0]
        for case, some in alike(key[quick]):
            mine = quick[some]
            if block.type[mine[0]] == NLMSG_ERROR:
                for echo, few in alike(block.raw.words("<i8")[block.at[mine] + ECHO]):
                    self._case((case, echo), mine[few], out)
            else:
                self._case((case, 0), mine, out)
        for index in (chosen & ~regular).nonzero()[0].tolist():
            out[index] = self.walked_text(index)
        found: list[Any] = out.tolist()
        return found

    def _keys(self, block: Block) -> tuple[Array, Array]:
        """What messages of a layout share, as one number; and which messages can have one."""
        frame = block.frame
        length = block.length.astype(np.int64)
        regular = ~block.bare & (block.end - block.at == length) & (length < LONGEST) & ~self.padded_oddly(block)
        trails = (block.frame_rest < block.frame_end) | (block.frame_wire > block.frame_end - block.frame_at)
        if trails.any():
            regular &= ~(trails[frame] & (block.place == block.frame_count[frame]))
        key = (block.meaning.astype(np.int64) << 40) | (block.flags.astype(np.int64) << 24) | (length << 8)
        key |= (block.told.astype(np.int64) << 1) | block.frame_big[frame]
        regular &= ~self.commented(block)
        regular &= not any(OPEN in (one.name or "") for one in block.interfaces)
        if len(block.interfaces) > 1 or (block.frame_time == NO_TIME).any():
            key |= (block.frame_time[frame] == NO_TIME) << 2
            key |= np.minimum(block.frame_interface[frame].astype(np.int64), 31) << 3
            regular &= block.frame_interface[frame] < 31
        return key, regular

    def commented(self, block: Block) -> Array:
        """Messages of which comments tell something."""
        told = [at for at, texts in block.comments.items() if concern_messages(texts)]
        found: Array = np.isin(block.frame_at[block.frame], told) if told else np.zeros(len(block), bool)
        return found

    def padded_oddly(self, block: Block) -> Array:
        """Messages with padding that is not zero."""
        odd = np.zeros(len(block), bool)
        some = (block.end < block.after).nonzero()[0]
        for skip in range(3):
            at = block.end[some] + skip
            odd[some] |= (at < block.after[some]) & (block.raw.bytes[at] != 0)
        return odd

    def _case(self, key: tuple[int, int], mine: Array, out: Array) -> None:
        case = self.cases.get(key)
        if case is None:
            case = self.cases[key] = Case()
        case.seen += len(mine)
        if case.seen < SEEN:
            for index in mine.tolist():
                out[index] = self.walked_text(index)
            return
        size = padded(int(self.block.length[mine[0]]))
        rows = rows_at(self.block.raw, self.block.at[mine], size)
        for layout in case.layouts:
            if not len(mine):
                return
            mine, rows = self._match(layout, mine, rows, out)
        while len(mine):
            index = int(mine[0])
            if case.vain >= TRIES:
                for index in mine.tolist():
                    out[index] = self.walked_text(index)
                return
            case.vain += 1
            walked = walked_at(self.block, index, self.names.as_of(index))
            if is_regular(walked):
                layout = Layout(walked, int(self.block.frame_kind[self.block.frame[index]]))
                mine, rows = self._match(layout, mine, rows, out, walked)
                if layout.uses > 1:
                    case.vain = 0
                case.add(layout)
            else:
                out[index] = self.walked_text(index, walked)
                mine, rows = mine[1:], rows[1:]

    def _match(
        self, layout: Layout, mine: Array, rows: Array, out: Array, walked: Walked | None = None
    ) -> tuple[Array, Array]:
        """Make the texts of messages of a layout; the others are given back. `walked` is the first message."""
        fits = layout.matches(rows)
        if not fits.any():
            return mine, rows
        some, bytes_of = (mine, rows) if fits.all() else (mine[fits], rows[fits])
        layout.uses += len(some)
        if layout.uses >= SIGHTS and self._named_alike(layout):
            self._quickly(layout, some, bytes_of, out)
        else:
            for index in some.tolist():
                out[index] = self.walked_text(index, walked if index == mine[0] else None)
        return mine[~fits], rows[~fits]

    def _named_alike(self, layout: Layout) -> bool:
        """Whether the family of an acknowledged request has the layout's name all through the block."""
        if layout.echoed is None:
            return True
        number, name = layout.echoed
        return number not in self.names.changing(GENL) and self.names.as_of(0).name(GENL, number) == name

    def _quickly(self, layout: Layout, mine: Array, rows: Array, out: Array) -> None:
        parts: list[tuple[bool, Array, Array]] = [(False, mine, rows)]
        if self.block.type[mine[0]] == NLMSG_ERROR:
            known = self.priors.requests[mine] != NO_REQUEST
            if known.all():
                parts = [(True, mine, rows)]
            elif known.any():
                parts = [(True, mine[known], rows[known]), (False, mine[~known], rows[~known])]
        for acknowledges, some, bytes_of in parts:
            form = self._form(layout, acknowledges, int(some[0]))
            for places, texts in render(form, Batch(layout, bytes_of, some, self._column, self.names)):
                if texts is None:
                    texts = [self.walked_text(index) for index in places.tolist()]
                out[places] = texts
            form.said.rest()

    def _form(self, layout: Layout, acknowledges: bool, index: int) -> Form:
        frame = int(self.block.frame[index])
        timed = bool(self.block.frame_time[frame] != NO_TIME)
        interface = self.block.interfaces[int(self.block.frame_interface[frame])].name
        key = acknowledges, timed, interface
        found: Form | None = layout.forms.get(key)
        if found is None:
            if self._leaves > LEAVES:
                self._forget()
            space = self.names.space(index)
            self.store.turn_to(space, self.names.before(space))
            found = layout.forms[key] = form_of(layout.message, self.store, acknowledges, timed, interface)
            self._leaves += len(layout.starts)
        return found

    def _forget(self) -> None:
        """Let go of all forms and texts; layouts stay."""
        for case in self.cases.values():
            for layout in case.layouts:
                layout.forms.clear()
        self.store.clear()
        self._leaves = 0

    def walked_text(self, index: int, walked: Walked | None = None) -> str:
        """Return the text of a message of the present block as its walk has it."""
        context = self.names.as_of(index)
        ack = self.block.type[index] == NLMSG_ERROR and not self.block.bare[index]
        asked = request_of(self.block, self.priors, index, context) if ack else None
        return self.slow(index, walked_at(self.block, index, context) if walked is None else walked, asked)

    def called(self, block: Block, meaning: int) -> str:
        """The name of the messages of one meaning, of which the block has some."""
        if meaning not in self._called:
            index = int((block.meaning == meaning).argmax())
            self._called[meaning] = message_name(walked_at(block, index, self.names.as_of(index)))
        return self._called[meaning]

    def asked(self, mine: Array) -> list[str]:
        """The names of the requests that messages acknowledge, as they are printed in a summary."""
        names = self.requests_called(mine)
        texts = {name: self.store.constant(name) for name in {*names}}
        return list(map(texts.__getitem__, names))

    def requests_called(self, mine: Array) -> list[str]:
        """The names of the requests that messages acknowledge, as summaries have them."""
        meanings = self.priors.meanings(mine)
        for place in [place for place, meaning in enumerate(meanings) if meaning not in self._named]:
            index = int(mine[place])
            asked = request_of(self.block, self.priors, index, self.names.as_of(index))
            self._named[meanings[place]] = escaped(message_name(asked.request)) if asked else ""
        return list(map(self._named.__getitem__, meanings))

    def _column(self, name: str, mine: Array) -> Strings:
        block = self.block
        frames = block.frame[mine]
        if name in IN_LINE:
            return self.line(name, mine) if self.line is not None else ""
        if name == "number":
            return block.frame_number[frames].tolist()  # type: ignore[no-any-return]
        if name == "place":
            return block.place[mine].tolist()  # type: ignore[no-any-return]
        if name == "time":
            return list(map(self.times.__getitem__, frames.tolist()))
        if name == "request":
            return self.priors.frames(mine)
        if name == "asked":
            return self.asked(mine)
        counts = block.frame_count[frames]
        if counts.max() == 1:
            return ""
        return list(map(place_shown, block.place[mine].tolist(), counts.tolist()))
