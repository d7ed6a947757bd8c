"""Names, requests and ends that lie windows apart: byte for byte what the message engine prints."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import pytest

from nldissect.capfile import open_capture
from nldissect.native.scanner import Told
from nldissect.render.native import read_job
from nldissect.render.native.classifier import Classifier
from tests.helpers import paths
from tests.helpers.large_captures import (
    COOKED,
    FORMS,
    Run,
    attribute,
    family,
    generic,
    link,
    message,
    repeated,
    route,
    same,
    written,
)
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes

WINDOWS = [4096, 1 << 20]
"""Bytes read at a time."""


@pytest.fixture(params=WINDOWS, autouse=True)
def window(request: pytest.FixtureRequest, sizes: SetSizes) -> int:
    """Windows of so many bytes."""
    sizes(native_window=request.param)
    return int(request.param)


@pytest.mark.parametrize("form", FORMS)
def test_in_pieces(form: str, run: Run, tmp_path: Path) -> None:
    """Names, requests and column widths come from windows before."""
    names = ("link_dump", "route", "errors", "nlctrl", "link_notify", "ethtool", "missing_attribute", "uevent")
    frames: list[bytes] = []
    for place in range(3):
        for name in names:
            with open_capture(CAPTURES / f"{name}.pcap") as reader:
                frames += [record.data for record in reader][place:]
    large = written(tmp_path / "large.pcap", frames)
    slow = run(large, *FORMS[form], native=False)
    assert slow == run(large, *FORMS[form], native=True)


@pytest.mark.parametrize("order", "<>")
def test_renamed_within_a_block(order: str, run: Run, tmp_path: Path) -> None:
    """Routes name an interface as it is called at their time."""
    frames: list[bytes] = []
    for place in range(60):
        frames.append(route(2, place, order))
        frames.append(route(3, place, order))
        if place % 20 == 10:
            frames += [link(2, b"eth%d" % place, order), link(3, b"wan", order)]
    large = written(tmp_path / "large.pcap", frames, order)
    for form in ("list", "tree", "ndjson"):
        slow = run(large, *FORMS[form], native=False)
        assert slow.count(b"dev eth10") == 31  # from the first route on: no frame says otherwise
        assert slow == run(large, *FORMS[form], native=True)


def batch(name: bytes, number: int, order: str) -> bytes:
    """A set of nftables with its id, and elements for the set of that id, in one datagram."""
    head, table = struct.pack(">BBH", 2, 0, 0), attribute(1, b"t\0", order)
    id_of = struct.pack(">I", number)
    made = message(
        0xA09, 0x405, head + table + attribute(2, name + b"\0", order) + attribute(10, id_of, order), order=order
    )
    filled = message(0xA0C, 0x405, head + table + attribute(4, id_of, order), order=order)
    return COOKED[:-2] + struct.pack(">H", 12) + made + filled


@pytest.mark.parametrize("order", "<>")
def test_sets_are_named_within_their_batch(order: str, run: Run, tmp_path: Path) -> None:
    """The next batch gives the same id to another set; a refused batch, which the kernel repeats, names nothing."""
    frames: list[bytes] = []
    for place in range(40):
        frames.append(batch(b"set%d" % (place // 10), 1, order))
        refused = batch(b"never", 1, order)[16:]
        error = struct.pack(f"{order}i", -17) + refused[: struct.unpack_from(f"{order}I", refused)[0]]
        frames.append(COOKED[:-2] + struct.pack(">H", 12) + message(2, 0, error, order=order))
    large = written(tmp_path / "large.pcap", frames, order)
    slow = run(large, "-V", native=False)
    assert [10] * 4 == [slow.count(b"NFTA_SET_ELEM_LIST_SET_ID (4): 1 (set%d)" % one) for one in range(4)]
    assert slow.count(b"(never)") == 0
    assert slow == run(large, "-V", native=True)


def test_a_family_id_that_changes_twice_within_a_block(run: Run, tmp_path: Path) -> None:
    """What stands between is of the other family, though first and last are of the same."""
    asked = generic(message(0x23, 1, struct.pack("<BBxx", 1, 1)))
    first, other = generic(family(0x23, b"netdev")), generic(family(0x23, b"devlink"))
    large = written(tmp_path / "large.pcap", [first, *[asked] * 5, other, *[asked] * 3, first, *[asked] * 4])
    for form in FORMS:
        slow = run(large, *FORMS[form], native=False)
        assert slow == run(large, *FORMS[form], native=True)
        if form == "list":
            assert (9, 3) == (slow.count(b"NETDEV_CMD_DEV_GET"), slow.count(b"DEVLINK_CMD_GET"))


def test_a_family_named_behind_the_second_message_of_a_datagram(run: Run, tmp_path: Path) -> None:
    first = message(0x11, 1, struct.pack("<BBxx", 1, 1))
    refused = message(2, 0, struct.pack("<i", -22) + message(0x23, 1, struct.pack("<BBxx", 1, 1)))
    for second in (message(0x23, 1, struct.pack("<BBxx", 1, 1)), refused):
        large = written(tmp_path / "large.pcap", [generic(first, second), generic(family(0x23, b"wireguard"))])
        slow = run(large, "-c", "1", native=False)
        assert b"WG_CMD_SET_DEVICE" in slow
        assert slow == run(large, "-c", "1", native=True)


def test_logs_of_strace_say_whose_a_message_is(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "talk.log"
    log.write_bytes((paths.LOGS / "talk.log").read_bytes() * 3)
    slow = run(log, native=False)
    assert slow.splitlines()[0].split()[1:3] == [b"0.000000", b"python3[1467]"]
    assert slow == run(log, native=True)


def test_equal_lengths_of_other_kinds(run: Run, tmp_path: Path) -> None:
    """What IFLA_INFO_DATA holds hangs on a sibling's text: the same headers around it mean something else."""

    def created(kind: bytes, place: int) -> bytes:
        data = attribute(18, attribute(1, kind) + attribute(2, attribute(1, struct.pack("<H", place))))
        return COOKED + message(16, 2, struct.pack("<BxHiII", 0, 1, place, 0, 0) + data, place)

    frames = [created(kind, place) for place in range(1, 30) for kind in (b"vlan\0", b"bond\0", b"odd!\0")]
    large = written(tmp_path / "large.pcap", frames)
    for form in FORMS.values():
        assert run(large, *form, native=False) == run(large, *form, native=True)
    objects = run(large, "-T", "ndjson", native=True)
    assert objects.count(b"IFLA_VLAN_ID") == objects.count(b'"IFLA_BOND_MODE"') == 29


def test_acknowledgements_of_requests_far_back(run: Run, tmp_path: Path) -> None:
    """What is acknowledged is remembered through blocks, and forgotten after 1024 other requests."""
    requests = [message(24, 5, route(2, 1)[32:], seq) for seq in range(1500)]
    acks = [message(2, 0x100, struct.pack("<i", 0) + request[:16], 5, 9) for request in requests]
    frames = [COOKED + one for one in (*requests, *acks, *requests[:3], *acks[:3])]
    large = written(tmp_path / "large.pcap", frames)
    slow = run(large, "-V", native=False)
    assert slow.count(b"captured in frame") == 1024 + 3
    assert slow == run(large, "-V", native=True)


@pytest.mark.parametrize("form", FORMS)
def test_a_block_of_one_acknowledgement(form: str, run: Run, tmp_path: Path) -> None:
    """Windows that hold one message each: an acknowledgement, and its request in a window before."""
    body = bytes(16) + attribute(3, b"lo\0") + attribute(0x7FFF, bytes(3000))
    requests = [message(16, 5, body, seq) for seq in range(12)]
    acks = [message(2, 0, struct.pack("<i", 0) + request, seq, 9) for seq, request in enumerate(requests)]
    large = written(tmp_path / "large.pcap", [COOKED + one for one in (*requests, *acks)])
    slow = run(large, *FORMS[form], native=False)
    assert 12 == slow.count({"tree": b"captured in frame", "list": b"ack for RTM_NEWLINK"}.get(form, b'"request"'))
    assert slow == run(large, *FORMS[form], native=True)


def test_ends_that_are_cut(run: Run, tmp_path: Path) -> None:
    large = repeated(CAPTURES / "route.pcap", tmp_path / "large.pcap", 4)
    large.write_bytes(large.read_bytes()[:-5])
    slow = run(large, "-T", "json", native=False)
    assert b"cut short" in slow
    assert slow == run(large, "-T", "json", native=True)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_to_print(form: str, run: Run, tmp_path: Path) -> None:
    empty = written(tmp_path / "empty.pcap", [])
    for options in [], ["-Y", "error"]:
        assert run(empty, *FORMS[form], *options, native=False) == run(empty, *FORMS[form], *options, native=True)


def test_a_request_of_a_window_before_keeps_its_name(run: Run, tmp_path: Path) -> None:
    """Its family's id is another family's by the time that it is acknowledged; walked for --show-secrets, too."""
    asked = message(0x23, 5, struct.pack("<BBxx", 1, 1))
    ack = generic(message(2, 0x100, struct.pack("<i", 0) + asked[:16]))
    between = [generic(family(0x30 + place, b"f%d" % place)) for place in range(200)]
    frames = [generic(family(0x23, b"netdev")), generic(asked), *between, generic(family(0x23, b"devlink")), ack]
    path = written(tmp_path / "renamed.pcap", frames)
    for options in ([], ["-V"], ["-V", "--show-secrets"]):
        slow = run(path, *options, native=False)
        assert 1 == slow.count(b"ack for NETDEV_CMD_DEV_GET")
        assert slow == run(path, *options, native=True)


def renamed(count: int) -> list[bytes]:
    """Routes through interface 2, which is called otherwise in every twentieth frame; the first say nothing of it."""
    frames: list[bytes] = []
    for place in range(count):
        frames.append(route(2, place, "<"))
        if place % 20 == 10:
            frames.append(link(2, b"eth%d" % place, "<"))
    return frames


def test_names_that_were_looked_for_are_not_learnt_again(
    run: Run, tmp_path: Path, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first name that is missing makes the whole file be looked through; windows after that one tell of none."""
    told: list[int] = []
    learn_names = Classifier.learn_names

    def observed(self: Classifier, names: Iterable[Told]) -> None:
        found = list(names)
        told.append(len(found))
        learn_names(self, found)

    monkeypatch.setattr(Classifier, "learn_names", observed)
    large = written(tmp_path / "large.pcap", renamed(200))
    slow = run(large, native=False)
    assert slow.count(b"dev eth190") == 9
    assert slow == run(large, native=True)
    assert 10 <= sum(told) <= (12 if window == 4096 else 20)


def test_names_beyond_what_was_looked_through(run: Run, tmp_path: Path, sizes: SetSizes) -> None:
    """A file that is longer than is looked through, or that has grown since: the rest tells names itself."""
    large = written(tmp_path / "large.pcap", renamed(200))
    slow = run(large, native=False)
    sizes(lookahead_window=4096)
    for farthest in (0, 4096, 8000):
        sizes(lookahead_bytes=farthest)
        assert slow == run(large, native=True)


@pytest.mark.parametrize("others", [0, 20], ids=["small", "above 1 MiB"])
@pytest.mark.parametrize("first", [0, 1], ids=["named before", "named later"])
def test_a_command_of_nlctrl_without_a_table_names_families_too(
    first: int, others: int, run: Run, tmp_path: Path
) -> None:
    told = attribute(1, struct.pack("<H", 0x23)) + attribute(2, b"netdev\0")
    named = generic(message(16, 0, struct.pack("<BBxx", 255, 2) + told))
    frames = [named, generic(message(0x23, 1, struct.pack("<BBxx", 1, 1)))]
    path = written(
        tmp_path / "named.pcap", [frames[first], frames[1 - first], *[generic(message(1, 0, bytes(60_000)))] * others]
    )
    slow = run(path, native=False)
    assert slow.count(b"NETDEV_CMD_DEV_GET") == 1
    assert slow == run(path, native=True)


@pytest.mark.parametrize("name", [b"16", b"0", b"every", b"65536", b"sealed family", b"IPVS ", b""])
def test_a_family_may_have_any_name(name: bytes, run: Run, tmp_path: Path) -> None:
    """A number, too, which is no protocol's then."""
    body = struct.pack("<BBxx", 1, 1) + attribute(1, b"\1\0\0\0", "<")
    path = written(tmp_path / "any.pcap", [generic(family(0x23, name)), generic(message(0x23, 5, body))])
    for form in FORMS.values():
        assert run(path, *form, native=False) == run(path, *form, native=True)


def test_a_request_for_a_family_gives_no_interface_its_name(run: Run, tmp_path: Path) -> None:
    """CTRL_CMD_GETFAMILY for what is an interface's name, too: that holds before it as well."""
    asked = message(16, 1, struct.pack("<BBxx", 3, 1) + attribute(2, b"bond2\0"), 8, 9)
    path = written(tmp_path / "asked.pcap", [route(7, 1), generic(asked), link(7, b"bond2")])
    for form in FORMS.values():
        slow = same(run, path, *form)
    assert b"RTA_OIF (4): 7 (bond2)" in slow


def test_a_request_of_a_family_that_is_named_later_may_give_a_name(run: Run, tmp_path: Path) -> None:
    """An interface has no name in the request that may rename it, though the family's name comes last."""
    renames = message(0x2A, 1, struct.pack("<BBxxI", 4, 2, 3) + attribute(1, b"dp0\0"))
    path = written(tmp_path / "late.pcap", [generic(renames), link(3, b"dp0"), generic(family(0x2A, b"ovs_datapath"))])
    for form in FORMS.values():
        slow = same(run, path, *form)
    assert b"OVS_DP_CMD_SET" in slow
    assert b"dp_ifindex: 3 (if3)" in slow


def test_a_family_that_nobody_asked_for_is_renamed_before_one_asks(run: Run, tmp_path: Path) -> None:
    """The first frame has the whole file looked through, by the end of which the name is one that was asked for."""
    told = [attribute(1, struct.pack("<H", 0x21)) + attribute(2, name) for name in (b"macsec\0", b"handshake\0")]
    answers = [message(16, 0, struct.pack("<BBxx", 1, 2) + one, 7, 9) for one in told]
    asked = message(16, 1, struct.pack("<BBxx", 3, 1) + attribute(2, b"handshake\0"), 8, 9)
    answer = message(16, 0, struct.pack("<BBxx", 1, 2) + told[1], 8, 9)
    sent = message(0x21, 1, struct.pack("<BBxx", 1, 1))
    unknown = message(0x1E, 1, struct.pack("<BBxx", 10, 1))
    frames = [unknown, answers[0], sent, answers[1], sent, asked, answer]
    path = written(tmp_path / "renamed.pcap", list(map(generic, frames)))
    for form in FORMS.values():
        slow = same(run, path, *form)
        assert b"handshake (was macsec)" in slow


def test_an_empty_name_is_none(run: Run, tmp_path: Path) -> None:
    """NL80211_ATTR_IFNAME without a byte, of a family whose id is told later: the interface keeps the name it had."""
    made = struct.pack("<BBxx", 7, 1) + attribute(3, struct.pack("<I", 2)) + attribute(4, b"")
    frames = [route(9, 1, "<"), link(2, b"d0", "<"), generic(message(0x23, 0, made, 0, 0)), route(2, 2, "<")]
    path = written(tmp_path / "empty.pcap", [*frames, generic(family(0x23, b"nl80211"))])
    for form in FORMS.values():
        slow = run(path, *form, native=False)
        assert slow == run(path, *form, native=True)
    assert b"RTA_OIF (4): 2 (d0)" in run(path, "-V", native=True)


def test_a_name_that_a_request_may_have_given(run: Run, tmp_path: Path) -> None:
    """The interface may have been called otherwise when the request was sent: a name holds from the next frame on."""
    asked = message(18, 1, bytes(4) + struct.pack("<iII", 5, 0, 0) + attribute(3, b"left\0", "<"), order="<")
    frames = [COOKED + asked, route(5, 1, "<"), link(5, b"bat1", "<")]
    path = written(tmp_path / "request.pcap", frames)
    for form in FORMS.values():
        slow = run(path, *form, native=False)
        assert slow == run(path, *form, native=True)
    tree = run(path, "-V", native=True)
    assert b"ifi_index: 5 (if5)" in tree
    assert b"RTA_OIF (4): 5 (bat1)" in tree


def test_the_largest_number_of_an_interface(run: Run, tmp_path: Path) -> None:
    """No kernel has one; bytes may say so."""
    frames = [link(-1, b"odd0"), route(0xFFFFFFFF, 1), route(2, 1)]
    vport = struct.pack("<BBxxi", 1, 1, 0) + attribute(3, b"odd1\0") + attribute(8, struct.pack("<I", 0xFFFFFFFF))
    frames += [generic(family(0x23, b"ovs_vport")), generic(message(0x23, 0, vport, 0, 0)), route(0xFFFFFFFF, 1)]
    path = written(tmp_path / "large.pcap", frames)
    for form in FORMS.values():
        assert run(path, *form, native=False) == run(path, *form, native=True)
    assert b"OVS_VPORT_ATTR_IFINDEX (8): 4294967295 (odd1)" in run(path, "-V", native=True)


def test_an_attribute_without_a_table_that_is_missing(run: Run, tmp_path: Path) -> None:
    """In a request of a family whose id was another's before."""
    asked = message(20, 5, struct.pack("<BBxx", 4, 1))
    missing = attribute(5, struct.pack("<I", 1))
    refused = message(2, 0x200, struct.pack("<i", -22) + asked + missing, 0)
    frames = [generic(family(20, b"ethtool")), generic(family(20, b"dpll")), generic(refused)]
    path = written(tmp_path / "missing.pcap", frames)
    slow = run(path, native=False)
    assert b"dpll (was ethtool) cmd 4 [missing attribute 1]" in slow
    assert slow == run(path, native=True)


def test_damage_of_a_family_whose_id_was_a_keyed_one(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be a key is masked; a line of a list has none of it, and is not left to the message engine."""
    asked = message(20, 5, struct.pack("<BBxx", 1, 1) + bytes(4) + b"\x80" * 32)
    twice = message(20, 5, struct.pack("<BBxx", 1, 1) + attribute(3, b"\x80" * 32) + attribute(3, b"\x80" * 32))
    refused = struct.pack("<i", -95) + asked
    told = message(2, 0x200, refused + attribute(1, b"no such\0tunnel\0"), 0)
    names = [generic(family(20, b"wireguard")), generic(family(20, b"TIPC"))]
    plain = [*names, *map(generic, (asked, twice, message(2, 0, refused, 0)))]
    for frames in ([*plain, generic(told)], plain):
        path = written(tmp_path / "former.pcap", frames)
        for form in FORMS.values():
            slow = run(path, *form, native=False)
            assert b"TIPC (was wireguard)" in slow and b"80808080" not in slow
            assert slow == run(path, *form, native=True)
    monkeypatch.setattr(read_job.NativeRead, "_walked_text", None)
    lines = run(path, native=True).splitlines()
    assert lines[2].endswith(b"1 attribute [warning: 36 bytes left over after attributes]")
    assert lines[4].endswith(b"for TIPC (was wireguard) cmd 1 [warning: 36 bytes left over after attributes]")


def test_names_that_a_family_gives_before_it_is_named(run: Run, tmp_path: Path) -> None:
    """The name of wlan0 stands in a message of nl80211, whose id only the end of the file tells."""
    made = struct.pack("<BBxx", 7, 1) + attribute(3, struct.pack("<I", 2)) + attribute(4, b"wlan0\0")
    asked = struct.pack("<BBxx", 6, 1) + attribute(3, struct.pack("<I", 2))
    frames = [
        generic(message(0x23, 5, asked)),
        generic(message(0x23, 0, made, 0, 0)),
        generic(message(0x23, 5, asked)),
        generic(family(0x23, b"nl80211")),
        link(2, b"eth9", "<"),
    ]
    path = written(tmp_path / "late.pcap", frames)
    for form in FORMS.values():
        slow = run(path, *form, native=False)
        assert slow == run(path, *form, native=True)
    assert slow.count(b"NL80211_ATTR_IFINDEX (3): 2 (wlan0)") == 3
