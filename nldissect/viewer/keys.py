"""The key map: every key, its action and the pane it works in; source of bindings, help and remapping."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType

from .views import VIEWS


class Key(NamedTuple):
    """Keys with the same action.

    place    pane in which they work: app, list, tree, bytes, filter, table, compare; `pane` for all that have lines
    name     "place.name" is their name in the configuration
    keys     names in Textual, separated by commas
    action   action of the pane or the application
    says     text in the help
    """

    place: str
    name: str
    keys: str
    action: str
    says: str

    @property
    def id(self) -> str:
        """Name in the configuration."""
        return f"{self.place}.{self.name}"


KEYS = [
    Key("pane", "up", "up,k", "up", "one line up"),
    Key("pane", "down", "down,j", "down", "one line down"),
    Key("pane", "page_up", "pageup,ctrl+b", "page_up", "one page up"),
    Key("pane", "page_down", "pagedown,ctrl+f,space", "page_down", "one page down"),
    Key("pane", "half_up", "ctrl+u", "half_up", "half a page up"),
    Key("pane", "half_down", "ctrl+d", "half_down", "half a page down"),
    Key("pane", "first", "home,g", "first", "to the first line"),
    Key("pane", "last", "end,G", "last", "to the last line; in the list, follow what comes"),
    Key("pane", "left", "left,h", "left", "to the left; in the tree, close"),
    Key("pane", "right", "right,l", "right", "to the right; in the tree, open"),
    Key("list", "tree", "enter", "enter", "to the tree of the message"),
    Key("list", "column_before", "less_than_sign", "column(-1)", "the column before: what = and ! ask about"),
    Key("list", "column_after", "greater_than_sign", "column(1)", "the next column"),
    Key("list", "open", "plus", "app.open_dump", "open the dump that is folded here; fold it again"),
    Key("tree", "switch", "enter", "switch", "open or close"),
    Key("tree", "open_all", "plus,asterisk", "open_all", "open everything"),
    Key("tree", "close_all", "minus", "close_all", "close everything but the outermost"),
    Key("tree", "previous", "K,left_square_bracket", "app.step(-1)", "the message before"),
    Key("tree", "next", "J,right_square_bracket", "app.step(1)", "the next message"),
    Key("tree", "add_column", "A", "app.add_column", "this field as a column of the list"),
    Key("bytes", "previous", "K,left_square_bracket", "app.step(-1)", "the message before"),
    Key("bytes", "next", "J,right_square_bracket", "app.step(1)", "the next message"),
    Key("table", "jump", "enter", "app.jump", "to the first message of the line"),
    Key("table", "sort", "o", "sort", "sort by the column that < and > choose; falling; as it was"),
    Key("table", "column_before", "less_than_sign", "column(-1)", "the column before"),
    Key("table", "column_after", "greater_than_sign", "column(1)", "the next column"),
    Key("app", "filter", "slash", "filter", "write a filter"),
    Key("app", "switch_filter", "backslash", "switch_filter", "filter off, and on again"),
    Key("app", "highlight", "H", "highlight", "show all, dim what the filter would hide; hide again"),
    Key("app", "take", "equals_sign", "take", "filter on the value under the cursor"),
    Key("app", "also", "ampersand", "also", "the same, with the filter there is"),
    Key("app", "without", "exclamation_mark", "without", "leave out the value under the cursor"),
    Key("app", "type", "T", "take_type", "follow this type of message, or this error"),
    Key("app", "port", "P", "take_port", "follow this port"),
    Key("app", "interface", "I", "take_interface", "follow this interface"),
    Key("app", "exchange", "E", "take_exchange", "follow the exchange: a request and all its answers"),
    Key("app", "object", "B", "take_object", "follow the object that the message tells of: a link, a route, ..."),
    Key("app", "process", "O", "take_process", "follow the process that sent or received it"),
    Key("app", "partner", "r", "partner", "from an answer to its request and what is wrong with it, and back"),
    Key("app", "member_before", "comma", "member(-1)", "the message before of the same exchange"),
    Key("app", "member", "full_stop", "member(1)", "the next message of the same exchange"),
    Key("app", "fold", "X", "fold", "of the copies that several listeners were sent, one; all again"),
    Key("app", "fold_dumps", "D", "fold_dumps", "of the parts of a dump, one; all again"),
    Key("app", "presets", "F", "presets", "choose a filter that has a name"),
    Key("app", "search", "s", "search", "search the list, tree or bytes: text, /regex/ or 0xHEX"),
    Key("app", "next_match", "n", "next_match", "next match"),
    Key("app", "previous_match", "N", "previous_match", "match before"),
    Key("app", "stop_search", "ctrl+x", "stop_search", "stop searching"),
    Key("app", "mark", "m", "mark", "mark the message, or take its mark away"),
    Key("app", "next_mark", "apostrophe", "next_mark", "to the next marked message"),
    Key("app", "previous_mark", "quotation_mark", "previous_mark", "to the marked message before"),
    Key("app", "unmark_all", "M", "unmark_all", "take all marks away"),
    Key("app", "compare", "d", "compare", "two marked messages side by side"),
    Key("app", "copy", "y", "copy", "copy the message or field: text, hex, Python, C, JSON, filter"),
    Key("app", "copy_to_file", "Y", "copy_to_file", "the same into a file"),
    Key("app", "save", "w", "save", "save packets: all, shown or marked"),
    Key("app", "sort", "o", "sort", "sort by the column that < and > choose; falling; unsorted"),
    Key("app", "columns", "C", "columns", "write which columns there are; none: the usual ones"),
    Key("app", "colors", "L", "colors", "colour rules off, and on again"),
    Key("compare", "only", "d", "only", "the differences only, or everything"),
    Key("app", "go", "colon", "go", "go to a frame by its number"),
    Key("app", "time", "t", "time", "time: relative, absolute, since the frame before, since 1970"),
    Key("app", "raw", "v", "raw", "values of the tree: by name, or as they stand in the message"),
    Key("app", "follow", "f", "follow", "follow what comes, or stay"),
    Key("app", "capture", "c", "capture", "stop the capture; begin another one"),
    Key("app", "restart", "R", "restart", "begin the capture anew"),
    Key("app", "next_pane", "tab", "app.focus_next", "next pane"),
    Key("app", "previous_pane", "shift+tab", "app.focus_previous", "pane before"),
    Key("app", "zoom", "z", "zoom", "this pane alone, and all again"),
    *(Key("app", view.name.lower(), view.key, f"view({view.name!r})", view.says) for view in VIEWS),
    Key("app", "messages", "1,escape", "messages", "back to the messages"),
    Key("app", "help", "question_mark,f1", "keys", "all keys"),
    Key("app", "quit", "q,ctrl+q", "leave", "quit"),
]


ASKING = ("filter", "go", "search")
"""Actions that ask for text: they run before the next key, which is the first of that text."""


def bindings(*places: str) -> list[BindingType]:
    """Return the bindings of these places."""
    return [
        Binding(
            key.keys,
            key.action,
            key.says,
            show=False,
            id=key.id,
            priority=key.action in ASKING,
        )
        for key in KEYS
        if key.place in places
    ]
