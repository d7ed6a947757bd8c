"""The native core: byte for byte what the message engine prints."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from struct import pack
from typing import Any

import pytest

from nldissect.capfile import open_capture
from nldissect.cli import main
from nldissect.families.route.route import RTA
from nldissect.native.catalog import Catalog
from nldissect.native.program import Program
from nldissect.render import times
from nldissect.render.native import leaf_texts, read_job
from nldissect.render.native.program_writer import quote
from nldissect.wire import text_nodes
from nldissect.wire.text_nodes import TextNode
from tests.helpers import messages as message_bytes
from tests.helpers import namespace_files as namespaces
from tests.helpers import nexthop_routes as composing
from tests.helpers import pcap_bytes as files
from tests.helpers.large_captures import (
    COOKED,
    FORMS,
    Run,
    attribute,
    link,
    message,
    of_interfaces,
    repeated,
    route,
    same,
    written,
)
from tests.helpers.mutants import damaged
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes


@pytest.mark.parametrize("form", ["ndjson", "tree"])
@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.pcap")), ids=lambda path: path.stem)
def test_shipped(path: Path, form: str, run: Run) -> None:
    """json has the objects of ndjson."""
    slow = run(path, *FORMS[form], native=False)
    assert slow == run(path, *FORMS[form], native=True)
    if form == "ndjson":
        assert b"[\n" + slow[:-1].replace(b"\n", b",\n") + b"\n]\n" == run(path, *FORMS["json"], native=True)


@pytest.mark.parametrize("window", [4096, 1 << 20])
@pytest.mark.parametrize("form", FORMS)
def test_all_captures_in_one(form: str, window: int, run: Run, together: tuple[Path, int], sizes: SetSizes) -> None:
    """Names, families and column widths change all the time."""
    sizes(native_window=window)
    assert run(together[0], *FORMS[form], native=False) == run(together[0], *FORMS[form], native=True)


@pytest.mark.parametrize("options", ["-t d", "-t a", "-t e", "-c 777", "-T ndjson -c 3", "-V -c 5", "-V -t d"])
def test_times_and_counts(options: str, run: Run, together: tuple[Path, int], sizes: SetSizes) -> None:
    sizes(native_window=1 << 16)
    path, chosen = together[0], options.split()
    assert run(path, *chosen, native=False) == run(path, *chosen, native=True)


@pytest.mark.parametrize("form", FORMS)
def test_pipe(form: str, library: str, tmp_path: Path) -> None:
    """What can't be read twice, and comes in pieces: names that only later frames give are not known."""
    data = (CAPTURES / "tour.pcap").read_bytes()
    outs = []
    for native in ("0", library):
        command = [sys.executable, "-m", "nldissect", "read", *FORMS[form], "-"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "NLDISSECT_NATIVE": native}
        ) as process:
            assert process.stdin is not None and process.stdout is not None
            for start in range(0, len(data), 10_000):
                process.stdin.write(data[start : start + 10_000])
                process.stdin.flush()
            process.stdin.close()
            outs.append(process.stdout.read())
    assert outs[0] == outs[1] != b""


@pytest.mark.parametrize("form", FORMS)
def test_few_messages_are_left_to_the_row_engine(
    form: str, run: Run, together: tuple[Path, int], reasons: Counter[tuple[str, str]]
) -> None:
    run(together[0], *FORMS[form], native=True)
    total = reasons.total()
    done = Counter(family for family, reason in reasons.elements() if not reason)
    for family, count in sorted(Counter(family for family, _ in reasons.elements()).items()):
        left = {reason: number for (name, reason), number in reasons.items() if name == family and reason}
        print(f"{family:20} {done[family] / count:7.1%} of {count:5}", *(f"{one} {left[one]}" for one in sorted(left)))
    assert total > 10_000
    assert total - done.total() <= 0.002 * total


def test_unknown_attributes_are_the_cores(run: Run, tmp_path: Path, walked: list[int]) -> None:
    """The next kernel's: attribute 250 in every link message."""
    with open_capture(CAPTURES / "link_dump.pcap") as reader:
        path = written(tmp_path / "newer.pcap", [record.data[:16] + grown(record.data[16:]) for record in reader])

    out = run(path, "-T", "ndjson", native=True)
    assert run(path, "-T", "ndjson", native=False) == out
    assert b'"250":{"undecoded":"01020304"}' in out and b"IFLA has no attribute 250" in out
    tree = run(path, "-V", native=True)
    assert run(path, "-V", native=False) == tree
    assert b"250 (250): 01020304\n               ! note: IFLA has no attribute 250\n" in tree
    assert [] == walked


@pytest.mark.parametrize("name", ["ethtool", "batch_refused", "xfrm"])
def test_whole_requests_in_acknowledgements_are_the_cores(name: str, run: Run, walked: list[int]) -> None:
    """Also what the kernel says of them: the attribute at fault, and the one that is missing."""
    assert b'"request":{' in run(CAPTURES / f"{name}.pcap", "-T", "ndjson", native=True)
    assert [] == walked


def test_families_change_their_names_between_acknowledgements(run: Run, tmp_path: Path, walked: list[int]) -> None:
    """One id is one family after the other; requests of each are refused and repeated as a whole."""
    cooked = bytes.fromhex("00040338") + bytes(10) + b"\0\x10"
    frames = []
    for name in (b"tcp_metrics", b"netdev\0\0\0\0\0", b"tcp_metrics"):
        frames.append(pack("<IHHIIBBH", 44, 16, 0, 7, 9, 1, 2, 0) + pack("<HHHxxHH", 6, 1, 40, 16, 2) + name + b"\0")
        asks = pack("<IHHIIBBHHHI", 28, 40, 5, 8, 9, 1, 1, 0, 8, 1, 3)
        frames.append(pack("<IHHIIi", 48, 2, 0, 8, 9, -22) + asks)
    path = written(tmp_path / "families.pcap", [cooked + frame for frame in frames])

    for form in FORMS.values():
        native = run(path, *form, native=True)
        assert run(path, *form, native=False) == native
    assert 2 == native.count(b'"tcp_metrics_attrs"') + native.count(b"TCP_METRICS_ATTR_ADDR_IPV4")
    assert [] == walked


def grown(messages: bytes) -> bytes:
    """Messages, those of links (RTM_NEWLINK) with one attribute more."""
    if len(messages) < 16:
        return messages
    size = int.from_bytes(messages[:4], "little") + 3 & ~3
    message, rest = messages[:size], grown(messages[size:])
    if message[4:6] == b"\x10\0":
        message = (size + 8).to_bytes(4, "little") + message[4:] + b"\x08\0\xfa\0\1\2\3\4"
    return message + rest


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("options", [[], ["-Y", "nlmsg_type == RTM_NEWROUTE"], ["-c", "4"]], ids=["all", "some", "few"])
def test_frames_without_messages(form: str, options: list[str], run: Run, tmp_path: Path) -> None:
    """Before, between and behind others; and bytes that trail."""
    bare, two = COOKED, route(2, 1) + route(2, 2)[len(COOKED) :]
    frames = [bare, bare, link(2, b"eth0"), bare + b"\1\2", two, two + bytes(6), two + b"\1\2\3", route(3, 4), bare]
    path = written(tmp_path / "bare.pcap", frames)
    assert run(path, *options, *FORMS[form], native=False) == run(path, *options, *FORMS[form], native=True)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("mode", "rade")
def test_several_interfaces(form: str, mode: str, run: Run, tmp_path: Path) -> None:
    path = of_interfaces(tmp_path / "several.pcapng")
    native = run(path, "-t", mode, *FORMS[form], native=True)
    assert run(path, "-t", mode, *FORMS[form], native=False) == native
    assert form != "tree" or b"comment: here" in native


@pytest.fixture
def summer_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A host in a zone with summer time."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        times._second.cache_clear()
        yield
    time.tzset()
    times._second.cache_clear()


@pytest.mark.parametrize("mode", "ra")
def test_dates_in_trees(mode: str, run: Run, summer_time: None, tmp_path: Path) -> None:
    """Around the hours in which clocks are changed, on leap days, and anywhere in 32 bits."""
    random = Random(2)
    seconds = [1774745999, 1774746000, 1792889999, 1792890000, 1792893600, 951782399, 951782400, 951868800, 4107542400]
    seconds += [random.getrandbits(32) for _ in range(300)]
    records = [struct.pack("<IIII", second, place, 16, 16) + COOKED for place, second in enumerate(seconds)]
    path = tmp_path / "dates.pcap"
    path.write_bytes(files.pcap() + b"".join(records))

    native = run(path, "-V", "-t", mode, native=True)
    assert run(path, "-V", "-t", mode, native=False) == native
    assert b": 2026-03-29 01:59:59.000000 " in native and b": 2026-03-29 03:00:00.000001 " in native
    assert b": 2000-02-29 " in native and b": 2100-03-01 " in native


@pytest.mark.parametrize("order", "<>")
def test_renamed_within_a_block(order: str, run: Run, tmp_path: Path, walked: list[int]) -> None:
    """Routes name an interface as it is called at their time, also in the other byte order."""
    frames: list[bytes] = []
    for place in range(60):
        frames.append(route(2, place, order))
        if place in (10, 25):
            frames.append(link(2, b"eth%d" % place, order))
    path = written(tmp_path / "renamed.pcap", frames, order)

    native = run(path, native=True)
    assert run(path, native=False) == native
    assert (26, 34) == (native.count(b"dev eth10"), native.count(b"dev eth25"))
    assert [] == walked


@pytest.mark.parametrize("others", range(4))
def test_what_the_content_shows_is_kept_while_the_rest_is_asked(others: int, run: Run, tmp_path: Path) -> None:
    """RTM_NEWNEXTHOP with NHA_OP_FLAGS, which only the kernel writes, behind one without. How many
    kinds of messages were met before changes nothing."""
    frames = [COOKED + message(24, flags, bytes(12)) for flags in range(2, 2 + others)]
    asks, told = (bytes(8) + attribute(1, bytes((10, 0, 0, 0))) + flags for flags in (b"", attribute(14, bytes(4))))
    frames += [COOKED + message(104, 0x505, asks, seq=7, pid=0), COOKED + message(104, 0x505, told)]
    path = written(tmp_path / "told.pcap", frames)

    native = run(path, native=True)
    assert run(path, native=False) == native
    assert " * ROUTE RTM_NEWNEXTHOP " in native.decode().splitlines()[-1]


@pytest.mark.parametrize("by_function", [False, True])
@pytest.mark.parametrize("window", [4096, 1 << 20])
@pytest.mark.parametrize("form", ["list", "ndjson"])
def test_next_hops_are_the_cores(
    form: str,
    window: int,
    by_function: bool,
    run: Run,
    tmp_path: Path,
    walked: list[int],
    monkeypatch: pytest.MonkeyPatch,
    sizes: SetSizes,
) -> None:
    """Words before values, which it writes itself; a function is asked once for the same texts of what is in them."""
    sizes(native_window=window)
    asked: list[bytes] = []

    def unpacked(raw: bytes, names: Mapping[int, str]) -> list[TextNode]:
        asked.append(raw)
        return text_nodes.unpacked(raw, names)

    monkeypatch.setattr(leaf_texts, "unpacked", unpacked)
    if by_function:
        composer = RTA.MULTIPATH.composer
        assert composer is not None
        monkeypatch.setattr(RTA.MULTIPATH, "composer", composer._replace(compose=lambda hops: composer.compose(hops)))
        monkeypatch.setattr(read_job, "tables", lambda *_: (Catalog(), Program(quote)))
    one, other, several = (composing.route(composing.hop(dev=5, hops=2), family=family) for family in (2, 128, 10))
    quiet = [(place % 2, one if place % 4 < 2 else other, ()) for place in range(400)]
    named = message_bytes.frame(0, namespaces.named(5, "eth5"))
    path = namespaces.write(tmp_path / "hops.pcapng", [*quiet, (1, named, ()), *quiet, (0, several, ()), *quiet])

    native = run(path, *FORMS[form], native=True)
    calls = len(asked)
    assert run(path, *FORMS[form], native=False) == native
    assert [] == walked
    texts = (
        b"nexthop dev if5 weight 3",
        b"nexthop dev if5 ttl 2",
        b"nexthop dev eth5 weight 3",
        b"nexthop dev eth5 ttl 2",
    )
    assert [301, 300, 300, 300] == [native.count(text) for text in texts]
    assert (len(texts) if by_function else 0) == calls


def test_durations_in_trees(run: Run, tmp_path: Path, walked: list[int]) -> None:
    """Lifetimes (s) and times (clock_t) of addresses, settings of fq (us), netem (signed ns), neighbour tables (ms)."""
    random = Random(1)
    steps = [0, 1, 999, 1000, 1500, 1_000_500, 119_999, 120_000, 119_999_500, 0xFFFFFFFF, 0xFFFFFFFF * 1000]
    values = steps + [random.getrandbits(random.randint(1, 64)) for _ in range(400)]
    values += [random.randrange(1 << 16) * 500 for _ in range(100)]
    frames: list[bytes] = []
    for value in values:
        short = struct.pack("<I", value & 0xFFFFFFFF)
        frames.append(COOKED + message(20, 2, bytes((2, 24, 0, 0, 1, 0, 0, 0)) + attribute(6, 4 * short)))
        options = attribute(1, b"fq\0") + attribute(2, attribute(9, short) + attribute(13, short))
        frames.append(COOKED + message(36, 2, bytes(20) + options))
        delays = bytes(24) + attribute(10, struct.pack("<Q", value))
        frames.append(COOKED + message(36, 2, bytes(20) + attribute(1, b"netem\0") + attribute(2, delays)))
        table = attribute(1, b"arp_cache\0") + attribute(8, struct.pack("<Q", value))
        frames.append(COOKED + message(64, 2, bytes(4) + table))
    path = written(tmp_path / "durations.pcap", frames)

    tree = run(path, "-V", native=True)
    assert run(path, "-V", native=False) == tree
    assert b"TCA_FQ_FLOW_REFILL_DELAY (9): 1500 us (1.5 ms)\n" in tree
    assert b"TCA_NETEM_LATENCY64 (10): 1500 ns (1.5 us)\n" in tree
    assert b"NDTA_GC_INTERVAL (8): 4294967295000 ms (forever)\n" in tree
    assert [] == walked


def test_secrets(run: Run, tmp_path: Path) -> None:
    path = repeated(CAPTURES / "macsec.pcap", tmp_path / "large.pcap", 3)
    for form in ("ndjson", "tree"):
        hidden, shown = (run(path, *FORMS[form], *more, native=True) for more in ([], ["--show-secrets"]))
        assert hidden == run(path, *FORMS[form], native=False)
        assert shown == run(path, *FORMS[form], "--show-secrets", native=False)
        assert hidden != shown


def test_secrets_in_a_request_that_was_cut(run: Run, tmp_path: Path) -> None:
    """XFRM_MSG_GETSA as an acknowledgement repeats it, of which bytes are lost: what follows may be a key."""
    asked = struct.pack("<IHHII", 140, 18, 1, 7, 0) + bytes(24) + bytes(range(1, 9))
    path = written(tmp_path / "cut.pcap", [COOKED[:-1] + b"\6" + message(2, 0, struct.pack("<i", -3) + asked)])
    for options, rest in (([], b'"cut":{"secret":8}'), (["--show-secrets"], b'"cut":{"undecoded":"0102030405060708"}')):
        assert rest in run(path, "-T", "ndjson", *options, native=True)
        assert rest in run(path, "-T", "ndjson", *options, native=False)


def test_the_rest_of_a_message_is_masked(run: Run, tmp_path: Path) -> None:
    """A message of an unknown family behind another may be what a wrong length left of that, and hold a key."""
    cooked = bytes.fromhex("00040338") + bytes(10) + b"\0\x10"
    first, second = (pack("<IHHIIBBHHH", 32, number, 0, 0, 0, 1, 1, 0, 12, 9) + b"KEYS-KEYS"[:8] for number in (32, 33))
    path = written(tmp_path / "rest.pcap", [cooked + first + second])

    native = run(path, "-T", "ndjson", native=True)
    assert run(path, "-T", "ndjson", native=False) == native
    assert 1 == native.count(b'{"secret":8}')


def test_names_of_requests_are_escaped_once(run: Run, tmp_path: Path) -> None:
    """A family whose name holds a control character, and the acknowledgement of one of its commands."""
    cooked = bytes.fromhex("00040338") + bytes(10) + b"\0\x10"
    told = pack("<IHHIIBBH", 44, 16, 0, 7, 9, 1, 2, 0) + pack("<HHHxxHH", 6, 1, 40, 13, 2) + b'a\1b"c\0\0\0\0\0\0'
    asks = pack("<IHHIIBBH", 20, 40, 5, 8, 9, 3, 1, 0)
    ack = pack("<IHHIIi", 36, 2, 256, 8, 9, 0) + asks[:16]
    path = written(tmp_path / "escaped.pcap", [cooked + told, cooked + asks, cooked + ack])

    for form in FORMS.values():
        native = run(path, *form, native=True)
        assert run(path, *form, native=False) == native
        assert rb"ack for a\x01b" in native.replace(rb"\\", b"\\")


@pytest.mark.parametrize("form", FORMS)
def test_what_is_asked_of_the_last_number_is_asked_once(form: str, run: Run, tmp_path: Path) -> None:
    """Type 65535 of protocol 65535; a link whose ifi_index is -1, without a name."""
    last = message(65535, 0, bytes(4))
    nameless = message(16, 2, struct.pack("<BxHiII", 0, 1, -1, 0, 0) + attribute(4, bytes(4)))
    path = written(tmp_path / "last.pcap", [COOKED[:-2] + b"\xff\xff" + last, COOKED + nameless])
    assert run(path, *FORMS[form], native=False) == run(path, *FORMS[form], native=True)


@pytest.mark.parametrize("form", FORMS)
def test_no_answer_renames_nlctrl(form: str, run: Run, tmp_path: Path) -> None:
    """GENL_ID_CTRL is the same in every kernel, whatever an answer says."""
    cooked = bytes.fromhex("00040338") + bytes(10) + b"\0\x10"
    asks = pack("<IHHIIBBH", 20, 16, 1, 7, 9, 3, 1, 0)
    told = pack("<IHHIIBBH", 48, 16, 0, 7, 9, 1, 2, 0) + pack("<HHHxxHH", 6, 1, 16, 17, 2) + b"ovs_ct_limit\0\0\0\0"
    path = written(tmp_path / "renamed.pcap", [cooked + asks, cooked + told, cooked + asks])

    native = run(path, *FORMS[form], native=True)
    assert run(path, *FORMS[form], native=False) == native
    assert b"CTRL_CMD_NEWFAMILY" in native and b"OVS_" not in native


@damaged
def test_damaged_frames(run: Run, tmp_path: Path, frames: list[bytes]) -> None:
    path = written(tmp_path / "damaged.pcap", frames)
    for form in ("ndjson", "tree"):
        assert run(path, *FORMS[form], native=False) == run(path, *FORMS[form], native=True)


@pytest.mark.parametrize(
    "options, reason",
    [
        (["-x"], "the native core makes list, -V, -T ndjson, -T json and most fields"),
        (["-T", "fields", "-e", "frame.comment"], "the native core makes list"),
        ([str(CAPTURES / "addr.pcap")], "the native core makes list"),
    ],
)
def test_what_the_core_does_not_make(
    options: list[str], reason: str, library: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NLDISSECT_NATIVE", library)
    assert 2 == main(["read", "--engine", "native", str(CAPTURES / "tour.pcap"), *options])
    assert capsys.readouterr().err.startswith(f"nldissect: {reason}")


def test_no_core_is_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("NLDISSECT_NATIVE", "0")
    assert 2 == main(["read", "--engine", "native", str(CAPTURES / "tour.pcap")])
    assert "nldissect: --engine native: there is no native core; NLDISSECT_NATIVE=0\n" == capsys.readouterr().err


def test_a_library_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    (tmp_path / "core.so").write_text("no library")
    monkeypatch.setenv("NLDISSECT_NATIVE", str(tmp_path / "core.so"))

    assert 2 == main(["read", str(CAPTURES / "tour.pcap")])
    assert capsys.readouterr().err.startswith(f"nldissect: the native core can't be loaded: {tmp_path}/core.so: ")


def test_an_error_that_points_behind_a_number(run: Run, tmp_path: Path) -> None:
    """IFLA_MTU has 12 bytes instead of 4, and NLMSGERR_ATTR_OFFS is one of the last: it is in that attribute."""
    asked = message(16, 5, struct.pack("<BxHiII", 0, 0, 2, 0, 0) + attribute(4, bytes(12)), 7)
    for capped in (0x100, 0):
        told = asked[:16] if capped else asked
        refused = message(2, 0x200 | capped, struct.pack("<i", -22) + told + attribute(2, struct.pack("<I", 44)), 7)
        path = written(tmp_path / "behind.pcap", [COOKED + asked, COOKED + refused])
        for form in FORMS.values():
            slow = same(run, path, *form)
        assert b"NLMSGERR_ATTR_OFFS (2): 44 (IFLA_MTU)" in slow
