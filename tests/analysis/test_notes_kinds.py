"""Expert notes of what the kernel minds, of family ids, of missing events: on real traffic whose truth is known."""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator
from errno import EINVAL, ERANGE
from pathlib import Path
from types import ModuleType

import pytest

from nldissect.analysis.notes.message_notes import notes_in, of_message
from nldissect.analysis.notes.model import ExpertNote
from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.columns.fields.message_decoder import MessageDecoder
from nldissect.families import load_all
from nldissect.wire import Context, walk
from nldissect.wire.attr_set import SETS
from nldissect.wire.packets.bindings import COMMANDS, MESSAGES
from nldissect.wire.protocol import TO_KERNEL
from nldissect.wire.semantics.sequence_numbers import COUNTERS
from nldissect.wire.semantics.strict import NEEDS_NESTED_FLAG, OBSOLETE, STRICT, Strict, strict_violation
from tests.helpers import pages
from tests.helpers.captures import frames
from tests.helpers.messages import ACK, GENERIC, REQUEST, ROUTE, attribute, frame, link, message, write
from tests.helpers.paths import CAPTURES
from tests.helpers.pcap_bytes import block, described, option, packet, section

EXPERT = CAPTURES / "expert.pcap"
KERNEL = DIRECTIONS.index(TO_KERNEL)
STRICTLY = "a socket with NETLINK_GET_STRICT_CHK would be refused: "


def notes(path: Path, *kinds: str) -> list[tuple[int, str, str]]:
    """Frame, severity and text of notes of these kinds."""
    found: list[tuple[int, ExpertNote]] = []
    source = BlockReader(str(path))
    for some in source.blocks():
        found += [(situation.number, note) for situation, note in notes_in(some)]
    source.finish()
    return [(number, note.severity, note.text) for number, note in found if note.kind in kinds]


def test_an_obsolete_message() -> None:
    text = "TCPDIAG_GETSOCK is obsolete; SOCK_DIAG_BY_FAMILY takes its place"
    assert [(1, "note", text)] == notes(EXPERT, "obsolete message")


def test_strict_checks() -> None:
    """Two requests on a socket without the option, then on one with it: those the kernel refused."""
    short, scope = f"{STRICTLY}1 of the 8 bytes of struct ifaddrmsg are there", f"{STRICTLY}ifa_scope is not 0"
    found = [(3, "note", short), (6, "note", scope), (9, "note", short), (11, "note", scope)]
    assert found == notes(EXPERT, "strict check")


def test_a_nest_without_its_flag() -> None:
    """The kernel's own words stand in the answer, frame 17."""
    text = "the kernel takes ETHTOOL_A_LINKSTATE_HEADER only with NLA_F_NESTED"
    assert [(16, "warning", text)] == notes(EXPERT, "missing nested flag")
    assert [(17, "error", "EINVAL: NLA_F_NESTED is missing")] == notes(EXPERT, "refused")[-1:]


def test_a_deprecated_attribute() -> None:
    """ip link set br0 type bridge mcast_hash_elasticity 8"""
    text = "IFLA_BR_MCAST_HASH_ELASTICITY is deprecated"
    assert [(23, "note", text)] == notes(EXPERT, "deprecated attribute")


def test_family_ids() -> None:
    """ethtool is spoken to before its id is asked for; tipc's module is unloaded and loaded again."""
    assert [(13, "note", "what family 0x14 is, only a later frame tells")] == notes(EXPERT, "family id learnt late")
    assert [
        (30, "warning", "TIPCv2 was 0x1e, and is 0x20 from here on"),
        (31, "warning", "TIPC was 0x1f, and is 0x21 from here on"),
    ] == notes(EXPERT, "family id changed")


def test_an_id_that_goes_to_another_family(tmp_path: Path) -> None:
    """And a command of a family that nothing names, which is no news of an id."""

    def told(number: int, name: bytes) -> bytes:
        body = struct.pack("<BBH", 1, 2, 0) + attribute(1, struct.pack("<H", number)) + attribute(2, name + b"\0")
        return frame(GENERIC, message(16, body))

    request = frame(GENERIC, message(0x33, struct.pack("<BBH", 1, 1, 0), REQUEST))
    path = write(tmp_path / "x.pcap", request, told(0x22, b"one"), told(0x22, b"two"), told(0x22, b"two"))
    assert [(3, "warning", "0x22 was one, and is two from here on")] == notes(path, "family id changed")
    assert not notes(path, "family id learnt late")


def test_packets_for_which_there_was_no_room() -> None:
    """20 packets were sent, 2 of them arrived, then another (captures/topics/nflog_loser.py)."""
    text = "18 packets of group 5 before this one are not in the capture: number 20 follows 1"
    assert [(40, "warning", text)] == notes(EXPERT, "lost events")


@pytest.mark.parametrize(
    "name, gone, severity, what",
    [
        ("connector", 8, "warning", "1 process events of processor 0 before this one are not in the capture: "),
        ("uevent", 4, "note", "1 device events before this one are not in the capture: "),
    ],
)
def test_an_event_that_is_taken_out(tmp_path: Path, name: str, gone: int, severity: str, what: str) -> None:
    """A real capture without one of its frames; as it was made, nothing is missing."""
    assert not notes(CAPTURES / f"{name}.pcap", "lost events")
    path = tmp_path / "x.pcap"
    path.write_bytes(b"".join(without(CAPTURES / f"{name}.pcap", gone)))
    [(number, how, text)] = notes(path, "lost events")
    assert (gone, severity) == (number, how)
    assert text.startswith(what)


def test_what_the_comments_of_a_capture_tell(tmp_path: Path) -> None:
    """Frames that were lost, ENOBUFS in a log of strace; what the capture hears for itself it thins out as it likes."""
    own, lost, overrun = (option(1, f"nldissect: {text}".encode()) for text in ("own", "lost 12", "overrun"))
    events = [data for number, data in enumerate(frames("connector.pcap"), 1) if number != 8]
    kept = [packet(data, number, options=own) for number, data in enumerate(events)]
    kept += [packet(frame(ROUTE, message(16, bytes(16))), 99, options=one) for one in (lost, overrun)]
    path = tmp_path / "x.pcapng"
    path.write_bytes(section() + described() + b"".join(kept))
    assert not notes(path, "lost events")
    text = "before this one were lost for want of room in the"
    assert [(22, "error", f"12 frames {text} capture"), (23, "error", f"messages {text} socket")] == notes(
        path, "lost", "overrun"
    )


def test_frames_that_are_counted_as_lost(tmp_path: Path) -> None:
    """Of 15 on one interface 12 stand beside a frame, then a later count of 20; of the other nothing was lost."""

    def counts(interface: int, dropped: int) -> bytes:
        return block(5, struct.pack("<III", interface, 0, 0) + option(5, struct.pack("<Q", dropped)))

    name, data = option(2, b"nlmon0"), frame(ROUTE, message(16, bytes(16)))
    lost = packet(data, 2, options=option(1, b"nldissect: lost 12"))
    file = section() + described(options=name) + described() + packet(data, 1) + lost + packet(data, 3, interface=1)
    path = tmp_path / "x.pcapng"
    path.write_bytes(file + counts(0, 15) + packet(data, 4) + counts(0, 20) + counts(1, 0))
    text = "frames on nlmon0 were lost for want of room, nobody knows where"
    assert [(2, "error", "12 frames before this one were lost for want of room in the capture"),
            (4, "error", f"8 {text}")] == notes(path, "lost")  # fmt: skip


def test_what_the_decoder_finds_odd(tmp_path: Path) -> None:
    """IFLA_MTU of two bytes, three bytes behind the last attribute, an IFLA_IFNAME after another."""
    short, name = attribute(4, b"\x05\xdc")[:6] + b"\0\0", attribute(3, b"lo\0")
    path = write(tmp_path / "x.pcap", frame(ROUTE, link(1, short)), frame(ROUTE, link(1, name + b"\1\2\3")),
                 frame(ROUTE, link(1, name, name)))  # fmt: skip
    assert [(1, "warning")] == [note[:2] for note in notes(path, "wrong length")]
    assert [(2, "warning")] == [note[:2] for note in notes(path, "leftover bytes")]
    assert [(3, "note", "IFLA_IFNAME repeats")] == notes(path, "repeated attribute")


def test_words_on_the_wire_do_not_say_what_a_note_is_about(tmp_path: Path) -> None:
    """Kinds of links that nobody knows, called as notes of the decoder end."""
    names = ["repeats", "left over", "has no attribute"]
    kinds = [attribute(1, f"{name}\0".encode()) + attribute(2, b"\1\2\3\4") for name in names]
    path = write(tmp_path / "x.pcap", *(frame(ROUTE, link(1, attribute(18, one))) for one in kinds))
    text = "IFLA_INFO_DATA: not known for IFLA_INFO_KIND = "
    assert [(place, "warning", text + name) for place, name in enumerate(names, 1)] == notes(path, "unknown content")
    assert [] == notes(path, "repeated attribute", "leftover bytes", "unknown attribute", "wrong length")


def test_notes_of_exchanges() -> None:
    """Of commands that captures/README.md tells: `ip address show dev d0` is filtered by the kernel, tc is warned."""
    filtered = "the kernel left out what was not asked for"
    assert (42, "note", filtered) in notes(CAPTURES / "addr.pcap", "filtered dump")
    warning = "sch_htb: quantum of class 10005 is big. Consider r2q change."
    assert [(84, "warning", warning)] == notes(CAPTURES / "errors.pcap", "warning of the kernel")
    assert not notes(CAPTURES / "can.pcap", "strict check")  # AF_CAN's RTM_GETROUTE has another header
    text = "no answer is in the capture"
    assert [(16, "warning", text)] == notes(CAPTURES / "iscsi.pcap", "unanswered")


def without(path: Path, gone: int) -> Iterator[bytes]:
    """A pcap without one of its frames."""
    data = path.read_bytes()
    yield data[:24]
    at, number = 24, 1
    while at < len(data):
        end = at + 16 + struct.unpack_from("<I", data, at + 8)[0]
        if number != gone:
            yield data[at:end]
        at, number = end, number + 1


def test_no_capture_has_a_nest_the_kernel_took_and_we_mind() -> None:
    """In all captures the kernel refused but one request for want of a flag: that of expert.pcap."""
    minded = []
    for path in sorted(CAPTURES.glob("*.pcap")):
        for some in BlockReader(str(path)).blocks():
            walker = MessageDecoder(some, None)
            every = (walker.situation(row).walked for row in (some.headers.direction == KERNEL).nonzero()[0].tolist())
            found = (note for walked in every if walked is not None for note in of_message(walked))
            minded += [path.name for note in found if note.kind == "missing nested flag"]
    assert ["expert.pcap"] == minded


def test_tables_name_what_there_is() -> None:
    load_all()
    names = {
        name
        for table in (*MESSAGES.values(), *COMMANDS.values())
        for some in table.values()
        for binding in some
        for name in (binding.name, binding.title)
    }
    assert not {name for _, name in (*STRICT, *OBSOLETE)} - names
    assert not {name for _, name in COUNTERS} - names - {"uevent"}
    assert not {name for sets in NEEDS_NESTED_FLAG.values() for name in sets or ()} - set(SETS)
    rows = {row.name for one in SETS.values() for row in one.rows.values()}
    for check in (check for checks in STRICT.values() for check in checks):
        assert not check.takes - rows
        assert not check.zero - {field.kind.name for field in check.header.fields_desc}


def test_the_page_names_every_kind_with_its_severity() -> None:
    rows = re.findall(
        r"^\| `(error|warning|note)` \| (.*) \|$", pages.section(pages.page("report"), "Notes"), re.MULTILINE
    )
    told = {(kind, how) for how, text in rows for kind in re.findall(r"`([\w ]+)`", text)}
    code = "".join(path.read_text() for path in (CAPTURES.parent / "nldissect/analysis").rglob("*.py"))
    made = {(kind, how.lower()) for how, kind in re.findall(r'ExpertNote\((\w+), "([\w ]+)"', code)}
    decoder = "".join(path.read_text() for path in (CAPTURES.parent / "nldissect/wire").rglob("*.py"))
    made |= {(kind, how) for how, kind in re.findall(r'Note\("(\w+)", "([\w ]+)"', decoder)}
    made |= {(what, "warning") for what in ("wrong length", "unknown content", "nested too deep")}  # undecodable
    assert set() == made - told and len(made) > 20
    assert {"lost events"} == {kind for kind, _ in told - made}


ASK = """
import socket, struct
for line in open({path!r}):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as connection:
        connection.setsockopt(270, 12, 1)  # NETLINK_GET_STRICT_CHK
        connection.send(bytes.fromhex(line))
        answer, at = connection.recv(65536), 0
        while True:
            if at >= len(answer):
                answer, at = connection.recv(65536), 0
            length, number = struct.unpack_from("=IH", answer, at)
            if number in (2, 3):
                break
            at += length + 3 & ~3
        print(-struct.unpack_from("=i", answer, at + 16)[0])
"""


FAMILIES = {"RTM_GETLINK": 0, "RTM_GETNEIGHTBL": 0, "RTM_GETSTATS": 0, "RTM_GETADDRLABEL": 10}
"""Address families to ask for, where it is not AF_INET or the only one a check is for."""
OF_ONE = (
    "ifal_prefixlen", "rtm_src_len", "rtm_dst_len", "RTA_SRC", "RTA_DST", "RTA_IP_PROTO", "IFA_ADDRESS", "IFA_LOCAL",
    "IFAL_ADDRESS",
)  # fmt: skip
BY_VALUE = ("rtm_flags", "ndm_flags", "_TARGET_NETNSID", "IFLA_STATS_LINK_64")
"""What the kernel may refuse for its value, and not because it is there, some of it if one thing is asked for. The last
is a request's IFLA_STATS_GET_FILTERS."""


def test_the_kernel_refuses_what_we_say_it_does(kernel: ModuleType, tmp_path: Path) -> None:
    """Every field of the header set in turn, every attribute, less and more than the header; for all and for one."""
    load_all()
    requests = [one for (_, name), checks in STRICT.items() for check in checks for one in variations(name, check)]
    path = tmp_path / "requests"
    path.write_text("\n".join(one.hex() for one in requests))
    ran = kernel.run(ASK.format(path=str(path)), interpreter=sys.executable)
    refused = [int(one) in (EINVAL, ERANGE) for one in ran.output.split()]
    assert len(requests) == len(refused), ran.output[-500:]
    ours = [strict_violation(walk(frame(ROUTE, one), Context("little")).messages[0]) for one in requests]
    by_verdict = zip(requests, refused, ours, strict=True)
    assert not [(one.hex(), reason) for one, verdict, reason in by_verdict if verdict != (reason is not None)]
    assert {True, False} == {*refused}


def variations(name: str, check: Strict) -> Iterator[bytes]:
    """Requests: one that is all right, and others that differ from it in one thing."""
    number = next(number for number, some in MESSAGES[ROUTE].items() if any(one.name == name for one in some))
    header, fields = b"", []
    for kind in (field.kind for field in check.header.fields_desc if field.kind.size):
        fields.append((kind.name, len(header)))
        header += bytes(kind.size)
    mine = FAMILIES.get(name, 2)
    header = bytes([mine if not check.first or mine in check.first else check.first[0]]) + header[1:]
    if name == "RTM_GETSTATS":
        header = header[:-4] + b"\1\0\0\0"  # it wants a filter_mask
    tail = b""
    if name == "RTM_GETLINK" and not check.dump:
        header = header[:4] + b"\1" + header[5:]  # it wants to know which
    if name in ("RTM_GETADDR", "RTM_GETADDRLABEL") and not check.dump:
        tail = attribute(1, bytes(16))
        header = header[:2] + bytes([128 if name == "RTM_GETADDRLABEL" else 0]) + header[3:]
    bodies = [header + tail, header[:1], header[:-1], header + tail + bytes(4), header + tail + bytes(2)]
    by_value = BY_VALUE if check.dump else (*BY_VALUE, *OF_ONE)
    bodies += [header[:at] + b"\1" + header[at + 1 :] + tail for name, at in fields[1:] if name not in by_value]
    rows = next(field.kind.inner.rows for field in check.header.fields_desc if not field.kind.size)
    bodies += [header + tail + attribute(one, bytes(4)) for one, row in rows.items() if not row.name.endswith(by_value)]
    yield from (message(number, body, REQUEST | (0x300 if check.dump else ACK)) for body in bodies)
