"""Statistics as views of the viewer: each line's filter finds as many messages as the line says."""

from __future__ import annotations

import numpy as np
import pytest
from captured import CAPTURES

from nldissect.index.capture import Capture
from nldissect.viewer.store import Store
from nldissect.viewer.views import VIEWS, Line, Scene


def scene(name: str, filter: str = "") -> Scene:
    capture = Capture([str(CAPTURES / name)], {}, None)
    shown = capture.filter(filter).rows().astype(np.uint32) if filter else None
    return Scene(Store(capture), shown, filter)


def table(name: str, of: Scene) -> list[Line]:
    view = next(view for view in VIEWS if view.name == name)
    *_, last = view.rows(of)
    assert all(len(view.headings) == len(line.cells) for line in last)
    return last


def text(line: Line, column: int) -> str:
    cell = line.cells[column]
    return cell if isinstance(cell, str) else cell[1]


def number(view: str, line: Line) -> int:
    headings = next(one for one in VIEWS if one.name == view).headings
    place = next(place for place, heading in enumerate(headings) if heading.title == "Messages")
    return int(text(line, place).replace(",", ""))


@pytest.mark.parametrize("view", ["Types", "Families", "Errors", "Rate"])
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
        assert number(view, line) == found or (view == "Errors" and number(view, line) < found), line


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
    for view in ("Types", "Families", "Errors", "Rate"):
        assert [] == table(view, scene("errors.pcap", "frame.number == 0"))
