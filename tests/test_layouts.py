"""Large files by columns: byte for byte what the slow path prints of them, frame by frame."""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import blocks as files
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_hostile import EXAMPLES, mutants

from nldissect.cli import main
from nldissect.output import blocks, cores, messages, quick, reading
from nldissect.output.slots import LIST
from nldissect.record import open_capture

CAPTURES = Path(__file__).parent.parent / "captures"
FORMS = {"list": [], "tree": ["-V"], "ndjson": ["-T", "ndjson"], "json": ["-T", "json"]}

Run = Callable[..., bytes]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """What `read` prints without the native core: by columns in so many processes with windows of so many bytes, or (0)
    frame by frame."""
    monkeypatch.setenv("NLDISSECT_NATIVE", "0")

    def read(path: Path, *options: str, processes: int = 0, window: int = 1 << 20) -> bytes:
        monkeypatch.setattr(reading, "PRINTED", 0 if processes else 1 << 60)
        monkeypatch.setattr(quick, "SPREAD", 0 if processes == 2 else 1 << 60)
        monkeypatch.setattr(cores, "cores", lambda: 2)
        monkeypatch.setattr(messages, "SEEN", 2)
        monkeypatch.setattr(messages, "SIGHTS", 2)
        monkeypatch.setattr(blocks, "WINDOW", window)
        monkeypatch.setattr(blocks, "MESSAGES", {LIST: 100})  # some windows become larger
        return printed(capfdbinary, path, *options)

    yield read


def printed(capfdbinary: pytest.CaptureFixture[bytes], path: Path, *options: str) -> bytes:
    """What `read` prints, then what it complains of."""
    capfdbinary.readouterr()
    main(["read", *options, str(path)])
    out, errors = capfdbinary.readouterr()
    assert b"Traceback" not in errors
    return out + errors


def repeated(path: Path, target: Path, times: int) -> Path:
    """The records of a capture again and again, in another order each time."""
    with open_capture(path) as reader:
        records = [record.data for record in reader]
    order = random.Random(path.name)
    frames = list(records)
    for _ in range(times - 1):
        frames += order.sample(records, len(records))
    return written(target, frames)


def written(target: Path, frames: list[bytes], order: str = "<", magic: int = 0xA1B2C3D4, linktype: int = 253) -> Path:
    """A capture of these frames, a moment apart."""
    records = [files.pcap_record(frame, order, 1000 + 37 * place) for place, frame in enumerate(frames)]
    target.write_bytes(files.pcap(order, magic, linktype) + b"".join(records))
    return target


@pytest.mark.parametrize("form", ["list", "tree", "ndjson"])
@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_shipped(path: Path, form: str, run: Run, tmp_path: Path) -> None:
    """Every capture twice in one block, so that each message's layout is learnt and used; json has ndjson's objects."""
    large = repeated(path, tmp_path / "large.pcap", 2)
    slow = run(large, *FORMS[form])
    assert slow == run(large, *FORMS[form], processes=1)
    if form == "ndjson":
        assert b"[\n" + slow[:-1].replace(b"\n", b",\n") + b"\n]\n" == run(large, *FORMS["json"], processes=1)


@pytest.mark.parametrize("form", FORMS)
def test_in_pieces(form: str, run: Run, tmp_path: Path) -> None:
    """Small windows, and two processes: names, requests and column widths come from pieces printed elsewhere."""
    names = ("link_dump", "route", "errors", "nlctrl", "link_notify", "ethtool", "missing_attribute", "uevent")
    frames: list[bytes] = []
    for place in range(3):
        for name in names:
            with open_capture(CAPTURES / f"{name}.pcap") as reader:
                frames += [record.data for record in reader][place:]
    large = written(tmp_path / "large.pcap", frames)
    slow = run(large, *FORMS[form])
    for processes, window in ((1, 4096), (2, 4096), (2, 60000)):
        assert slow == run(large, *FORMS[form], processes=processes, window=window), (processes, window)


@pytest.mark.parametrize("mode", "rade")
@pytest.mark.parametrize("form", ["list", "tree"])
def test_times(form: str, mode: str, run: Run, tmp_path: Path) -> None:
    large = repeated(CAPTURES / "route.pcap", tmp_path / "large.pcap", 4)
    slow = run(large, "-t", mode, *FORMS[form])
    assert slow == run(large, "-t", mode, *FORMS[form], processes=2, window=4096)


@pytest.mark.parametrize("form", FORMS)
def test_secrets(form: str, run: Run, tmp_path: Path) -> None:
    large = repeated(CAPTURES / "macsec.pcap", tmp_path / "large.pcap", 5)
    hidden, shown = run(large, *FORMS[form], processes=1), run(large, "--show-secrets", *FORMS[form], processes=1)
    assert hidden == run(large, *FORMS[form])
    assert shown == run(large, "--show-secrets", *FORMS[form])
    assert form == "list" or hidden != shown


COOKED = struct.pack(">HHH8xH", 4, 824, 0, 0)


def message(number: int, flags: int, body: bytes, seq: int = 1, pid: int = 9, order: str = "<") -> bytes:
    return struct.pack(f"{order}IHHII", 16 + len(body), number, flags, seq, pid) + body


def attribute(number: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(f"{order}HH", 4 + len(value), number) + value + bytes(-len(value) % 4)


def link(index: int, name: bytes, order: str = "<") -> bytes:
    """RTM_NEWLINK as an answer."""
    body = struct.pack(f"{order}BxHiII", 0, 1, index, 0, 0) + attribute(3, name + b"\0", order)
    return COOKED + message(16, 2, body, order=order)


def route(index: int, place: int, order: str = "<") -> bytes:
    """RTM_NEWROUTE out of an interface."""
    body = struct.pack(f"{order}BBBBBBBBI", 2, 24, 0, 0, 254, 3, 0, 1, 0)
    body += attribute(1, bytes((10, 0, place, 0)), order) + attribute(4, struct.pack(f"{order}I", index), order)
    return COOKED + message(24, 2, body, place, order=order)


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
        slow = run(large, *FORMS[form])
        assert slow.count(b"dev eth10") == 31  # from the first route on: no frame says otherwise
        for processes, window in ((1, 1 << 20), (1, 4096), (2, 4096)):
            assert slow == run(large, *FORMS[form], processes=processes, window=window)


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
    slow = run(large, "-V")
    assert [10] * 4 == [slow.count(b"NFTA_SET_ELEM_LIST_SET_ID (4): 1 (set%d)" % one) for one in range(4)]
    assert slow.count(b"(never)") == 0
    for processes, window in ((1, 1 << 20), (1, 4096), (2, 4096)):
        assert slow == run(large, "-V", processes=processes, window=window)


def family(number: int, name: bytes) -> bytes:
    """CTRL_CMD_NEWFAMILY: from here on this id has this name."""
    told = attribute(1, struct.pack("<H", number)) + attribute(2, name + b"\0")
    return message(16, 0, struct.pack("<BBxx", 1, 2) + told)


def generic(*messages: bytes) -> bytes:
    return COOKED[:-2] + struct.pack(">H", 16) + b"".join(messages)


def test_a_family_id_that_changes_twice_within_a_block(run: Run, tmp_path: Path) -> None:
    """What stands between is of the other family, though first and last are of the same."""
    asked = generic(message(0x23, 1, struct.pack("<BBxx", 1, 1)))
    first, other = generic(family(0x23, b"netdev")), generic(family(0x23, b"devlink"))
    large = written(tmp_path / "large.pcap", [first, *[asked] * 5, other, *[asked] * 3, first, *[asked] * 4])
    for form in FORMS:
        slow = run(large, *FORMS[form])
        assert slow == run(large, *FORMS[form], processes=1)
        if form == "list":
            assert (9, 3) == (slow.count(b"NETDEV_CMD_DEV_GET"), slow.count(b"DEVLINK_CMD_GET"))


def test_a_family_named_behind_the_second_message_of_a_datagram(run: Run, tmp_path: Path) -> None:
    first = message(0x11, 1, struct.pack("<BBxx", 1, 1))
    refused = message(2, 0, struct.pack("<i", -22) + message(0x23, 1, struct.pack("<BBxx", 1, 1)))
    for second in (message(0x23, 1, struct.pack("<BBxx", 1, 1)), refused):
        large = written(tmp_path / "large.pcap", [generic(first, second), generic(family(0x23, b"wireguard"))])
        slow = run(large, "-c", "1")
        assert b"WG_CMD_SET_DEVICE" in slow
        assert slow == run(large, "-c", "1", processes=1)


def test_logs_of_strace_say_whose_a_message_is(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "talk.log"
    log.write_bytes((Path(__file__).parent / "logs" / "talk.log").read_bytes() * 3)
    slow = run(log)
    assert slow.splitlines()[0].split()[1:3] == [b"0.000000", b"python3[1467]"]
    for processes in (1, 2):
        assert slow == run(log, processes=processes, window=4096)


def test_equal_lengths_of_other_kinds(run: Run, tmp_path: Path) -> None:
    """What IFLA_INFO_DATA holds hangs on a sibling's text: the same headers around it mean something else."""

    def created(kind: bytes, place: int) -> bytes:
        data = attribute(18, attribute(1, kind) + attribute(2, attribute(1, struct.pack("<H", place))))
        return COOKED + message(16, 2, struct.pack("<BxHiII", 0, 1, place, 0, 0) + data, place)

    frames = [created(kind, place) for place in range(1, 30) for kind in (b"vlan\0", b"bond\0", b"odd!\0")]
    large = written(tmp_path / "large.pcap", frames)
    for form in FORMS.values():
        slow = run(large, *form)
        assert slow == run(large, *form, processes=1)
    assert slow.count(b"IFLA_VLAN_ID") == slow.count(b'"IFLA_BOND_MODE"') == 29


def test_acknowledgements_of_requests_far_back(run: Run, tmp_path: Path) -> None:
    """What is acknowledged is remembered through blocks, and forgotten after 1024 other requests."""
    requests = [message(24, 5, route(2, 1)[32:], seq) for seq in range(1500)]
    acks = [message(2, 0x100, struct.pack("<i", 0) + request[:16], 5, 9) for request in requests]
    frames = [COOKED + one for one in (*requests, *acks, *requests[:3], *acks[:3])]
    large = written(tmp_path / "large.pcap", frames)
    slow = run(large, "-V")
    assert slow.count(b"captured in frame") == 1024 + 3
    for processes, window in ((1, 1 << 20), (1, 4096), (2, 4096)):
        assert slow == run(large, "-V", processes=processes, window=window)


@pytest.mark.parametrize("form", FORMS)
def test_a_block_of_one_acknowledgement(form: str, run: Run, tmp_path: Path) -> None:
    """Windows that hold one message each: an acknowledgement, and its request in a window before."""
    body = bytes(16) + attribute(3, b"lo\0") + attribute(0x7FFF, bytes(3000))
    requests = [message(16, 5, body, seq) for seq in range(12)]
    acks = [message(2, 0, struct.pack("<i", 0) + request, seq, 9) for seq, request in enumerate(requests)]
    large = written(tmp_path / "large.pcap", [COOKED + one for one in (*requests, *acks)])
    slow = run(large, *FORMS[form])
    assert 12 == slow.count({"tree": b"captured in frame", "list": b"ack for RTM_NEWLINK"}.get(form, b'"request"'))
    assert slow == run(large, *FORMS[form], processes=1, window=4096)


def test_ends_that_are_cut(run: Run, tmp_path: Path) -> None:
    large = repeated(CAPTURES / "route.pcap", tmp_path / "large.pcap", 4)
    large.write_bytes(large.read_bytes()[:-5])
    slow = run(large, "-T", "json")
    assert b"cut short" in slow
    assert slow == run(large, "-T", "json", processes=2, window=4096)


def test_a_file_that_grows(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both processes stop where the file ended when they began, wherever they find its end."""
    large = repeated(CAPTURES / "route.pcap", tmp_path / "large.pcap", 8)
    whole = large.read_bytes()
    slow = run(large, "-T", "ndjson")
    read = quick.read
    sizes: list[int] = []

    def growing(options: Any, *what: Any) -> Any:
        """More is written behind the end after its size was asked for."""
        ask = os.stat

        def stat(path: Any, *more: Any, **others: Any) -> Any:
            about = ask(path, *more, **others)
            if path == str(large) and not sizes:
                sizes.append(about.st_size)
                large.write_bytes(whole + whole[24:])
            return about

        monkeypatch.setattr(os, "stat", stat)
        return read(options, *what)

    monkeypatch.setattr(quick, "read", growing)
    assert slow == run(large, "-T", "ndjson", processes=2, window=4096)
    assert sizes == [len(whole)]


def of_interfaces(target: Path) -> Path:
    """pcapng: names, decimals and comments of each interface, frames of another kind between them, no time at all."""
    frames = [route(2, place) for place in range(40)] + [link(2, b"eth0")]
    blocks = [
        files.section(),
        files.described(options=files.option(2, b"nlmon 100%") + files.option(9, b"\x09")),
        files.described(options=files.option(2, b"other") + files.option(9, b"\x06")),
        files.described(options=files.option(14, struct.pack("<q", -2 * 10**9))),
    ]
    for place, frame in enumerate(frames):
        comment = files.option(1, b"here") if place % 7 == 0 else b""
        ticks = 10 ** (6 if place % 3 else 9)
        blocks.append(files.packet(frame, files.SECONDS * ticks + place * 1001, interface=place % 3, options=comment))
        if place % 5 == 0:
            blocks.append(files.block(3, struct.pack("<I", len(frame)) + frame + bytes(-len(frame) % 4)))
    target.write_bytes(b"".join(blocks))
    return target


@pytest.mark.parametrize("form", FORMS)
def test_several_interfaces(form: str, run: Run, tmp_path: Path) -> None:
    large = of_interfaces(tmp_path / "large.pcapng")
    for mode in "rade":
        slow = run(large, "-t", mode, *FORMS[form])
        assert form != "tree" or b"comment: here" in slow
        for processes in (1, 2):
            assert slow == run(large, "-t", mode, *FORMS[form], processes=processes, window=4096)


def test_nothing_to_print(run: Run, tmp_path: Path) -> None:
    empty = written(tmp_path / "empty.pcap", [])
    for form in FORMS.values():
        assert run(empty, *form) == run(empty, *form, processes=1)


@pytest.mark.parametrize("form", FORMS)
def test_chosen_messages(form: str, run: Run, tmp_path: Path) -> None:
    large = repeated(CAPTURES / "tour.pcap", tmp_path / "large.pcap", 2)
    for wanted in ("nlmsg_type == RTM_NEWLINK", "frame.number > 20", "IFLA_MTU > 1500"):
        slow = run(large, *FORMS[form], "-Y", wanted)
        assert slow == run(large, *FORMS[form], "-Y", wanted, processes=2, window=8192)
        slow = run(large, *FORMS[form], "-Y", wanted, "-c", "7")
        assert slow == run(large, *FORMS[form], "-Y", wanted, "-c", "7", processes=2, window=8192)


@settings(
    max_examples=max(EXAMPLES // 5, 1), derandomize=EXAMPLES == 300, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(data=st.data())
def test_mutants(data: st.DataObject, run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Frames gone wrong, each several times, in an order that mixes them."""
    some: list[bytes] = data.draw(st.lists(mutants(), min_size=1, max_size=12))
    frames = [frame for _ in range(4) for frame in data.draw(st.permutations(some))]
    large = written(tmp_path_factory.mktemp("mutants") / "large.pcap", frames)
    for form in ("list", "tree", "ndjson"):
        slow = run(large, *FORMS[form])
        assert slow == run(large, *FORMS[form], processes=1, window=data.draw(st.sampled_from([4096, 1 << 20])))


def test_a_child_that_dies_is_told(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> None:
    """Its half of the output must not be missed in silence."""
    large = repeated(CAPTURES / "route.pcap", tmp_path / "large.pcap", 8)
    parent, serve = os.getpid(), quick.Job._chunks

    def chunks(self: Any, *what: Any) -> Any:
        if os.getpid() != parent:
            os._exit(3)
        return serve(self, *what)

    monkeypatch.setattr(quick.Job, "_chunks", chunks)
    with pytest.raises(ChildProcessError):
        run(large, processes=2, window=4096)
