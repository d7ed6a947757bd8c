"""Key material is in no output, unless it is asked for, and in no file that is to be redacted."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

import nldissect
from nldissect.cli import main
from nldissect.families.generic.wireguard import WGPEER_A
from nldissect.stream.frames import FrameStream
from nldissect.wire import Context, walk
from tests.helpers.captures import frames, messages, value
from tests.helpers.cli import lines as lines_of
from tests.helpers.messages import write
from tests.helpers.paths import CAPTURES

KEY = bytes(range(20))
"""ip xfrm state add ... aead rfc4106(gcm(aes)) 0x000102...13 128: frame 1 of xfrm.pcap."""


@pytest.mark.parametrize("arguments", [["-V", "-x"], ["-T", "ndjson"], ["-T", "json"], []])
@pytest.mark.parametrize("keep", [None, 340, 330, 345])
def test_keys_are_masked_in_every_output(tmp_path: Path, arguments: list[str], keep: int | None) -> None:
    """Also where a snap length cut through the key, so that the attribute is not whole."""
    raw = bytearray((CAPTURES / "xfrm.pcap").read_bytes())
    length = int.from_bytes(raw[32:36], "little")
    body = raw[40 : 40 + length]
    kept = body if keep is None else body[: 16 + keep]
    path = tmp_path / "one.pcap"
    path.write_bytes(raw[:32] + len(kept).to_bytes(4, "little") + length.to_bytes(4, "little") + kept)

    told, shown = ("\n".join(lines_of("read", *arguments, *extra, path)) for extra in ([], ["--show-secrets"]))
    part = KEY[4:8]
    assert KEY in bytes(body)
    assert part.hex() not in told and part.hex(" ") not in told
    assert not arguments or part.hex() in shown or part.hex(" ") in shown


@pytest.mark.parametrize("name", ["out.pcap", "out.pcapng"])
def test_a_redacted_capture_has_zeros_for_keys(tmp_path: Path, name: str) -> None:
    """The same frames, each as long; the key of frame 1 stands in the kernel's answers and notifications as well."""
    path = tmp_path / name
    assert main(["read", str(CAPTURES / "xfrm.pcap"), "-w", str(path), "--redact"]) == 0
    before, after = ([one.frame for one in FrameStream(str(file)).frames()] for file in (CAPTURES / "xfrm.pcap", path))
    assert [len(frame.data) for frame in before] == [len(frame.data) for frame in after]
    assert 1 < sum(KEY in frame.data for frame in before)
    assert not any(KEY in frame.data for frame in after)
    key = before[0].data.index(KEY)
    assert before[0].data[:key] + bytes(len(KEY)) + before[0].data[key + len(KEY) :] == after[0].data
    bare = [place for place, frame in enumerate(before) if not any([*one.secret_spans()] for one in frame.messages)]
    assert bare and all(before[place].data == after[place].data for place in bare)


def test_to_redact_asks_for_a_file_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(CAPTURES / "xfrm.pcap"), "--redact"]) == 2
    assert "--redact goes with -w OUT" in capsys.readouterr().err


def test_a_public_key_with_a_zero_in_it_damages_nothing() -> None:
    """One of eight has one. wg set wg0 private-key ..., and the kernel's answer to `wg show`."""
    (device,) = [one for one in messages("wireguard.pcap", "wireguard") if one.find("WGDEVICE_A_PUBLIC_KEY")][:1]
    node = device.find("WGDEVICE_A_PUBLIC_KEY")
    assert node is not None
    data = bytearray(device.data)
    data[node.start + 7] = 0
    again = next(one for one in walk(bytes(data), device.context).messages if one.start == device.start)
    assert not again.damaged
    assert base64.b64encode(data[node.start : node.end]).decode() == value(again, "WGDEVICE_A_PUBLIC_KEY")
    assert value(device, "WGDEVICE_A_IFNAME") == value(again, "WGDEVICE_A_IFNAME")


def test_a_longer_struct_of_a_newer_kernel_damages_nothing() -> None:
    """ss -ti: struct tcp_info grows about once a year. What is behind its known end alone may be a key."""
    answer = next(one for one in messages("sock_diag.pcap") if one.find("INET_DIAG_INFO.tcpi_state"))
    info = answer.find("INET_DIAG_INFO")
    assert info is not None
    data = bytearray(answer.data[: answer.end])
    data[info.end : info.end] = bytes(range(1, 65))
    data[info.whole : info.whole + 2] = (info.end - info.whole + 64).to_bytes(2, "little")
    data[answer.start : answer.start + 4] = (answer.length + 64).to_bytes(4, "little")
    longer = next(one for one in walk(bytes(data), Context()).messages if one.start == answer.start)
    assert not longer.damaged
    assert value(answer, "idiag_src") == value(longer, "idiag_src")
    start, end = next(longer.secret_spans())
    assert bytes(range(1, 65)).endswith(longer.data[start:end]) and end == info.end + 64


def test_a_number_that_may_be_a_key_is_in_no_column_of_numbers(tmp_path: Path) -> None:
    """A preshared key under the number of WGPEER_A_RX_BYTES: 32 bytes, of which the kernel would read 8."""
    device = next(one for one in messages("wireguard.pcap", "wireguard") if one.find("WGPEER_A_PRESHARED_KEY"))
    node = device.find("WGPEER_A_PRESHARED_KEY")
    assert node is not None
    data = bytearray(device.data)
    data[node.whole + 2] = WGPEER_A.RX_BYTES.number
    names = [frame for frame in frames("wireguard.pcap") if b"wireguard\0" in frame]
    path = write(tmp_path / "x.pcap", *names, bytes(data))
    with nldissect.open(path) as capture:
        found = capture.filter("WGPEER_A_RX_BYTES").select("WGPEER_A_RX_BYTES")["WGPEER_A_RX_BYTES"]
    assert [None] == found.tolist()
    printed = lines_of("read", "-T", "fields", "-e", "WGPEER_A_RX_BYTES", "-Y", "WGPEER_A_RX_BYTES", path)
    assert ["<may be a key, 32 bytes>"] == printed
