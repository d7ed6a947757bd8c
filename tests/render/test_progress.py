"""The progress bar: only for who looks, only where it spoils nothing, only after a while."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from nldissect.analysis.causes.event_causes import CAUSE
from nldissect.analysis.event_copies import EVENTS
from nldissect.analysis.exchanges.fields import EXCHANGE
from nldissect.analysis.notes.capture_notes import NOTED
from nldissect.analysis.processes.resolver import Processes
from nldissect.analysis.refusals.capture_reasons import REASON
from nldissect.cli import main
from nldissect.columns.blocks.whole_capture import WholeCapture
from tests.helpers.imports import loaded_by
from tests.helpers.messages import ROUTE, frame, link, write
from tests.helpers.paths import CAPTURES, ROOT

PROGRAM = """
import sys
from nldissect.sizes import SIZES
from nldissect.terminal.progress import Progress
SIZES.bar_patience, SIZES.bar_pause = {patience}, 0
with Progress(sys.argv[1], printing={printing}) as progress:
    for done in range(0, 5000, 100):
        progress.at(done)
print("rich" in sys.modules, flush=True)
"""

COMMAND = """
import sys
from nldissect.cli import main
from nldissect.sizes import SIZES
SIZES.bar_patience = SIZES.bar_pause = 0
print(main(sys.argv[1].split()), flush=True)
"""


def shown(path: str, patience: float = 0, printing: bool = True, stdout: str = "pipe") -> tuple[str, str]:
    """What a terminal gets of standard error, and whether rich was loaded; standard output is where it says."""
    return drawn(PROGRAM.format(patience=patience, printing=printing), path, stdout)


def drawn(program: str, argument: str, stdout: str) -> tuple[str, str]:
    """The same of any program."""
    master, slave = pty.openpty()
    other, end = pty.openpty() if stdout == "other" else os.pipe()
    out = slave if stdout == "same" else end
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "80"}
    with subprocess.Popen(
        [sys.executable, "-c", program, argument], stdin=subprocess.DEVNULL, stdout=out, stderr=slave, env=environment
    ) as process:
        os.close(slave)
        os.close(end)
        data = drained(master)
        answer = drained(other)
    assert 0 == process.returncode, data
    return data.decode(), answer.decode() or data.decode()


def drained(descriptor: int) -> bytes:
    data = b""
    while True:
        try:
            more = os.read(descriptor, 65536)
        except OSError:  # the other end of a terminal is closed
            more = b""
        if not more:
            os.close(descriptor)
            return data
        data += more


@pytest.fixture
def capture(tmp_path: Path) -> str:
    return str(write(tmp_path / "some.pcap", *[frame(ROUTE, link(number)) for number in range(1, 100)]))


def test_a_bar_shows_how_much_of_the_file_is_done(capture: str) -> None:
    text, loaded = shown(capture)
    assert f"{os.path.getsize(capture) / 1000:.1f} kB" in text and "━" in text
    assert loaded.startswith("True")
    assert text.rstrip().endswith("\x1b[2K")  # it is gone afterwards


def test_a_pipe_has_no_length_to_compare_with() -> None:
    text, _ = shown("-")
    assert "bytes" in text and "━" not in text


def test_quick_work_shows_nothing_and_loads_nothing(capture: str) -> None:
    text, loaded = shown(capture, patience=2)
    assert "" == text
    assert loaded.startswith("False")


def test_a_terminal_that_is_printed_to_gets_no_bar(capture: str) -> None:
    text, _ = shown(capture, stdout="same")
    assert "False" == text.strip()
    assert "━" in shown(capture, stdout="same", printing=False)[0]
    assert "━" in shown(capture, stdout="other")[0]


@pytest.mark.parametrize("least", [0, 1 << 30])
@pytest.mark.parametrize(
    ("command", "status"),
    [("read {0} -w {1} -Y RTA_DST", 0), ("read {0} -q -Y RTA_DST", 1), ("read {0} {0} -w {1}", 0)],
)
def test_what_prints_nothing_has_a_bar(command: str, status: int, least: int, capture: str, tmp_path: Path) -> None:
    program = f"from nldissect.sizes import SIZES\nSIZES.numpy_from = {least}\n{COMMAND}"
    text, _ = drawn(program, command.format(capture, tmp_path / "out.pcap"), "same")
    assert "━" in text and text.endswith(f"{status}\r\n")


@pytest.mark.parametrize("result", [EXCHANGE, EVENTS, NOTED, CAUSE, REASON])
def test_second_passes_tell_how_far_they_are(result: str) -> None:
    path = CAPTURES / "refusals.pcap"
    whole, offsets = WholeCapture(str(path)), list[int]()
    whole.progress = offsets.append
    whole.result(result)
    assert offsets and path.stat().st_size == max(offsets)


def test_processes_tell_how_far_they_are() -> None:
    path = CAPTURES / "refusals.pcap"
    whole, offsets = WholeCapture(str(path)), list[int]()
    whole.progress = offsets.append
    whole.live_result(Processes)
    assert path.stat().st_size == offsets[-1]


MARKED = """
import sys
from nldissect.analysis.notes.capture_notes import CaptureNotes
made = CaptureNotes.__init__
def marked(self, found):
    sys.stderr.write("made")
    made(self, found)
CaptureNotes.__init__ = marked
"""


def test_notes_have_a_bar_while_the_capture_is_read_as_a_whole() -> None:
    """Exchanges are found before notes are made, and other notes afterwards."""
    text, _ = drawn(MARKED + COMMAND, f"stats {CAPTURES / 'refusals.pcap'} notes", "pipe")
    before, after = text.split("made")
    assert "━" in before and "━" in after


@pytest.mark.parametrize("command", ["changes", "state"])
def test_the_search_for_causes_has_a_bar_before_anything_is_printed(command: str) -> None:
    """Also where standard output is the same terminal."""
    text, _ = drawn(COMMAND, f"{command} {CAPTURES / 'link_flap.pcap'}", "same")
    bar, printed = text.index("━"), text.index("link right" if command == "changes" else "lo #1")
    assert bar < printed and "━" not in text[printed:]


@pytest.mark.parametrize("command", ["read {0} {0}", "changes {0}", "read {0} -T fields -e ifi_index", "exchanges {0}"])
def test_what_is_printed_goes_where_it_is_sent(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    argument = command.format(CAPTURES / "tour.pcap")
    assert 0 == main(argument.split())
    expected = capsys.readouterr().out
    program = f"from nldissect.sizes import SIZES\nSIZES.numpy_from = 0\n{COMMAND}"
    text, answer = drawn(program, argument, "pipe")
    assert "━" in text and "RTM" not in text and "#" not in text
    assert f"{expected}0\n" == answer and len(expected) > 100


def test_nothing_is_shown_where_standard_error_is_no_terminal(capture: str) -> None:
    program = PROGRAM.format(patience=0, printing=False)
    done = subprocess.run(
        [sys.executable, "-c", program, capture], capture_output=True, cwd=ROOT, timeout=60, check=True
    )
    assert (b"False\n", b"") == (done.stdout, done.stderr)


def test_statistics_into_a_pipe_load_no_rich(capture: str) -> None:
    loaded = loaded_by(f"from nldissect.cli import main; assert main(['stats', {capture!r}]) == 0")
    assert not [name for name in loaded if name.split(".")[0] == "rich"]
