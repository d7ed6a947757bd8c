"""Statistics as views of the viewer: each line's filter finds as many messages as the line says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nldissect.store.capture import Capture
from nldissect.viewer.filter_text.related import folded
from nldissect.viewer.model.capture_model import CaptureModel
from nldissect.viewer.panes.base import Pane
from nldissect.viewer.panes.table_screen import TablePane, TableScreen
from nldissect.viewer.views import VIEWS, LazyTable, TableLine, ViewInput
from tests.helpers.paths import CAPTURES, LOGS
from tests.helpers.sizes import SetSizes
from tests.helpers.viewer_pilot import Screen, run


def scene(name: str, filter: str = "") -> ViewInput:
    capture = Capture([str(CAPTURES / name)], {}, None)
    shown = capture.filter(filter).rows().astype(np.uint32) if filter else None
    return ViewInput(CaptureModel(capture), shown, filter)


def table(name: str, of: ViewInput) -> Sequence[TableLine]:
    view = next(view for view in VIEWS if view.name == name)
    *_, last = view.rows(of)
    assert all(len(view.headings) == len(line.cells) for line in last)
    return last


def text(line: TableLine, column: int) -> str:
    cell = line.cells[column]
    return cell if isinstance(cell, str) else cell[1]


def number(view: str, line: TableLine) -> int:
    headings = next(one for one in VIEWS if one.name == view).headings
    place = next(place for place, heading in enumerate(headings) if heading.title == "Messages")
    return int(text(line, place).replace(",", ""))


@pytest.mark.parametrize("view", ["Types", "Families", "Errors", "Rate", "Processes"])
@pytest.mark.parametrize("capture", ["errors.pcap", "tour.pcap"])
def test_every_line_leads_to_as_many_messages_as_it_counts(view: str, capture: str) -> None:
    of = scene(capture)
    lines = table(view, of)
    assert lines
    if view != "Errors":
        assert of.store.count == sum(number(view, line) for line in lines)
    for line in lines[:12]:
        assert line.filter is not None, line
        found = len(of.store.capture.filter(line.filter))
        # An error without a text of the kernel's counts those without, and leads to those with one too.
        alike = [line] if " and " in line.filter else [one for one in lines if begins(one.filter, line.filter)]
        assert sum(number(view, one) for one in alike) == found, line


def begins(text: str | None, start: str) -> bool:
    return text is not None and text.partition(" and ")[0] == start


def test_only_what_the_list_shows_is_counted() -> None:
    of = scene("errors.pcap", "error")
    (types,) = table("Types", of)
    assert ("NLMSG_ERROR", 19) == (text(types, 2), number("Types", types))
    assert 'protocol == NETLINK_ROUTE and nlmsg_type == NLMSG_ERROR and direction == "to user"' == types.filter
    assert 19 == sum(number("Errors", line) for line in table("Errors", of))


def test_errors_have_the_words_of_the_kernel_and_lead_to_the_first() -> None:
    """ip link add link d0 name v5000 type vlan id 5000"""
    of = scene("errors.pcap")
    line = next(line for line in table("Errors", of) if text(line, 0) == "ERANGE")
    assert ["ROUTE", "RTM_NEWLINK", "1"] == [text(line, place) for place in (1, 2, 3)]
    assert "8021q: Invalid VLAN id" == text(line, 5)
    assert line.row is not None and 4 == of.store.frame_number(line.row)
    assert 'error == ERANGE and extack == "8021q: Invalid VLAN id"' == line.filter


def test_a_capture_without_messages_has_empty_tables(tmp_path: object) -> None:
    for view in ("Types", "Families", "Errors", "Rate", "Processes", "Exchanges", "Notes"):
        assert [] == list(table(view, scene("errors.pcap", "frame.number == 0")))


def test_changes_lead_to_their_messages() -> None:
    """captures/topics/link_flap.sh: the peer of a veth goes down; two listeners."""
    of = scene("link_flap.pcap")
    lines = table("Changes", of)
    line = next(line for line in lines if text(line, 3) == "left")
    assert ["19", "ROUTE", "link"] == [text(line, place) for place in (0, 1, 2)]
    down = (
        "flags -RUNNING -LOWER_UP, operstate UP \u2192 LOWERLAYERDOWN, carrier 1 \u2192 0  x2  by the kernel: carrier"
    )
    assert down == text(line, 4)
    assert line.row is not None and 19 == of.store.frame_number(line.row)
    only = table("Changes", scene("link_flap.pcap", 'IFLA_IFNAME == "left"'))
    assert [one.cells for one in lines if text(one, 3) == "left"] == [one.cells for one in only]


def test_objects_and_exchanges_of_several_namespaces_are_labelled() -> None:
    """tests/logs/namespaces.pcapng: dummies blue0 and red0 of one index, each in a namespace of that name."""
    of = scene(str(LOGS / "namespaces.pcapng"))
    assert ["[blue] blue0", "[red] red0", "[blue] blue1"] == [text(line, 3) for line in table("Changes", of)[:3]]
    details = [text(line, 8) for line in table("Exchanges", of)]
    assert any(line.startswith("[red] · ") and "red0" in line for line in details)
    assert not [line for line in details if "red0" in line and "[red]" not in line]


def test_copies_are_folded_into_one() -> None:
    """Three `ip monitor link` were sent one RTM_NEWLINK; captures/topics/monitor_three.sh"""
    of = scene("monitor_three.pcap", folded('IFLA_MTU == 1400 and direction == "notification"'))
    all_of = scene("monitor_three.pcap", folded(of.filter))
    assert 'IFLA_MTU == 1400 and direction == "notification"' == all_of.filter
    frames = [[one.store.frame_number(row) for row in one.rows().tolist()] for one in (of, all_of)]
    assert [16, 17, 18] == frames[1][:3] and 16 in frames[0] and not {17, 18} & {*frames[0]}


def test_a_view_that_is_left_while_it_is_worked_out() -> None:
    """Its last lines come when its screen is gone; the next view shows its own."""

    async def steps(screen: Screen) -> None:
        app = screen.app
        await screen.press("2")
        left = app.screen
        assert isinstance(left, TableScreen)
        job = left._job(app, app.scene(), partly=True)
        next(job)
        await screen.press("3")
        assert app.screen is not left
        list(job)
        await screen.until(lambda: any("ROUTE" in line for line in screen.text))

    run(CAPTURES / "errors.pcap", steps)


def test_keys_in_a_table_are_for_the_message_of_its_line() -> None:
    """The second exchange of errors.pcap is frames 3 and 4; the list stands on frame 1 before."""

    async def steps(at: Screen) -> None:
        app = at.app

        async def exchanges() -> TableScreen:
            await at.press("9")
            await at.until(lambda: isinstance(app.screen, TableScreen) and app.screen.line is not None)
            assert isinstance(app.screen, TableScreen)
            return app.screen

        await exchanges()
        await at.press("j", "E")
        await at.until(lambda: app.filtering.text == "exchange.id == 2" and at.frames == [3, 4])
        await at.write("")
        for key, frame in (("r", 4), ("full_stop", 4), ("m", 3)):
            app.packets.aim(0)
            await exchanges()
            await at.press("home", "j", key)
            await at.until(lambda frame=frame: app.packets.entry.number == frame and len(app.screen_stack) == 1)
        assert [2] == list(app.marks)
        await exchanges()
        await at.press("3")
        await at.until(lambda: isinstance(app.screen, TableScreen) and "ROUTE" in at.text[1])
        await at.press("T")
        await at.until(lambda: "this line is of many messages" in at.text[-1])
        await at.write("frame.number == 0")
        await at.press("9")
        await at.until(lambda: "Exchanges: 0 lines" in at.text[-1])
        await at.press("y")
        await at.until(lambda: "this table has no line yet" in at.text[-1])

    run(CAPTURES / "errors.pcap", steps)


def test_exchanges_have_result_and_latency_and_lead_to_their_requests() -> None:
    """ip link add link d0 name v5000 type vlan id 5000: frames 3 and 4, at 0.004633 and 0.062140 s."""
    of = scene("errors.pcap")
    lines = table("Exchanges", of)
    line = next(line for line in lines if text(line, 5) == "ERANGE")
    assert ["0.004633", "18", "ROUTE", "RTM_NEWLINK", "ERANGE", "1", "57.5 ms"] == [
        text(line, place) for place in range(1, 8)
    ]
    assert "8021q: Invalid VLAN id \u00b7 v5000@d0 vlan id 5000" == text(line, 8)
    assert line.row is not None and 3 == of.store.frame_number(line.row)
    assert line.filter is not None
    assert [3, 4] == [of.store.frame_number(row) for row in of.store.capture.filter(line.filter).rows().tolist()]
    for one in lines[:8]:
        assert one.filter is not None and 1 + int(text(one, 6)) == len(of.store.capture.filter(one.filter))


def test_exchanges_tell_an_event_of_several_listeners_once() -> None:
    """Three listeners are told of a new route; frame 17 is the acknowledgement."""
    (line,) = [one for one in table("Exchanges", scene("route_told.pcap")) if text(one, 0) == "4"]
    assert ["RTM_NEWROUTE", "ok"] == [text(line, place) for place in (4, 5)]
    assert text(line, 8).startswith("1 event x3 \u00b7 unicast 1.2.3.0/24 via 10.9.0.2 ")


def test_exchanges_of_what_the_list_shows() -> None:
    """19 messages of errors.pcap say an error, each in an exchange of its own."""
    refused = table("Exchanges", scene("errors.pcap", "error"))
    assert 19 == len(refused)
    assert "ok" not in {text(line, 5) for line in refused}


def test_exchanges_are_sorted_by_what_they_took() -> None:
    lines = table("Exchanges", scene("errors.pcap"))
    assert isinstance(lines, LazyTable)
    keys = lines.keys(7)
    assert keys is not None
    slowest = [text(lines[place], 7) for place in (-keys).argsort(kind="stable")[:3].tolist()]
    assert ["57.5 ms", "35.2 ms"] == slowest[:2]
    by_result = lines.keys(5)
    assert by_result is not None
    results = [text(lines[place], 5) for place in by_result.argsort(kind="stable").tolist()]
    assert sorted(results) == results
    place = lines.find(lines[5])
    assert 5 == place


def test_a_batch_is_one_exchange_and_says_which_command_failed() -> None:
    """The fifth command jumps to a chain that is not there; an address is added while addresses are listed."""
    batch = next(line for line in table("Exchanges", scene("batch_refused.pcap")) if text(line, 4) == "batch")
    assert "ENOENT" == text(batch, 5)
    assert ", for NFT_MSG_NEWRULE of frame 9, message 7; none of the batch was done \u00b7 3 NFT_MSG_NEWRULE, " in text(
        batch, 8
    )
    dump = table("Exchanges", scene("dump_interrupted.pcap"))[0]
    assert ["RTM_GETADDR", "253"] == [text(dump, place) for place in (4, 6)]
    assert ["interrupted", "interrupted by RTM_NEWADDR of frame 6 \u00b7 dump inet"] == [
        text(dump, place) for place in (5, 8)
    ]


def test_notes_lead_to_the_first_message_that_bears_them() -> None:
    """Frame 119 of tour.pcap is the answer to a vlan id of 5000."""
    of = scene("tour.pcap")
    lines = table("Notes", of)
    line = lines[0]
    assert ["error", "refused", "1", "119"] == [text(line, place) for place in range(4)]
    assert "ERANGE: 8021q: Invalid VLAN id" == text(line, 4)
    assert line.row is not None and 119 == of.store.frame_number(line.row)
    for one in lines:
        assert one.filter is not None
        found = of.store.capture.filter(one.filter).rows().tolist()
        assert one.row == found[0] and len(found) <= int(text(one, 2))
    unknown = next(one for one in lines if text(one, 4) == "no table describes type 32")
    assert ["note", "unknown message", "209"] == [text(unknown, place) for place in (0, 1, 3)]


def test_a_view_of_a_file_that_grows_stays_where_it_is(tmp_path: Path, sizes: SetSizes) -> None:
    """The first 20 frames of errors.pcap hold 10 exchanges; the rest comes while the cursor is on the last of those."""
    sizes(table_report=0)
    whole = (CAPTURES / "errors.pcap").read_bytes()
    path = tmp_path / "growing.pcap"
    end = 24
    for _ in range(20):
        end += 16 + int.from_bytes(whole[end + 8 : end + 12], "little")
    path.write_bytes(whole[:end])

    async def steps(at: Screen) -> None:
        await at.press("9")
        await at.until(lambda: any("Exchanges: 10 lines" in line for line in at.text))
        table = at.app.screen.query_one(TablePane)
        await at.press("G")
        counts = []
        table.changed = lambda: counts.append(table.count) or Pane.changed(table)  # type: ignore[method-assign, func-returns-value]
        with path.open("ab") as file:
            file.write(whole[end:])
        await at.until(lambda: any("Exchanges: 38 lines" in line for line in at.text))
        assert 9 == table.cursor and 10 <= min(counts)

    run(path, steps)
