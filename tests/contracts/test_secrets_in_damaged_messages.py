"""Keys in damaged messages: no output shows them, and none is left by --redact, whatever length or type is wrong."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

import nldissect
from nldissect.cli import main
from nldissect.errors import NldissectError
from nldissect.filters import compile_filter
from nldissect.store.series import Series, field_named
from nldissect.wire import Context, walk
from nldissect.wire.decode.nodes import nodes_of
from tests.helpers.column_hits import compare
from tests.helpers.leaking_frames import SEEN, damaged, leaks, planted
from tests.helpers.messages import GENERIC, attribute, frame, message, write
from tests.helpers.sizes import SetSizes

CAPTURED = ["wireguard", "xfrm", "macsec", "macsec_xpn", "tipc_cluster", "wifi_connect", "ieee802154_more"]
FORMS = [[], ["-V", "-x"], ["-T", "ndjson"], ["-T", "python"], ["-T", "c"], ["-T", "hex"]]
LIMITS = 1 << 60, 0
"""From what size on a file is read by columns: never, always."""


class Leaky(NamedTuple):
    """A capture of a real message with a key in it, and of the same message with one thing wrong at a time.

    frames   after those that name the generic families
    ways     in how many ways it is damaged
    """

    path: Path
    frames: list[bytes]
    key: bytes
    ways: int


@pytest.fixture(params=CAPTURED)
def leaky(request: pytest.FixtureRequest, tmp_path: Path) -> Leaky:
    names, found, key = planted(f"{request.param}.pcap", 1)
    ((good, walked, node),) = found
    ways = dict(damaged(good, walked, node))
    frames = [*names, good, *ways.values()]
    return Leaky(write(tmp_path / "x.pcap", *frames), frames, key, len(ways))


@pytest.mark.usefixtures("printer")
def test_keys_in_damaged_messages(leaky: Leaky, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Some hundred kinds of damage around a key in real messages of each family that carries such."""
    path, key = leaky.path, leaky.key
    for form in FORMS:
        main(["read", str(path), *form])
        assert not leaks(capfdbinary.readouterr()[0], key), form
    main(["read", str(path), "-V", "--show-secrets"])
    assert leaks(capfdbinary.readouterr()[0], key)
    assert leaky.ways > 55

    main(["read", str(path), "-q", "-w", str(tmp_path / "out.pcap"), "--redact"])
    told = capfdbinary.readouterr()[1].decode()
    assert not leaks((tmp_path / "out.pcap").read_bytes(), key)
    assert "bytes of undecoded messages, or of families that the capture does not name, which may be keys" in told


@pytest.mark.parametrize("form", ["fields", "csv"])
def test_cells_of_damaged_messages(
    form: str, leaky: Leaky, sizes: SetSizes, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """All fields, whether messages are read one by one or by columns: the same lines, with keys only if asked for."""
    fields = [*chain.from_iterable(("-e", name) for name in [*names_in(leaky, field_named), "summary", "notes"])]
    for options in [], ["--show-secrets"]:
        printed = []
        for limit in LIMITS:
            sizes(numpy_from=limit)
            assert 0 == main(["read", str(leaky.path), "-T", form, *fields, *options])
            printed.append(capfdbinary.readouterr()[0])
        assert printed[0] == printed[1]
        assert bool(options) == leaks(printed[0], leaky.key)


def test_columns_of_damaged_messages(leaky: Leaky, tmp_path: Path) -> None:
    """`export` and `nldissect.open(...).select`, all fields; what columns find is what the walk finds."""
    pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    assert compare(leaky.path)
    names, out = names_in(leaky), tmp_path / "out.parquet"
    fields = chain.from_iterable(("-e", name) for name in names)
    assert 0 == main(["export", str(leaky.path), str(out), *fields, "-E", "occurrence=a"])
    rows = parquet.read_table(out).to_pylist()
    assert len(rows) > leaky.ways and rows[-1].keys() > {*names, "json"}
    assert not leaks(repr(rows).encode(), leaky.key)

    with nldissect.open(leaky.path) as capture:
        selected = [capture.select(name)[name].tolist() for name in names]
    assert not leaks(repr(selected).encode(), leaky.key)


def test_filters_on_damaged_messages(leaky: Leaky) -> None:
    """No filter tells whether bytes of a key stand in a field that may hold them."""
    digits = [part.hex(":") for part in parts_of(leaky.key)]
    texts = [f'"{part.decode()}"' for part in parts_of(leaky.key)]
    asked = 0
    with nldissect.open(leaky.path) as capture:
        for name in names_in(leaky):
            for values in texts, digits:
                tests = " or ".join(f"{name} contains {value}" for value in values)
                try:
                    compile_filter(tests)
                except NldissectError:
                    continue  # numbers, addresses, secrets
                asked += 1
                assert 0 == len(capture.filter(tests)), name
    assert asked


def names_in(leaky: Leaky, make: Callable[[str], object] = Series) -> list[str]:
    """The fields that hold something in some of the messages, as it is or damaged, and of which something is made."""
    context = Context()
    nodes = (node for one in leaky.frames for walked in walk(one, context).messages for node, _ in nodes_of(walked))
    found = []
    for name in sorted({node.name for node in nodes}):
        try:
            make(name)
        except NldissectError:
            continue  # numbers of unknown attributes; as a series also what holds other fields
        found.append(name)
    return found


def parts_of(key: bytes) -> list[bytes]:
    """What `leaks` looks for."""
    return [(key * 3)[at : at + SEEN] for at in range(len(key))]


def test_keys_of_families_without_a_name(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A capture of tcpdump's lacks nlctrl's answers: what is made to be shared has zeros for all that may be keys."""
    key = bytes(range(0x61, 0x81))
    body = b"\1\1\0\0" + attribute(2, b"wg0\0") + attribute(3, key)
    path = write(tmp_path / "x.pcap", frame(GENERIC, message(0x1C, body, 5, 78)))

    for form in (["-T", "python"], ["-T", "c"], ["-T", "hex"]):
        main(["read", str(path), *form])
        out, err = capfdbinary.readouterr()
        assert not leaks(out, key) and b"keys are zeros" in out and b"--show-secrets writes them" in err
    assert 0 == main(["read", str(path), "-q", "-w", str(tmp_path / "out.pcap"), "--redact"])
    assert key not in (tmp_path / "out.pcap").read_bytes()
    assert b"zeros stand for 0 bytes of keys, and for 39 bytes" in capfdbinary.readouterr()[1]
