"""Keys in damaged messages: no output shows them, and none is left by --redact, whatever length or type is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from crafted import GENERIC, attribute, frame, message, write
from leaking import damaged, leaks, planted

from nldissect.cli import main
from nldissect.output import messages, reading

CAPTURED = ["wireguard", "xfrm", "macsec", "macsec_xpn", "tipc_cluster", "wifi_connect", "ieee802154_more", "drbd"]
FORMS = [[], ["-V", "-x"], ["-T", "ndjson"], ["-T", "python"], ["-T", "c"], ["-T", "hex"]]
BY_COLUMNS = [[], ["-V"], ["-T", "ndjson"]]


@pytest.mark.parametrize("name", CAPTURED)
def test_keys_in_damaged_messages(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Some hundred kinds of damage around a key in real messages of each family that carries such."""
    names, found, key = planted(f"{name}.pcap", 1)
    if not found:
        pytest.skip("no secret of the capture is long enough to be looked for")
    ((good, walked, node),) = found
    ways = dict(damaged(good, walked, node))
    path = write(tmp_path / "x.pcap", *names, good, *ways.values())
    monkeypatch.setattr(messages, "SEEN", 1)
    monkeypatch.setattr(messages, "SIGHTS", 1)
    for limit, forms in ((1 << 60, FORMS), (0, BY_COLUMNS)):
        monkeypatch.setattr(reading, "PRINTED", limit)
        for form in forms:
            main(["read", str(path), *form])
            assert not leaks(capfdbinary.readouterr()[0], key), form
    main(["read", str(path), "-V", "--show-secrets"])
    assert leaks(capfdbinary.readouterr()[0], key)
    assert len(ways) > 55

    main(["read", str(path), "-q", "-w", str(tmp_path / "out.pcap"), "--redact"])
    told = capfdbinary.readouterr()[1].decode()
    assert not leaks((tmp_path / "out.pcap").read_bytes(), key)
    assert "bytes of undecoded messages, or of families that the capture does not name, which may be keys" in told


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
