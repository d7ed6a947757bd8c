"""What the core has room for: names as long as an attribute, as many interfaces as a capture may have."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from nldissect.cli import main
from nldissect.render.native import walked_messages
from tests.helpers import pcap_bytes as files
from tests.helpers.genl_messages import FAMILY, attrs, told, u32
from tests.helpers.large_captures import FORMS
from tests.helpers.messages import GENERIC, ROUTE, attribute, frame, link, message, write
from tests.helpers.sizes import SetSizes


@pytest.mark.parametrize("mode", ["r", "d"])
@pytest.mark.parametrize("form", FORMS)
def test_a_family_with_a_name_as_long_as_an_attribute(
    form: str, mode: str, run: Callable[..., bytes], tmp_path: Path
) -> None:
    """Each of its bytes is shown as four; times count from the frame before all the same."""
    asked = [message(FAMILY, bytes([1, 1, 0, 0]) + attrs({1: u32(number)}), 1, number, 9) for number in range(1, 9)]
    path = write(tmp_path / "long.pcap", told("\x01" * 40_000), *(frame(GENERIC, one) for one in asked))
    slow = run(path, "-t", mode, *FORMS[form], native=False)
    assert 8 <= slow.count(b"\\x01" * 40_000) + slow.count(b"\\u0001" * 40_000)
    assert slow == run(path, "-t", mode, *FORMS[form], native=True)


@pytest.mark.parametrize("engine", ["walk", "native"])
def test_more_interfaces_than_readers_number(
    engine: str, tmp_path: Path, sizes: SetSizes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those that are numbered are read; 65,535 of them take some seconds."""
    sizes(pcapng_interfaces=3)
    sight = files.packet(frame(ROUTE, link(7)), files.SECONDS * 10**6, interface=2)
    path = tmp_path / "many.pcapng"
    path.write_bytes(b"".join([files.section(), *[files.described()] * 3, sight, files.described(), sight]))

    assert 1 == main(["read", "--engine", engine, str(path)])
    shown = capsys.readouterr()
    assert "   1 0.000000 * ROUTE RTM_NEWLINK  #7 <UP>\n" == shown.out
    assert "damaged after 1 record, at byte 168: more than 3 interfaces\n" in shown.err


def test_more_texts_than_are_remembered(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Text that is no UTF-8 is asked for; what was used last is kept, old ones go: the core prints all."""
    monkeypatch.setenv("NLDISSECT_NATIVE", library)
    walked: list[int] = []
    monkeypatch.setattr(walked_messages, "walked_text", lambda read, index, before: walked.append(index) or b"\n")
    words = [b"\xff%d" % (number if number % 10 else 0) for number in range(1, 80_001)]
    path = write(tmp_path / "words.pcap", *(frame(ROUTE, link(7, attribute(6, word))) for word in words))
    assert 0 == main(["read", "--engine", "native", str(path)])
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert [] == walked
    assert [word.decode(errors="replace") for word in words] == [line.split()[-1] for line in lines]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x20000000], ids=hex)
def test_a_repeated_request_of_gigabytes(length: int, form: str, run: Callable[..., bytes], tmp_path: Path) -> None:
    """Lengths that are no number of 32 bits with their padding, or 32 bytes in the other byte order."""
    request = struct.pack("<IHHII", length, 18, 5, 1, 0) + attribute(1, bytes(28))
    path = write(tmp_path / "long.pcap", frame(ROUTE, message(2, struct.pack("<i", -22) + request, 0x200)))
    slow = run(path, *FORMS[form], native=False)
    assert b"RTM_GETLINK" in slow
    assert b"left over" not in slow  # all of it is the request's
    assert slow == run(path, *FORMS[form], native=True)


def test_lists_of_numbers_that_are_cut(run: Callable[..., bytes], tmp_path: Path) -> None:
    """AUDIT_LIST_RULES tells of 300 fields, and has ten bytes of them; stacks of MPLS labels have five, and none."""
    rule = struct.pack("<III", 4, 2, 300) + bytes(256) + bytes(10)
    route = bytes([28, 20, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0]) + attribute(1, bytes(5)) + attribute(19, b"")
    path = write(tmp_path / "cut.pcap", frame(9, message(1013, rule)), frame(ROUTE, message(24, route)))
    for form in FORMS.values():
        assert run(path, *form, native=False) == run(path, *form, native=True)
    lines = run(path, native=True)
    assert lines.count(b"[warning: fields: 10 bytes]") == lines.count(b"[warning: RTA_DST: 5 bytes, 1 more]") == 1
