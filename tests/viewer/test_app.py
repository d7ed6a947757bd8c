"""The viewer, driven by Textual's pilot on real captures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from textual import events

from nldissect.errors import NldissectError
from nldissect.store.capture import Capture
from nldissect.viewer.filter_text import from_cursor
from nldissect.viewer.jobs.filter_job import FilterJob
from nldissect.viewer.jobs.value_completion import ValueIndex, offers
from nldissect.viewer.model.capture_model import CaptureModel
from nldissect.viewer.model.row_set import RowSet
from nldissect.viewer.model.tree_lines import items_of
from nldissect.viewer.panes.table_screen import bar
from tests.helpers.paths import CAPTURES, ROOT
from tests.helpers.sizes import SetSizes
from tests.helpers.viewer_pilot import Screen, run

TOUR = CAPTURES / "tour.pcap"


def read(*arguments: str) -> list[str]:
    """What `nldissect read` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "nldissect", "read", *arguments], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout.splitlines()


def same(line: str) -> str:
    """A line of the list without its columns' widths."""
    return " ".join(line.split())


def test_list_tree_and_bytes_of_a_capture() -> None:
    """As `read` prints them: the list, the tree of one message, and every step between the three panes."""

    async def steps(screen: Screen) -> None:
        app, pane = screen.app, screen.app.packets
        assert list(map(same, read(str(TOUR)))) == list(map(same, screen.lines(pane)))
        assert "captures/tour.pcap  256 messages" in screen.text[-1]
        assert screen.text[1].split() == ["No.", "Time", "Protocol", "Type", "Summary"]

        # vlan 10 on eth0: ip link add link eth0 name eth0.10 type vlan id 10
        await screen.press("colon", "9", "enter")
        await screen.until(lambda: app.packets.entry and app.packets.entry.number == 9 and app.details.items[0])
        await screen.until(lambda: "Frame 9" in screen.lines(app.details)[0])
        tree = [re.sub("^ *[▾▸]? *", "", line) for line in screen.lines(app.details)]
        shown = [line[9:].strip() for line in read(str(TOUR), "-V", "-Y", "frame.number == 9")]
        assert {line for line in shown if "IFLA_" in line} <= set(tree)
        assert "IFLA_VLAN_ID (1): 10" in tree

        await screen.press("enter")  # into the tree
        assert app.focused is app.details
        while not app.details.item or app.details.item.name != "IFLA_VLAN_ID":
            await screen.press("j")
        await screen.until(lambda: app.hexdump.lit == (app.details.item.start, app.details.item.end))
        start, end = app.hexdump.lit
        assert b"\x06\x00\x01\x00\x0a\x00" == app.hexdump.data[start:end]
        assert f"Tree  IFLA_VLAN_ID  bytes {start - 16}-{end - 17}, 6 bytes" in "\n".join(screen.text)

        await screen.press("h")  # to what holds it, and that closed
        assert "IFLA_INFO_DATA" == app.details.item.name
        count = app.details.count
        await screen.press("h")
        assert count - 1 == app.details.count and "▸ IFLA_INFO_DATA" in "\n".join(screen.text)

        await screen.press("tab")  # the bytes: the one under the cursor opens and selects its field
        assert app.focused is app.hexdump
        app.hexdump.move(app.hexdump._line_of(start + 4), 0)
        while app.hexdump.at != start + 4:
            await screen.press("l")
        await screen.until(lambda: app.details.item.name == "IFLA_VLAN_ID" and app.hexdump.lit == (start, end))

        await screen.press("z")  # this pane alone
        await screen.until(lambda: app.hexdump.size.height > 30)
        assert not app.packets.display and "No." not in "\n".join(screen.text)
        await screen.press("z", "J")
        await screen.until(lambda: app.packets.entry.number == 10 and "Frame 10" in screen.lines(app.details)[0])

        await screen.press("tab", "tab")
        await screen.until(lambda: app.focused is app.packets)
        await screen.press("G")
        assert (pane.cursor, pane.follow) == (255, True)
        await screen.press("k")
        assert (pane.cursor, pane.follow) == (254, False)
        await screen.press("g", "ctrl+d")
        assert pane.page // 2 == pane.cursor
        await screen.press("t")
        assert re.search(r"\d\d:\d\d:\d\d\.\d{6}", screen.text[2])

    run(TOUR, steps)


def test_enter_on_a_filter_that_is_none_keeps_the_line_to_mend_it() -> None:
    """As in Wireshark: what is typed next mends the filter, it is no key of the list; the cursor is at the caret."""

    async def steps(screen: Screen) -> None:
        app = screen.app
        every = screen.frames
        await screen.press("slash")
        app.bar.value = " IFLA_MTU > 15x and error"
        await screen.press("enter")
        assert app.focused is app.bar and 12 == app.bar.cursor_position
        assert '"15x" is none; write 10 or 0x10' in screen.text[-1]
        await screen.press("q", "1", "5")
        assert " IFLA_MTU > q1515x and error" == app.bar.value and every == screen.frames
        await screen.press("enter", *["delete"] * 6, "9", "9", "9", "enter")
        assert app.focused is app.packets and " IFLA_MTU > 999 and error" == app.bar.value
        assert "IFLA_MTU > 999 and error" == app.filtering.text

    run(TOUR, steps)


def test_filters_of_the_list() -> None:
    async def steps(screen: Screen) -> None:
        app = screen.app
        every = screen.frames

        await screen.write('IFLA_INFO_KIND == "vlan"')
        found = [int(line.split()[0]) for line in read(str(TOUR), "-Y", 'IFLA_INFO_KIND == "vlan"')]
        await screen.until(lambda: screen.frames == found)
        await screen.until(lambda: app.bar.has_class("good"))
        assert len(found) > 3 and f"{len(found)} of 256 messages" in screen.text[-1]

        await screen.write('IFLA_INFO_KIND == "vlan" and IFLA_VLAN_IDD')  # the last good result stays
        assert app.bar.has_class("bad") and screen.frames == found
        assert 'no field "IFLA_VLAN_IDD"; did you mean "IFLA_VLAN_ID"?' in screen.text[-1]
        await screen.press("escape")
        assert app.bar.value == 'IFLA_INFO_KIND == "vlan"'

        await screen.press("backslash")
        await screen.until(lambda: screen.frames == every)
        await screen.press("backslash")
        await screen.until(lambda: screen.frames == found)
        await screen.press("H")
        await screen.until(lambda: screen.frames == every)
        assert app.packets.over(1) == "faded" and app.packets.bright is not None
        await screen.press("H")
        await screen.until(lambda: screen.frames == found)

        await screen.press("home", "T")
        await screen.until(
            lambda: app.filtering.text == "nlmsg_type == RTM_NEWLINK" and len(screen.frames) > len(found)
        )
        await screen.press("greater_than_sign", "greater_than_sign", "greater_than_sign", "exclamation_mark")
        await screen.until(lambda: app.filtering.text == 'nlmsg_type == RTM_NEWLINK and not (direction == "to kernel")')
        await screen.until(lambda: app.filtering.sieve.complete and app.packets.entry.walked.direction != "to kernel")

        await screen.press("6")  # ports, of what is shown
        await screen.until(lambda: screen.app.screen is not app.screen_stack[0] and "Protocol" in screen.text[0])
        await screen.until(lambda: "lines" in screen.text[-1] and screen.text[1].startswith("ROUTE"))
        await screen.press("enter")
        await screen.until(lambda: app.screen is app.screen_stack[0])

        await screen.write("")
        await screen.until(lambda: screen.frames == every)

        for character in "/error":  # as fast as a terminal that was behind hands them over
            app.post_message(events.Key("slash" if character == "/" else character, character))
        await screen.until(lambda: "error" == app.filtering.text and app.focused is app.bar)
        app.bar.value = ""

        await screen.press(*"ifla_vlan_i")  # completion: of fields, and of values seen
        await screen.until(lambda: app.bar.menu.offers)
        assert "IFLA_VLAN_ID" == app.bar.menu.offers[0].word and "IFLA_VLAN_ID" in "\n".join(screen.text[1:4])
        await screen.press("tab")
        assert "IFLA_VLAN_ID" == app.bar.value
        await screen.press(*" == ")
        await screen.until(lambda: ["10"] == [offer.word for offer in app.bar.menu.offers][:1])
        await screen.press("down", "enter")
        await screen.until(lambda: app.bar.has_class("good") and "IFLA_VLAN_ID == 10" == app.filtering.text)
        assert not app.bar.menu.offers
        await screen.press("enter")
        assert app.focused is app.packets and "IFLA_VLAN_ID == 10" == app.state.history[-1]
        await screen.press("slash", "up", "up")  # filters used before
        assert app.state.history[-2] == app.bar.value
        await screen.press("down", "down", "escape")

    run(TOUR, steps)


def test_a_filter_begins_where_the_list_stands(monkeypatch: pytest.MonkeyPatch, sizes: SetSizes) -> None:
    """Outward from there, and from elsewhere once the list is moved; it stays where it is if nothing fits at first."""
    sizes(row_range=2048, filter_distance=1)
    with Capture([TOUR], {}, None) as capture:
        store = CaptureModel(capture)
        sieve, place = FilterJob(store, "IFLA_VLAN_ID == 10"), [100]
        looked: list[int] = []
        monkeypatch.setattr(FilterJob, "_look", lambda self, span: looked.append(span.start))
        job = sieve.job(lambda: place[0], lambda: None)
        starts = [span.start for span in store.pieces.spans()]
        here = sum(start <= 100 for start in starts) - 1
        for _ in range(3):
            next(job)
        assert starts[here] == looked[0] and {starts[here - 1], starts[here + 1], starts[here + 2]} > set(looked[1:])
        place[0] = 255
        next(job)
        assert starts[-1] == looked[3] and 10 < len(starts)
    monkeypatch.undo()
    sizes(row_range=2048)

    async def steps(screen: Screen) -> None:
        app = screen.app
        await screen.press("colon", *"180", "enter")
        await screen.until(lambda: 180 == app.packets.entry.number)
        await screen.write("IFLA_VLAN_ID == 10")
        await screen.until(lambda: app.filtering.sieve.complete and 14 == app.packets.count)
        assert 228 == app.packets.entry.number

    run(TOUR, steps)


@pytest.mark.parametrize("name", ["tour.pcap", "errors.pcap", "wireguard.pcap", "nft_families.pcap", "uevent.pcap"])
def test_every_line_of_a_tree_gives_a_filter_that_holds(name: str) -> None:
    with Capture([CAPTURES / name], {}, None) as capture:
        store = CaptureModel(capture)
        for row in range(0, store.count, 1 + store.count // 5):
            entry = store.entry(row)
            for item in items_of(entry, ""):
                text = from_cursor.of_item(item, entry)
                assert text is None or from_cursor.holds(text, entry), (item.path, text)
                if item.node is not None and item.node.kind.shape == "leaf" and "NLMSGERR" not in ".".join(item.path):
                    assert text is not None or entry.asked or "nlmsgerr" in item.path, item.path
            for make in (from_cursor.of_type, lambda one: from_cursor.of_port(one, store)):
                text = make(entry)
                assert text is None or from_cursor.holds(text, entry)
            text = from_cursor.of_interface(entry, store)
            assert text is None or from_cursor.holds(text, entry)


def test_values_become_filters() -> None:
    with Capture([TOUR], {}, None) as capture:
        store = CaptureModel(capture)
        entry = store.entry(store.row_of_frame(9) or 0)
        made = {item.name: from_cursor.of_item(item, entry) for item in items_of(entry, "")}
    assert "IFLA_VLAN_ID == 10" == made["IFLA_VLAN_ID"]
    assert 'IFLA_INFO_KIND == "vlan"' == made["IFLA_INFO_KIND"]
    assert "nlmsg_type == RTM_NEWLINK" == made["nlmsg_type"]
    assert "IFLA_LINKINFO" == made["IFLA_LINKINFO"]
    assert "not (a == 1)" == from_cursor.without("", "a == 1")
    assert "(a or b) and c" == from_cursor.both("a or b", "c") and "a" == from_cursor.both("", "a")


def test_values_as_they_stand_in_the_message() -> None:
    """The bytes of the error for `ip link add link d0 name v5000 type vlan id 5000`: no name but those of fields."""
    with Capture([CAPTURES / "errors.pcap"], {}, None) as capture:
        store = CaptureModel(capture)
        entry = store.entry(store.row_of_frame(4) or 0)
        items = items_of(entry, "", raw=True)
        made = [(item.name, "".join(text for _, text in item.pieces).partition(": ")[2]) for item in items]
        named, raw = ([from_cursor.of_item(item, entry) for item in some] for some in (items_of(entry, ""), items))
    assert {
        ("nlmsg_type", "2 (0x2)"), ("nlmsg_flags", "512 (0x200)"), ("error", "-34 (0xffffffde)"),
        ("nlmsg_type", "16 (0x10)"), ("nlmsg_flags", "1541 (0x605)"), ("ifi_family", "0 (0x0)"),
        ("IFLA_LINK", "2 (0x2)"), ("IFLA_IFNAME", b"v5000\0".hex()), ("IFLA_VLAN_ID", "5000 (0x1388)"),
    } <= set(made)  # fmt: skip
    assert [text is None for text in named] == [text is None for text in raw]
    assert all(text is None or from_cursor.holds(text, entry) for text in raw)


def test_an_acknowledgement_finds_its_request() -> None:
    with Capture([CAPTURES / "errors.pcap"], {}, None) as capture:
        store = CaptureModel(capture)
        asked = [entry.asked for entry in map(store.entry, range(store.count)) if entry.walked.number == 2]
        assert asked and all(one is not None for one in asked)
        assert [one.frame for one in asked if one] == [
            entry.number - 1 for entry in map(store.entry, range(store.count)) if entry.walked.number == 2
        ]


def test_how_a_filter_may_go_on() -> None:
    with Capture([TOUR], {}, None) as capture:
        values = ValueIndex(CaptureModel(capture), lambda field: [*values.job(field, lambda: None)] and None)

        def words(text: str) -> list[str]:
            values.of(text.split()[0]) if " " in text else None
            return [offer.word for offer in offers(text, values)]

        assert "IFLA_MTU" == words("ifla_mt")[0] and not words("") and not words("IFLA_MTU == 15000 ")
        assert '"vlan"' in words("IFLA_INFO_KIND == ") and ['"vlan"'] == words('IFLA_INFO_KIND == "vl')
        assert {"RTM_NEWLINK", "RTM_GETLINK"} <= set(words("nlmsg_type == RTM_"))
        assert words("nlmsg_type == RTM_").index("RTM_NEWLINK") < words("nlmsg_type == RTM_").index("RTM_NEWTCLASS")
        assert "1500" == words("IFLA_MTU > ")[0]
        assert ["and"] == words("IFLA_MTU > 1500 an")[:1] and "contains" in words("IFLA_IFNAME con")
        assert 'IFLA_MTU and IFLA_INFO_KIND == "vlan"' in [
            offer.text for offer in offers("IFLA_MTU and IFLA_INFO_KIND == ", values)
        ]
        assert not words("IFLA_NOTHING == ")


def test_shown_rows() -> None:
    import numpy as np

    every = RowSet(10, first=2)
    assert (8, 2, 9, 0, 7) == (len(every), every[0], every[7], every.index(0), every.index(50))
    some = RowSet(3, np.array([3, 5, 8], np.uint32))
    assert [3, 5, 8] == [some[place] for place in range(3)]
    assert (1, 2, 2, True, False) == (some.index(4), some.index(8), some.index(9), some.holds(5), some.holds(4))
    turned = RowSet(3, np.array([8, 3, 5], np.uint32), ordered=False)
    assert (0, 2) == (turned.index(8), turned.index(5))
    assert 0 == len(RowSet(0)) and 0 == RowSet(0).index(4) and not RowSet(0).holds(0)


def test_bars() -> None:
    assert ("█" * 20, "█" * 10 + " " * 10) == (bar(1), bar(0.5))
    assert "▏" + " " * 19 == bar(0.0001) and " " * 20 == bar(0)


def test_what_is_no_capture_is_said_on_a_line(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.pcap", tmp_path / "x.txt"
    empty.write_bytes(b"")
    text.write_text("hello\n")
    for path, says in ((empty, "is empty"), (text, "is no capture"), (tmp_path / "none", "no file")):
        with pytest.raises(NldissectError, match=says):
            Capture([path], {}, None, read=False)


def test_where_a_file_is_cut_is_said(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes((CAPTURES / "vlan_add.pcap").read_bytes()[:4000])

    async def steps(screen: Screen) -> None:
        await screen.until(lambda: "cut short" in " ".join(screen.text[-2:]))
        assert screen.frames and screen.frames[-1] < 27

    run(path, steps)
