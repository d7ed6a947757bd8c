"""Every key of the help page, pressed: each does what the help says of it, on a real capture and Textual's pilot."""

from __future__ import annotations

from pathlib import Path

from nldissect.capfile import open_capture
from nldissect.viewer.keys import KEYS
from nldissect.viewer.model.field_columns import DEFAULT, ColumnSpec
from nldissect.viewer.panes.chooser import Chooser
from nldissect.viewer.panes.diff_screen import ComparisonPane, ComparisonScreen
from nldissect.viewer.panes.help_screen import HelpPane, HelpScreen, lines_of
from nldissect.viewer.panes.table_screen import TablePane, TableScreen
from tests.helpers.keyboard import Keyboard, run

LATER = {"app.capture", "app.restart"}
"""Keys of a live capture: tests of that press them."""


async def moving(at: Keyboard) -> None:
    packets = at.app.packets
    await at.does("pane.down", lambda: packets.cursor == 1, at.to(1))
    await at.does("pane.up", lambda: packets.cursor == 1, at.to(3))
    await at.does("pane.page_down", lambda: packets.cursor == packets.page, at.to(1))
    await at.does("pane.page_up", lambda: packets.cursor == 0, at.to(1 + packets.page))
    await at.does("pane.half_down", lambda: packets.cursor == int(packets.page / 2), at.to(1))
    await at.does("pane.half_up", lambda: packets.cursor == 0, at.to(1 + int(packets.page / 2)))
    await at.does("pane.last", lambda: packets.cursor == packets.count - 1 and packets.follow, at.to(1))
    await at.does("app.follow", lambda: packets.cursor == packets.count - 1 and packets.follow, at.to(1))
    await at.does("pane.first", lambda: packets.cursor == 0 and not packets.follow, at.to(9))
    await at.does("pane.right", lambda: packets.left, lambda: setattr(packets, "left", 0))
    await at.does("pane.left", lambda: packets.left == 0, lambda: setattr(packets, "left", 8))
    await at.does("list.column_before", lambda: packets.column == 4)
    await at.does("list.column_after", lambda: packets.column == 5)
    await at.does("app.next_pane", lambda: at.app.details.has_focus)
    await at.does("app.previous_pane", lambda: packets.has_focus)
    await at.does("app.zoom", lambda: at.app.screen.has_class("zoom-list"))
    await at.press("tab")
    await at.until(lambda: at.app.screen.has_class("zoom-tree") and at.app.details.has_focus)
    await at.press("shift+tab", "shift+tab")
    await at.until(lambda: at.app.screen.has_class("zoom-bytes") and at.app.hexdump.has_focus)
    await at.press("tab", "enter")
    await at.until(lambda: at.app.screen.has_class("zoom-tree") and at.app.details.has_focus)
    await at.press("z", "shift+tab")
    await at.until(lambda: not at.app.screen.has_class("zoom") and packets.has_focus)
    await at.press("colon", "4", "enter")
    await at.until(lambda: at.frame == 4)
    at.done.add("app.go")
    await at.does("app.time", lambda: at.app.clock.mode == "a")
    assert "absolute" == at.app.settings.time


async def tree_and_bytes(at: Keyboard) -> None:
    tree = at.app.details
    at.to(4)()
    await at.until(lambda: tree.items and tree.items[0].pieces[0][1] == "Frame 4")
    await at.does("list.tree", lambda: tree.has_focus)

    def to(name: str) -> None:
        tree.choose(next(place for place, item in enumerate(tree.items) if item.name == name))

    to("nlmsgerr")
    count = tree.count
    await at.does("tree.switch", lambda: tree.count < count)
    await at.does("tree.open_all", lambda: tree.count == len(tree.items), at.app.details.action_close_all)
    await at.does("tree.close_all", lambda: all(item.depth < 2 for item in map(tree.items.__getitem__, tree._visible)))
    tree.action_open_all()
    await at.does("tree.next", lambda: at.frame == 5, at.to(4))
    await at.does("tree.previous", lambda: at.frame == 4, at.to(5))
    at.to(4)()
    await at.until(lambda: tree.items[0].pieces[0][1] == "Frame 4")
    to("NLMSGERR_ATTR_MSG")
    await at.does("tree.add_column", lambda: ColumnSpec("NLMSGERR_ATTR_MSG") in at.app.settings.columns)
    assert ["NLMSGERR_ATTR_MSG", "summary"] == [column.name for column in at.app.packets.columns[-2:]]
    assert "8021q" in "".join(text for _, text in at.app.packets.line(3)).split("ERANGE")[0]

    def value(name: str) -> str:
        pieces = next(item.pieces for item in tree.items if item.name == name)
        return "".join(text for _, text in pieces).partition(": ")[2]

    await at.does("app.raw", lambda: value("IFLA_LINK") == "2 (0x2)")
    assert "Tree, raw values" in tree.title()[0][1]
    await at.press("v")
    await at.until(lambda: value("IFLA_LINK") == "2 (d0)")
    at.app.hexdump.focus()
    await at.does("bytes.next", lambda: at.frame == 5, at.to(4))
    await at.does("bytes.previous", lambda: at.frame == 4, at.to(5))
    at.app.packets.focus()


async def filters(at: Keyboard) -> None:
    app, packets = at.app, at.app.packets
    await at.does("app.filter", lambda: app.bar.has_focus)
    await at.press(*"error", "enter")
    await at.until(lambda: packets.count == 19)
    assert ["error"] == app.state.history
    await at.does("app.switch_filter", lambda: packets.count == app.store.count)
    assert app.status.left[0][1] == f"{app.store.count} messages, filter off"
    await at.press("backslash")
    await at.until(lambda: packets.count == 19)
    await at.does("app.highlight", lambda: packets.count == app.store.count and packets.bright is not None)
    assert app.status.left[0][1] == "19 of 101 messages, the others dimmed"
    await at.press("H")
    await at.until(lambda: packets.count == 19)
    at.to(4)()
    await at.does("app.type", lambda: app.filtering.text == "error == ERANGE")
    app.bar.value = "error"
    await at.until(lambda: app.filtering.text == "error" and packets.count == 19)
    at.to(4)()
    packets.column = 2
    await at.does("app.also", lambda: app.filtering.text == 'error and direction == "to user"')
    await at.until(lambda: packets.count == 19 and packets.entry is not None)
    await at.does("app.take", lambda: app.filtering.text == 'direction == "to user"')
    await at.until(lambda: packets.count == 63 and packets.entry is not None)
    await at.does("app.without", lambda: " and not (" in app.filtering.text)
    app.bar.value = ""
    await at.until(lambda: packets.count == app.store.count)
    at.to(4)()
    await at.does("app.port", lambda: "nlmsg_pid == 18" in app.filtering.text)
    app.bar.value = ""
    await at.until(lambda: packets.count == app.store.count)
    at.to(1)()
    for key, lacks in (("I", "names no interface by number"), ("B", "no object that a filter can name")):
        await at.press(key)
        await at.until(lambda lacks=lacks: app.status.note is not None and lacks in app.status.note[0][1])
    at.to(2)()
    await at.does("app.interface", lambda: "ifinfomsg.ifi_index == 2" in app.filtering.text)
    app.bar.value = ""
    await at.until(lambda: packets.count == app.store.count)
    at.to(4)()
    await at.does("app.exchange", lambda: "exchange.id == 2" == app.filtering.text and packets.count == 2)
    app.bar.value = ""
    await at.until(lambda: packets.count == app.store.count)
    at.to(2)()
    await at.does("app.object", lambda: app.filtering.text.endswith("ifi_index == 2"))
    app.bar.value = ""
    await at.until(lambda: packets.count == app.store.count)
    at.to(4)()
    await at.does("app.process", lambda: "process.pid == 18" == app.filtering.text)
    await at.does("app.fold", lambda: "process.pid == 18 and not event.copy > 1" == app.filtering.text)
    await at.press("X")
    await at.until(lambda: "process.pid == 18" == app.filtering.text)
    app.bar.value = ""
    await at.until(lambda: packets.count == app.store.count)
    at.to(58)()
    await at.does("app.fold_dumps", lambda: packets.count < app.store.count)
    folded = packets.count
    await at.does("list.open", lambda: packets.count == folded + 5)
    await at.press("D")
    await at.until(lambda: packets.count == app.store.count)
    at.to(4)()
    await at.does("app.partner", lambda: at.frame == 3, at.to(4))
    await at.does("app.member", lambda: at.frame == 4)
    await at.does("app.member_before", lambda: at.frame == 3)
    await at.does("app.presets", lambda: isinstance(app.screen, Chooser))
    await at.press("1")
    await at.until(lambda: app.filtering.text == "error or extack")
    app.bar.value = ""
    await at.until(lambda: packets.count == app.store.count)


async def search(at: Keyboard) -> None:
    app, packets = at.app, at.app.packets
    at.to(1)()
    await at.press("s", *"EEXIST", "enter")
    await at.until(lambda: at.frame == 12)
    at.done.add("app.search")
    await at.until(lambda: app.finder is not None and app.finder.done)
    await at.does("app.next_match", lambda: at.frame == 14)
    await at.does("app.previous_match", lambda: at.frame == 12)
    app.details.focus()
    await at.press("s", "ctrl+u", *"/IFLA_VLAN_ID.*10/", "enter")
    await at.until(lambda: app.details.item is not None and app.details.item.name == "IFLA_VLAN_ID")
    app.hexdump.focus()
    await at.press("s", "ctrl+u", *"0x 38 30 32 31 71", "enter")  # 8021q, in a message of the kernel's
    await at.until(lambda: app.finder is not None and app.finder.done and at.frame == 12)
    assert "8021q" == app.hexdump.data[app.hexdump.at :][:5].decode()
    packets.focus()
    app.finder.done = False
    await at.does("app.stop_search", lambda: app.status.note is not None and "stopped" in app.status.note[0][1])


async def marks(at: Keyboard, out: Path) -> None:
    app = at.app
    at.to(3)()
    await at.does("app.mark", lambda: 2 in app.marks)
    at.to(11)()
    await at.press("m")
    assert "●" in "".join(text for _, text in app.packets.line(10))
    await at.does("app.next_mark", lambda: at.frame == 3)
    await at.does("app.previous_mark", lambda: at.frame == 11)
    await at.does("app.compare", lambda: isinstance(app.screen, ComparisonScreen))
    pane = app.screen.query_one(ComparisonPane)
    different = pane.count
    await at.does("compare.only", lambda: pane.count > different)
    await at.press("escape")
    await at.does("app.save", lambda: isinstance(app.screen, Chooser))
    await at.press("m")
    await at.until(lambda: app.prompt.has_class("asking"))
    app.prompt.query_one("Input").insert_text_at_cursor(str(out))  # type: ignore[attr-defined]
    await at.press("enter")
    await at.until(out.exists)
    with open_capture(str(out)) as saved:
        assert 2 == len(list(saved))
    await at.does("app.unmark_all", lambda: not len(app.marks))


async def copies(at: Keyboard, out: Path) -> None:
    app = at.app
    at.to(3)()
    await at.until(lambda: app.details.items[0].pieces[0][1] == "Frame 3")
    await at.does("app.copy", lambda: isinstance(app.screen, Chooser))
    await at.press("f")
    await at.until(lambda: at.clipboard == ["frame.number == 3"])
    app.details.focus()
    app.details.choose(next(place for place, item in enumerate(app.details.items) if item.name == "IFLA_VLAN_ID"))
    await at.press("y", "p")
    await at.until(lambda: at.clipboard[-1] == "IFLA_VLAN.ID(5000)")
    await at.does("app.copy_to_file", lambda: isinstance(app.screen, Chooser))
    for answer, text in (("y", "88 13\n"), ("n", "mine")):
        if answer == "n":
            out.write_text("mine")
            await at.press("Y")
        await at.press("h")
        await at.until(lambda: app.prompt.has_class("asking"))
        app.prompt.query_one("Input").insert_text_at_cursor(str(out))  # type: ignore[attr-defined]
        await at.press("enter")
        if answer == "n":
            await at.until(lambda: isinstance(app.screen, Chooser))
            await at.press("n")
        await at.until(lambda: out.exists() and not isinstance(app.screen, Chooser))
        assert text == out.read_text()
    app.packets.focus()


async def looks(at: Keyboard) -> None:
    packets = at.app.packets
    packets.column = 4
    await at.does("app.sort", lambda: packets.sorted == ("nlmsg_type", False))
    assert "NLMSG_DONE" in "".join(text for _, text in packets.line(0))
    await at.press("o")
    await at.until(lambda: packets.sorted == ("nlmsg_type", True))
    assert "RTM_SETLINK" in "".join(text for _, text in packets.line(0))
    await at.press("o")
    await at.until(lambda: packets.sorted is None and "RTM_GETLINK" in "".join(text for _, text in packets.line(0)))
    await at.press("C", "ctrl+u", *"frame.number, bogus", "enter")
    await at.until(lambda: at.app.status.note is not None and 'no field "bogus"' in at.app.status.note[0][1])
    await at.press(*["backspace"] * len("bogus"), *"nlmsg_seq as Seq width 12, summary", "enter")
    await at.until(lambda: [column.title for column in packets.columns] == ["No.", "Seq", "Summary"])
    at.done.add("app.columns")
    assert " 1795476927 " in "".join(text for _, text in packets.line(0))
    before = packets.line(0)
    await at.does("app.colors", lambda: packets.line(0) != before)
    await at.press("C", "ctrl+u", "enter")
    await at.until(lambda: at.app.settings.columns == DEFAULT)


async def views(at: Keyboard) -> None:
    app = at.app
    for key in KEYS:
        if key.action.startswith("view("):
            await at.does(
                f"{key.place}.{key.name}",
                lambda name=key.name: isinstance(app.screen, TableScreen) and app.screen.view.name.lower() == name,
            )
            await at.until(lambda: app.screen.line is not None or app.screen.table.count == 0)  # type: ignore[attr-defined]
    await at.press("2")
    await at.until(lambda: isinstance(app.screen, TableScreen) and app.screen.line)
    at.to(1)()
    await at.press("s", "ctrl+u", *"EEXIST", "enter")
    await at.until(lambda: at.frame == 12 and len(app.screen_stack) == 1)
    await at.press("2")
    await at.press("n")
    await at.until(lambda: at.frame == 14 and len(app.screen_stack) == 1)
    await at.press("2")
    await at.until(lambda: isinstance(app.screen, TableScreen) and app.screen.line)
    table = app.screen.query_one(TablePane)
    await at.does("table.column_before", lambda: table.column == 5)
    await at.does("table.column_after", lambda: table.column == 0)
    table.column = 3
    await at.does("table.sort", lambda: table.sorted == (3, False))
    counts = [int(str(table.at(index).cells[3])) for index in range(table.count)]
    assert sorted(counts) == counts and counts[0] < counts[-1]
    await at.does("table.jump", lambda: app.filtering.text.startswith("nlmsg_type == ") and len(app.screen_stack) == 1)
    app.bar.value = ""
    await at.does("app.messages", lambda: len(app.screen_stack) == 1, lambda: app.action_view("Types"))
    await at.does("app.help", lambda: isinstance(app.screen, HelpScreen), app.action_messages)
    pane = app.screen.query_one(HelpPane)
    assert pane.count == len(lines_of(app.settings, pane.room))
    await at.press("escape")


def test_every_key_of_the_help_does_what_it_says(tmp_path: Path) -> None:
    """All keys one after the other in one viewer, as a user types them: some 30 s, the longest test."""

    async def steps(at: Keyboard) -> None:
        await moving(at)
        await tree_and_bytes(at)
        await filters(at)
        await search(at)
        await marks(at, tmp_path / "out.pcapng")
        await copies(at, tmp_path / "out.txt")
        await looks(at)
        await views(at)
        assert {f"{key.place}.{key.name}" for key in KEYS} - at.done - LATER == {"app.quit"}
        await at.press("q")
        await at.until(lambda: at.app.return_value == 0)

    run(steps)
