"""Actions on appearance and settings: columns, colour rules, theme, presets, help."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from rich.cells import cell_len
from textual.app import SystemCommand
from textual.events import Event, Key
from textual.screen import Screen

from nldissect.errors import NldissectError

from ..config.color_rules import ColorRule, ColorRules, StyledRule, ready
from ..jobs.second_pass import AGAIN, WHOLE, prefix, working
from ..keys import KEYS
from ..model import field_columns
from ..model.cell_width import fitted
from ..model.field_columns import ColumnSpec, checked
from ..model.table_loading import turn
from ..panes.chooser import DialogChoice
from ..panes.help_screen import HelpScreen, key_names
from ..panes.list_columns import column_of, with_file
from .base import ViewerBase

OFFERED = ("Theme", "Screenshot")


class AppearanceActions(ViewerBase):
    """Appearance of the viewer; `settings` are those of viewer.toml, with the changes that `state` remembers."""

    def take_settings(self) -> None:
        """Apply the settings once the screen is mounted, and report invalid ones."""
        settings = self.settings
        self._own_theme = self.theme
        if settings.theme:
            self.theme = settings.theme
        self._wear()
        self.worker.put("rules", self._rules(settings.colors), -1)
        self._show_columns()
        self.set_keymap({action: ",".join(keys) for action, keys in settings.keys.items()})
        self.theme_changed_signal.subscribe(self, lambda theme: self._theme_changed(theme.name))
        if settings.problems:
            count = len(settings.problems)
            all_of = f"{count} settings can't be used, ? lists them; the first: " if count > 1 else ""
            self.status.show(all_of + settings.problems[0], "error")

    async def on_event(self, event: Event) -> None:
        """Handle an event; a key removes the note of the key before and ends its look-ups.

        An error of the filter stays as long as the filter has a mistake.
        """
        if isinstance(event, Key):
            self.worker.drop("jump")
            self.worker.drop("follow")
            if self.bar.state != "bad":
                self.status.clear()
        await super().on_event(event)

    def _rules(self, colors: tuple[ColorRule, ...]) -> Iterator[bool]:
        """Compile the colour rules, one per step: they need all tables."""
        made: list[StyledRule] = []
        for rule in colors:
            made.append(ready(rule))
            yield True
        self.in_screen(partial(self._paint, ColorRules(made)))

    def _paint(self, rules: ColorRules) -> None:
        self.packets.rules = rules
        self.packets.forget()

    def _wear(self) -> None:
        """Apply the colours that fit the theme and the terminal's palette."""
        many = self.console.color_system in ("256", "truecolor")
        self.look.apply(self.current_theme.dark, many)
        self.set_class(many and not self.no_color, "many")
        for screen in self.screen_stack:
            for widget in screen.walk_children():
                widget.refresh()

    def _theme_changed(self, name: str) -> None:
        self._wear()
        if name != (self.settings.theme or self._own_theme):
            self.state.change(self.settings, "theme", name)

    def _show_columns(self) -> None:
        specs = self.settings.columns
        specs = with_file(specs) if self.store.several else specs
        self.packets.show_columns([column_of(spec, self.clock, self._lacks) for spec in specs])

    def _lacks(self, field: str) -> None:
        """Start the second pass that a field needs; the list is rendered again when it is done."""
        job = f"whole {prefix(field)}"
        if not self.worker.has(job):
            self.worker.put(job, self._work_out(field), 1)

    def _work_out(self, field: str) -> Iterator[bool]:
        began = time.monotonic()
        yield from working(self.store, field)
        self.in_screen(self.packets.forget)
        rest = time.monotonic() + AGAIN * (time.monotonic() - began)
        while time.monotonic() < rest:
            yield False
        self.in_screen(self.packets.forget)  # the file may have grown meanwhile

    def drop_wholes(self) -> None:
        """Drop all second passes, when another capture is opened."""
        for name in WHOLE:
            self.worker.drop(f"whole {name}")

    def action_columns(self) -> None:
        self._ask_columns(", ".join(map(field_columns.written, self.settings.columns)))

    def _ask_columns(self, text: str) -> None:
        self.prompt.ask("columns (FIELD as TITLE width N raw, ...)", self._columns, text, edit=True)

    def _columns(self, text: str) -> None:
        """Set the columns from a line of text; on an error, ask again."""
        try:
            with turn():
                specs = tuple(field_columns.read(part) for part in text.split(",") if part.strip())
            self._take_columns(specs)
        except NldissectError as error:
            self._ask_columns(text)
            self.say_error(error)

    def _take_columns(self, specs: tuple[ColumnSpec, ...]) -> None:
        self.state.change(self.settings, "columns", specs or field_columns.DEFAULT)
        self._show_columns()
        names = ", ".join(spec.heading for spec in self.settings.columns)
        self.status.show(f"columns: {names}; remembered", "good")

    def action_add_column(self) -> None:
        """Add the field under the cursor of the tree as a column before the summary."""
        item = self.details.item
        names = [".".join(item.path[-count:]) for count in (1, 2)] if item is not None else []
        for name in names:
            try:
                with turn():
                    spec = checked(ColumnSpec(name))
            except NldissectError:
                continue
            known = [one for one in self.settings.columns if one.field != spec.field]
            place = next((place for place, one in enumerate(known) if one.field == "summary"), len(known))
            self._take_columns((*known[:place], spec, *known[place:]))
            return
        self.status.show("this line of the tree is no field with a value; go to one that is")

    def action_presets(self) -> None:
        presets = self.settings.presets
        widest = max(map(cell_len, presets), default=0)
        choices = [
            DialogChoice(str(place) if place < 10 else "", name, f"{fitted(name, widest)}   {text}")
            for place, (name, text) in enumerate(presets.items(), 1)
        ]
        self.choose("filter", choices, self._preset)

    def _preset(self, name: str) -> None:
        self.bar.value = self.settings.presets[name]

    def action_colors(self) -> None:
        """Turn colour rules off or on."""
        self.packets.painted = not self.packets.painted
        self.packets.refresh()
        self.status.show("colour rules on" if self.packets.painted else "colour rules off", "")

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield the commands of the palette: the actions that work everywhere, and the OFFERED ones of Textual."""
        for key in KEYS:
            if key.place == "app":
                keys = key_names(",".join(self.settings.keys.get(key.id, (key.keys,))))
                yield SystemCommand(key.says, f"{keys}   {key.id}", partial(self.run_action, key.action))
        for command in super().get_system_commands(screen):
            if command.title in OFFERED:
                yield command

    def action_keys(self) -> None:
        self.action_messages()
        self.push_screen(HelpScreen(self.look, self.settings))
