"""Search from the selected message on, in the background; "next" and "previous" go from match to match."""

from __future__ import annotations

from nldissect.errors import NldissectError
from nldissect.terminal.colors import plain

from ..jobs.search_job import Finder, Pattern
from .base import ViewerBase

WAYS = {"text": "", "regex": "/", "hex": "0x"}


class SearchActions(ViewerBase):
    """Search in the pane that has the focus."""

    finder: Finder | None = None
    _sought: str = ""
    _waits: int = 0
    """1 or -1 while the next or the previous match is not yet known."""
    _hit: int = -1
    """Row of the match that was shown last."""
    _last_hit: tuple[int, int] = (-1, -1)
    """Row and offset of the last match in bytes."""

    def action_search(self) -> None:
        place = "tree" if self.details.has_focus else "bytes" if self.hexdump.has_focus else "list"
        self.prompt.ask(
            f"search the {place} for text, /regex/ or 0xHEX:", lambda text: self._search(text, place), self._sought
        )

    def _search(self, text: str, place: str) -> None:
        self._sought = text
        try:
            pattern = pattern_of(text, place)
        except NldissectError as error:
            self.say_error(error)
            return
        row = self.packets.row or 0
        shown = self.filtering.chosen() if self.filtering.folding.on else self.packets.shown
        self.finder = finder = Finder(self.store.capture, shown.all(), pattern, row)
        self._waits, self._from, self._last_hit = 1, row - 1, (-1, -1)
        self.status.show(f"searching for {text} ...", "")
        self.worker.put("search", finder.job(lambda: self.in_screen(lambda: self._look(finder))), 1)

    def drop_search(self) -> None:
        """Discard the search and its matches."""
        self.worker.drop("search")
        self.finder = None

    def action_stop_search(self) -> None:
        if self.finder is not None and not self.finder.done:
            self.worker.drop("search")
            self._waits = 0
            self.status.show(f"the search was stopped; {len(self.finder.rows):,} found so far")

    def action_next_match(self) -> None:
        self._step(1)

    def action_previous_match(self) -> None:
        self._step(-1)

    def _step(self, way: int) -> None:
        if self.finder is None:
            self.status.show("nothing was searched for yet; s searches")
            return
        self.action_messages()
        row = self.packets.row
        if row is None or (row in self.finder.rows and self._inside(self.finder.pattern, way)):
            return
        self._waits, self._from = way, row
        self._look(self.finder)

    def _look(self, finder: Finder) -> None:
        """Go to the requested match as soon as it is known."""
        if finder is not self.finder:
            return
        if not self._waits:
            if self.packets.row == self._hit:
                self._say_match(finder)
            return
        found = finder.next(self._from, backwards=self._waits < 0)
        if found is not None:
            way, self._waits = self._waits, 0
            self._to_match(found, way)
        elif finder.done:
            self._waits = 0
            place = finder.pattern.place
            others = "; s in the tree or the bytes searches there" if place == "list" else ""
            self.status.show(f"{finder.pattern.text} was not found in the {place}{others}")
        elif self.bar.state != "bad":
            self.status.show(f"searching for {finder.pattern.text} ... {finder.progress:.0%}; ctrl+x stops", "")

    def _to_match(self, row: int, way: int) -> None:
        finder = self.finder
        assert finder is not None
        self.uncover(row)
        self.packets.aim(row, told=False)
        self.show_message(row)
        self._last_hit = (row, -1)
        if finder.pattern.place != "list":
            self._inside(finder.pattern, way, fresh=True)
        self._hit = row
        self._say_match(finder)

    def _say_match(self, finder: Finder) -> None:
        place = int(finder.rows.searchsorted(self._hit)) + 1
        so_far = "" if finder.done else " so far"
        self.status.show(f"match {place:,} of {len(finder.rows):,}{so_far}: {finder.pattern.text}", "")

    def _inside(self, pattern: Pattern, way: int, fresh: bool = False) -> bool:
        """Go to a match within the message: the first or last if `fresh`, else the next after or before the cursor."""
        if pattern.place == "tree":
            return self._in_tree(pattern, way, fresh)
        if pattern.place == "bytes" and way > 0:
            return self._in_bytes(pattern, fresh)
        return False

    def _in_tree(self, pattern: Pattern, way: int, fresh: bool) -> bool:
        tree = self.details
        lines = [place for place, item in enumerate(tree.items) if pattern.in_text(plain(item.pieces))]
        here = tree.place
        ahead = [place for place in lines if fresh or (place > here if way > 0 else place < here)]
        if not ahead:
            return False
        tree.choose(ahead[0 if way > 0 else -1])
        return True

    def _in_bytes(self, pattern: Pattern, fresh: bool) -> bool:
        entry = self.packets.entry
        if entry is None:
            return False
        row, last = self._last_hit
        start = entry.walked.start if fresh or row != entry.row else last + 1
        found = pattern.in_bytes(entry.walked.data, start, entry.walked.end)
        if found is None:
            return False
        self._last_hit = entry.row, found[0]
        self.hexdump.at_byte(*found)
        return True


def pattern_of(text: str, place: str) -> Pattern:
    """Parse the text of a search: /regex/, 0xHEX, or text; NldissectError if it is invalid."""
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return Pattern(text[1:-1], "regex", place)
    if text[:2].lower() == "0x":
        return Pattern(text, "hex", place)
    return Pattern(text, "text", place)
