"""The native core: whose messages are, where a capture tells; byte for byte what the message engine prints."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from nldissect.capfile import PcapngWriter, comments, private
from nldissect.render.watched_file import is_watched
from tests.helpers import pcap_bytes as files
from tests.helpers.large_captures import COOKED, FORMS, Run, route
from tests.helpers.paths import LOGS
from tests.helpers.sizes import SetSizes

# processes.pcapng: what tests/analysis/test_senders.py captures of several nft and ipvsadm; namespaces.pcapng: what
# tests/capture/test_namespaces.py does in two of them; both by Linux 6.12. For the others see test_causers.py and
# test_event_listeners.py there, and tests/capfile/test_strace_logs.py.
SHOWN = {
    "processes.pcapng": (462, b" strace[18]?  \xe2\x86\x92 SOCK_DIAG"),
    "namespaces.pcapng": (24, b" blue0 #100 "), "route_heard.pcapng": (15, b"ip["), "heard.log": (30, b"["),
    "talk.log": (26, b"["),
}  # fmt: skip
"""How many messages the core makes of each, and what lists show of them."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SHOWN)
def test_captures_that_tell_of_processes(
    name: str, form: str, run: Run, reasons: Counter[tuple[str, str]], sizes: SetSizes
) -> None:
    """Lists show whose messages are: as comments beside them say, or as only the whole capture tells."""
    sizes(native_window=4096)
    native = run(LOGS / name, *FORMS[form], native=True)
    assert run(LOGS / name, *FORMS[form], native=False) == native
    count, text = SHOWN[name]
    assert form != "list" or text in native
    done = sum(not reason for _, reason in reasons.elements())
    print(f"{name}: {done} of {reasons.total()}")
    assert count == done


@pytest.mark.parametrize("name", ["route_heard.pcapng", "processes.pcapng"])
def test_processes_in_what_is_read_once(name: str, library: str) -> None:
    """A pipe tells who caused a notification by the request before it alone."""
    outs = []
    for native in ("0", library):
        command = [sys.executable, "-m", "nldissect", "read", "-"]
        environment = {**os.environ, "NLDISSECT_NATIVE": native}
        done = subprocess.run(command, input=(LOGS / name).read_bytes(), capture_output=True, env=environment)
        outs.append(done.stdout)
    assert outs[0] == outs[1]
    assert (name == "route_heard.pcapng") == (b"ip[" in outs[0])


@pytest.mark.parametrize("watched", [False, True])
def test_the_column_of_processes_grows(
    watched: bool, run: Run, tmp_path: Path, reasons: Counter[tuple[str, str]]
) -> None:
    """Wide names among narrow ones, beside frames of several messages, hidden ones and such without a message."""
    names = ["ip[7]", "", "a-very-long-name[12345]", "hidden-by-the-capture-itself[9]", "no-message[77777]", "x[1]"]
    path, two = tmp_path / "names.pcapng", route(2, 1) + route(2, 2)[len(COOKED) :]
    with PcapngWriter(private(path)) as writer:
        writer.add_interface("processes" if watched else "nlmon0")
        for place in range(60):
            name = names[place // 10]
            beside = [comments.format_comment("process", name, "-")] if name else []
            own = [comments.format_comment("own")] if name.startswith("hidden") else []
            frame = COOKED if name.startswith("no-message") else two
            writer.write(files.SECONDS * 10**9 + place, frame, comments=[*beside, *own])

    native = run(path, native=True)
    assert run(path, native=False) == native
    lines = native.decode().splitlines()
    assert [
        "   1 0.000000000 ip[7]        ← ", "  21 0.000000020 a-very-long-name[12345] ← ", "  41 0.000000040 ? ",
        "  51 0.000000050 x[1]                    ← ",
    ] == [lines[place].partition("ROUTE")[0] for place in (0, 40, 60, 70)]  # fmt: skip
    assert {""} == {reason for _, reason in reasons if reason != "IRREGULAR"}


def test_a_pipe_is_not_asked_whether_it_tells_of_processes(tmp_path: Path) -> None:
    """What is read of it to find out, the list would lack."""
    path = str(tmp_path / "pipe")
    os.mkfifo(path)
    pipe = os.open(path, os.O_RDWR)
    os.write(pipe, b"\n\r\r\nmore")
    assert not is_watched(path)
    assert b"\n\r\r\nmore" == os.read(pipe, 100)
    os.close(pipe)
