"""Key material is in no output, unless it is asked for, and in no file that is to be redacted."""

from __future__ import annotations

from pathlib import Path

import pytest
from captured import CAPTURES
from commands import lines as lines_of

from nldissect.cli import main
from nldissect.output.frames import Capture

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
    before, after = ([one.frame for one in Capture(str(file)).frames()] for file in (CAPTURES / "xfrm.pcap", path))
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
