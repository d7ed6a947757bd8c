"""How the viewer's screen looks where there is little room, where text is wide, where there is nothing to show."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from nldissect.viewer.panes.help_screen import HelpPane
from tests.helpers.messages import ROUTE, attribute, frame, link, write
from tests.helpers.paths import CAPTURES
from tests.helpers.viewer_pilot import Screen, run

IFNAME, ALIAS = 3, 20


def test_wide_text_keeps_columns_in_line(tmp_path: Path) -> None:
    """A column of interface names, one of them Chinese, one with combining accents, one with a colour code."""
    names = ["eth0", "東京東京東京", "e\u0301e\u0301", "\x1b[31mred", "a-name-that-is-longer-than-its-column"]
    path = write(
        tmp_path / "wide.pcap", *(frame(ROUTE, link(1, attribute(IFNAME, name.encode() + b"\0"))) for name in names)
    )

    async def steps(screen: Screen) -> None:
        screen.app._columns("frame.number, IFLA_IFNAME width 9, nlmsg_type")
        await screen.until(lambda: "IFLA_IFNA" in screen.text[1])
        rows = screen.text[2:7]
        assert [4 + 1 + 9 + 1] * 5 == [cell_len(row[: row.index("RTM_NEWLINK")]) for row in rows], rows
        assert ["東京東京…", "a-name-t…"] == [rows[1][5:10], rows[4][5:14]]
        assert "\\x1b[31m" in rows[3] and "\x1b" not in "".join(screen.text)

    run(path, steps)


def test_the_summary_has_room_on_a_narrow_screen() -> None:
    """Long names of messages and of protocols give way."""

    async def steps(screen: Screen) -> None:
        assert screen.text[1].index("Summary") <= 80 * 11 // 20
        await screen.pilot.resize_terminal(60, 24)
        await screen.until(lambda: " Proto " in screen.text[1])
        await screen.pilot.resize_terminal(80, 24)
        screen.app._columns("frame.number, protocol, nlmsg_type, nlmsg_flags, summary")
        await screen.until(lambda: "nlmsg_flags" in screen.text[1])
        assert screen.text[1].index("Summary") <= 80 - 24

    run(CAPTURES / "tour.pcap", steps, size=(80, 24))


def test_headings_go_sidewise_with_their_columns() -> None:
    async def steps(screen: Screen) -> None:
        before = screen.text[1:3]
        await screen.press("l")
        await screen.until(lambda: screen.text[2] != before[1])
        assert [line[8:48] for line in before] == [line[:40] for line in screen.text[1:3]]
        await screen.press(*"lllllllllllllllllllllll")
        assert any(line.strip() for line in screen.text[2:8]), "scrolled beyond the longest line"

    run(CAPTURES / "link_dump.pcap", steps, size=(60, 24))


def test_a_click_on_a_heading_sorts_by_it() -> None:
    async def steps(screen: Screen) -> None:
        at = screen.text[1].index("Type") + 1
        for sorted in [("nlmsg_type", False), ("nlmsg_type", True), None]:
            await screen.pilot.click("#list", offset=(at, 0))
            await screen.until(lambda sorted=sorted: screen.app.packets.sorted == sorted)
        assert "nlmsg_type" == screen.app.packets.columns[screen.app.packets.column].name

    run(CAPTURES / "vlan_add.pcap", steps)


def test_tables_are_sorted_by_a_click_on_a_heading_too() -> None:
    """The slowest exchange of errors.pcap is the second, with 57.5 ms: frames 3 and 4."""

    async def steps(screen: Screen) -> None:
        await screen.press("9")
        await screen.until(lambda: any("Exchanges: 38 lines" in line for line in screen.text))
        at = screen.text[0].index("Latency") + 1
        await screen.pilot.click("#table", offset=(at, 0))
        await screen.until(lambda: "\u25b2Latency" in screen.text[0])
        await screen.pilot.click("#table", offset=(at, 0))
        await screen.until(lambda: "\u25bcLatency" in screen.text[0])
        assert screen.text[1].split()[:2] == ["2", "0.004633"]
        await screen.press("enter")
        await screen.until(lambda: screen.app.packets.entry is not None and screen.app.packets.entry.number == 3)

    run(CAPTURES / "errors.pcap", steps)


def test_the_status_line_on_a_narrow_screen(tmp_path: Path) -> None:
    """Of a long path the end is left, of what stands at the right what matters more; a long note has several lines."""
    folder = tmp_path / ("a-folder-with-a-long-name" * 3)
    folder.mkdir()
    path = folder / "vlan.pcap"
    path.write_bytes((CAPTURES / "vlan_add.pcap").read_bytes())

    async def steps(screen: Screen) -> None:
        await screen.until(lambda: "28 messages" in screen.text[-1])
        assert screen.text[-1].startswith(" vlan.pcap  28 messages")
        assert screen.text[-1].endswith("? help  time relative")
        await screen.pilot.resize_terminal(36, 12)
        await screen.until(lambda: screen.text[-1].endswith("? help"))
        assert "vlan.pcap  28 messages" in screen.text[-1]
        note = "a note of more words than the narrow screen has room for on one line"
        screen.app.status.show(note)
        await screen.until(lambda: len(screen.app.status._lines) > 1 and note == " ".join(screen.text[-2:]))
        await screen.press("j")
        await screen.until(lambda: screen.app.status.size.height == 1)
        screen.app.prompt.ask("a question that is longer than this screen is wide", str)
        await screen.press(*"here")
        await screen.until(lambda: screen.text[-1].startswith(" a question") and screen.text[-1].endswith("… here"))

    run(path, steps, size=(100, 24))


def test_why_the_list_is_empty(tmp_path: Path) -> None:
    def nothing(screen: Screen) -> bool:
        return any("no message fits the filter" in line for line in screen.text)

    async def filtered(screen: Screen) -> None:
        await screen.write("IFLA_MTU == 77")
        await screen.until(lambda: nothing(screen))
        await screen.press("backslash")
        await screen.until(lambda: not nothing(screen) and screen.frames)

    run(CAPTURES / "vlan_add.pcap", filtered)

    async def bare(screen: Screen) -> None:
        await screen.until(lambda: any("no netlink message is in it yet" in line for line in screen.text))

    run(write(tmp_path / "bare.pcap"), bare)


def test_a_whole_message_is_not_lit() -> None:
    """Only a part of it is worth a colour."""

    async def steps(screen: Screen) -> None:
        dump, tree = screen.app.hexdump, screen.app.details
        lit = {role for index in range(dump.count) for role, _ in dump.line(index)}
        assert ("message",) == tree.items[tree.place].path and "byte" not in lit
        tree.choose(next(place for place, item in enumerate(tree.items) if item.name == "nlmsg_len"))
        await screen.until(lambda: "byte" in {role for index in range(dump.count) for role, _ in dump.line(index)})

    run(CAPTURES / "vlan_add.pcap", steps)


def test_a_click_on_what_a_filter_may_become_takes_it() -> None:
    async def steps(screen: Screen) -> None:
        bar = screen.app.bar
        await screen.press("slash", *"IFLA_MT")
        await screen.until(lambda: [offer.word for offer in bar.menu.offers][:1] == ["IFLA_MTU"])
        await screen.pilot.click("#menu", offset=(3, 0))
        await screen.until(lambda: bar.value.strip() == "IFLA_MTU" and screen.app.focused is bar)
        await screen.press(*">1", "enter")
        await screen.until(lambda: screen.app.filtering.text == bar.value)

    run(CAPTURES / "vlan_add.pcap", steps)


def test_tables_and_help_on_a_narrow_screen() -> None:
    """Nothing that a table has to say is beyond the edge, unless it is the end of the last column."""

    async def steps(screen: Screen) -> None:
        await screen.press("2")
        await screen.until(lambda: any("ROUTE" in line for line in screen.text))
        assert "Bytes" in screen.text[0] and screen.text[1].rstrip()[-1].isdigit()
        await screen.press("8")
        await screen.until(lambda: "What changed" in screen.text[0] and "flags -UP -RUNNING" in " ".join(screen.text))
        await screen.press("escape", "question_mark")
        await screen.until(lambda: screen.text[0].startswith("Keys"))
        pane = screen.app.screen.query_one(HelpPane)
        lines = ["".join(text for _, text in pane.line(index)) for index in range(pane.count)]
        assert max(map(len, lines)) <= 80
        text = " ".join(" ".join(lines).split())
        assert "app.fold" in text and "[keys] in" in text

    run(CAPTURES / "link_flap.pcap", steps, size=(80, 24))


def test_the_palette_has_what_the_keys_do() -> None:
    """Quit asks what is to become of a live capture: it is that of the keys, not Textual's."""

    async def steps(screen: Screen) -> None:
        commands = {one.title: one.help for one in screen.app.get_system_commands(screen.app.screen)}
        assert {"write a filter": "/   app.filter", "quit": "q  ctrl+q   app.quit"}.items() <= commands.items()
        assert {"Theme", "Screenshot"} < commands.keys() and not {"Quit", "Keys", "Maximize"} & commands.keys()

    run(CAPTURES / "vlan_add.pcap", steps)


def test_where_no_message_is_shown_there_is_no_tree_of_one() -> None:
    async def steps(screen: Screen) -> None:
        app = screen.app
        await screen.press("j", "j")
        await screen.until(lambda: "Frame 3:" in " ".join(screen.text))
        await screen.write("IFLA_MTU == 77")
        await screen.until(lambda: not app.packets.count and not app.details.count and not app.hexdump.count)
        assert "0 of 28 messages" in screen.text[-1]
        await screen.press("backslash")
        await screen.until(lambda: "Frame 3:" in " ".join(screen.text) and app.hexdump.count)

    run(CAPTURES / "vlan_add.pcap", steps)


def test_nothing_stands_behind_the_scroll_bar() -> None:
    """The bar has the last column to itself, in the list, where text is cut, and in a comparison."""

    async def steps(screen: Screen) -> None:
        pane = screen.app.packets
        assert 59 == pane.room == len(pane.drawn(1, pane.room).text)
        await screen.press("m", "j", "m", "d")
        await screen.until(lambda: len(screen.app.screen_stack) > 1)
        flags = next(line for line in screen.text if "ifi_flags" in line)
        assert flags[:59].rstrip().endswith("…")

    run(CAPTURES / "vlan_add.pcap", steps, size=(60, 24))


def test_the_tree_begins_with_what_the_list_has_not_shown() -> None:
    """Frame and nlmsghdr are one line each, and open as any other."""

    async def steps(screen: Screen) -> None:
        tree = screen.app.details
        lines = screen.lines(tree)
        assert [line[2:7] for line in lines[:2]] == ["Frame", "RTM_G"]
        assert "nlmsghdr  nlmsg_len: 48, nlmsg_type: RTM_GETLINK (18), nlmsg_flags: NLM_F_REQUEST (0x1)" in lines[2]
        tree.focus()
        await screen.press("j", "enter")
        assert ["      nlmsg_len: 48"] == screen.lines(tree)[3:4] and "nlmsg_len" not in screen.lines(tree)[2]
        await screen.press("J")
        await screen.until(lambda: "Frame 2:" in screen.lines(tree)[0])
        assert ["      nlmsg_len: 1080"] == screen.lines(tree)[3:4]

    run(CAPTURES / "vlan_add.pcap", steps)


def test_the_right_of_the_status_line_is_clicked() -> None:
    async def steps(screen: Screen) -> None:
        app = screen.app
        await screen.until(lambda: screen.text[-1].endswith("time relative"))
        await screen.pilot.click("#status", offset=(screen.text[-1].index("time") + 2, 0))
        await screen.until(lambda: screen.text[-1].endswith("time absolute"))
        await screen.pilot.click("#status", offset=(screen.text[-1].index("help"), 0))
        await screen.until(lambda: screen.text[0].startswith("Keys"))
        await screen.pilot.click("#status", offset=(screen.text[-1].index("back"), 0))
        await screen.until(lambda: len(app.screen_stack) == 1)
        await screen.pilot.click("#status", offset=(3, 0))
        assert len(app.screen_stack) == 1

    run(CAPTURES / "vlan_add.pcap", steps)


def test_a_question_goes_with_the_keys() -> None:
    """Tab stays in it; a click on the list leaves it, and is not undone by its end."""

    async def steps(at: Screen) -> None:
        prompt, packets = at.app.prompt, at.app.packets
        await at.press("s", "x", "tab", "shift+tab", "y")
        await at.until(lambda: at.text[-1].endswith("0xHEX: xy"))
        await at.pilot.click(packets, offset=(4, 3))
        await at.until(lambda: not prompt.has_class("asking"))
        assert packets.has_focus and 2 == packets.cursor
        assert "101 messages" in at.text[-1]
        await at.press("s", "z", "enter")
        await at.until(lambda: "z was not found" in at.text[-1])
        assert packets.has_focus

    run(CAPTURES / "errors.pcap", steps)


def test_of_a_long_name_in_a_narrow_table_the_end_is_shown() -> None:
    """Commands of one family begin alike: NL80211_CMD_TRIGGER_SCAN."""

    async def steps(screen: Screen) -> None:
        await screen.press("9")
        await screen.until(lambda: any("nl80211   \u2026TRIGGER_SCAN  " in line for line in screen.text))

    run(CAPTURES / "wifi_connect.pcap", steps, size=(104, 24))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("x" * 300, "File name too long; choose another place"),
        ("~nosuchuser/x", "no directory for ~nosuchuser/x; make it first"),
        ("/dev/null/x", "no directory for /dev/null/x; make it first"),
        ("/", "/ is a directory; add a name, like out.pcapng"),
    ],
)
def test_a_name_that_leads_nowhere_is_said(name: str, told: str) -> None:
    """In every place that asks for one."""

    async def steps(screen: Screen) -> None:
        app = screen.app
        for keys in (["w", "a"], ["Y", "t"]):
            await screen.press(keys[0])
            await screen.until(lambda: len(app.screen_stack) == 2)
            await screen.press(keys[1])
            await screen.until(lambda: app.prompt.has_class("asking"))
            app.prompt._input.value = name
            await screen.press("enter")
            await screen.until(lambda: app.status.note is not None and told in app.status.note[0][1])
            await screen.press("j")

    run(CAPTURES / "vlan_add.pcap", steps)
