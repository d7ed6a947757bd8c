"""Names of generic families' ids that nobody asked for: any user can send what looks like nlctrl's answer."""

from __future__ import annotations

import struct
from functools import partial
from pathlib import Path

import pytest

from nldissect.cli import main
from nldissect.wire import Context, nlmon, walk
from tests.helpers.messages import GENERIC, attribute, error, frame, message, write
from tests.helpers.pcap_bytes import SECONDS, described, option, packet, section

NLCTRL, WIREGUARD, SEQ, PORT = 0x10, 0x1C, 77, 4242
KEY = bytes(range(0x61, 0x81))
genl = partial(struct.pack, "<BBxx")
ASK = message(NLCTRL, genl(3, 1) + attribute(2, b"wireguard\0"), 5, SEQ)


def named(name: bytes, seq: int = 0, pid: int = 0, flags: int = 0) -> bytes:
    """CTRL_CMD_NEWFAMILY of WireGuard's id; as a notification, or as an answer."""
    told = attribute(1, struct.pack("<H", WIREGUARD)) + attribute(2, name + b"\0")
    return message(NLCTRL, genl(1, 2) + told, flags, seq, pid)


SET_KEY = message(WIREGUARD, genl(1, 1) + attribute(2, b"wg0\0") + attribute(3, KEY), 5, 78)
ANSWER, FORGED = named(b"wireguard", SEQ, PORT), named(b"nlctr2")
TAUGHT = {
    "asked": (ASK, ANSWER, FORGED, SET_KEY),
    "asked with seq 0, told with pid 0": (ASK, ANSWER, named(b"foo", SEQ, 0), named(b"foo", 0, PORT), SET_KEY),
    "told before the answer": (FORGED, ASK, ANSWER, SET_KEY),
    "told after the message": (SET_KEY, FORGED, ASK, ANSWER),
    "asked twice": (ASK, ANSWER, ASK, named(b"ethtool", SEQ, PORT), SET_KEY),
    "of another keyed family": (ASK, ANSWER, ASK, named(b"ovpn", SEQ, PORT), SET_KEY),
    "an acknowledgement's echo": (ASK, ANSWER, error(22, named(b"foo", SEQ, PORT)), SET_KEY),
}
FORMER = (ASK, ANSWER, ASK, named(b"ethtool", SEQ, PORT))
DAMAGED = {
    "a length of 0": message(WIREGUARD, genl(1, 1) + bytes(4) + KEY, 5, 78),
    "a length beyond the end": message(WIREGUARD, genl(1, 1) + attribute(2, b"wg0\0") + b"\x30\0\3\0" + KEY, 5, 78),
    "an echo": error(22, message(WIREGUARD, genl(1, 1) + bytes(4) + KEY, 5, 78)),
}
FORMS = [[], ["-V"], ["-x"], ["-T", "ndjson"], ["-T", "json"], ["-T", "python"], ["-T", "c"], ["-T", "hex"]]


def written(text: bytes) -> bool:
    """Whether some output holds the key, as text or in any hexadecimal form."""
    plain = text.replace(b" ", b"").replace(b":", b"").replace(b"0x", b"").replace(b",", b"").lower()
    return KEY[:8] in text or KEY[:8].hex().encode() in plain


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize("case", TAUGHT)
def test_a_key_stays_masked(case: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """What an answer to a request said holds; an id that was WireGuard's is masked whatever it is called later."""
    path = write(tmp_path / "x.pcap", *(frame(GENERIC, one) for one in TAUGHT[case]))
    for form in FORMS:
        main(["read", str(path), *form])
        assert not written(capfdbinary.readouterr()[0]), form
    main(["read", str(path), "-q", "-w", str(tmp_path / "out.pcap"), "--redact"])
    assert KEY not in (tmp_path / "out.pcap").read_bytes()
    main(["read", str(path), "-V", "--show-secrets"])
    assert written(capfdbinary.readouterr()[0])


@pytest.mark.usefixtures("printer")
@pytest.mark.parametrize("case", DAMAGED)
def test_a_key_stays_masked_where_its_message_is_damaged(
    case: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Bytes that are no attribute may be one; also of a family whose id was WireGuard's."""
    for named_so in (FORMER, (ASK, ANSWER)):
        path = write(tmp_path / "x.pcap", *(frame(GENERIC, one) for one in (*named_so, DAMAGED[case])))
        for form in FORMS:
            main(["read", str(path), *form])
            assert not written(capfdbinary.readouterr()[0]), form
        main(["read", str(path), "-V", "--show-secrets"])
        assert written(capfdbinary.readouterr()[0])


def test_what_comments_say_holds(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A capture of our own: the table of families was read before the first frame."""
    told = option(1, b"nldissect: family 0x1c wireguard")
    frames = (packet(frame(GENERIC, one), SECONDS * 1_000_000) for one in (FORGED, SET_KEY))
    (tmp_path / "x.pcapng").write_bytes(section(options=told) + described() + b"".join(frames))
    main(["read", str(tmp_path / "x.pcapng"), "-V"])
    out = capfdbinary.readouterr()[0]

    assert b"WG_CMD_SET_DEVICE" in out and not written(out)


@pytest.mark.parametrize("case", TAUGHT)
def test_all_readers_learn_alike(case: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Walk, Scapy and columns give the id the same name behind the last frame."""
    frames = [frame(GENERIC, one) for one in TAUGHT[case]]
    walked, packets = Context("little"), Context("little")
    for one in frames:
        walk(one, walked)
        nlmon(one, _context=packets)
    path = write(tmp_path / "x.pcap", *frames, frame(GENERIC, message(WIREGUARD, genl(1, 1), 1)))
    assert 0 == main(["read", str(path), "-T", "fields", "-e", "genlmsghdr.family"])
    last = capfdbinary.readouterr()[0].decode().splitlines()[-1]

    assert walked.name("genl", WIREGUARD) == packets.name("genl", WIREGUARD) == last


def test_a_family_that_carries_no_keys_is_called_anew(tmp_path: Path) -> None:
    """Where nobody asked, the latest name counts; an answer always does."""
    context = Context("little")
    for name, seq, pid, expected in ((b"foo", 0, 0, "foo"), (b"bar", 0, 0, "bar"), (b"baz", SEQ, PORT, "baz")):
        walk(frame(GENERIC, ASK), context)
        walk(frame(GENERIC, named(name, seq, pid)), context)
        assert expected == context.name("genl", WIREGUARD)
