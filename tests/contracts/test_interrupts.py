"""Ctrl-C: no traceback, at no time, and the status that shells know."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.paths import CAPTURES, ROOT

TOUR = CAPTURES / "tour.pcap"
INTERRUPTED = (130, -signal.SIGINT)

HOOK = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["AT"]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
"""


@pytest.mark.parametrize(
    "at", ["nldissect.scapy_cache", "scapy.packet", "nldissect.cli", "nldissect.commands.read.command"]
)
def test_while_the_program_is_loaded(tmp_path: Path, at: str) -> None:
    """The signal comes when this module begins to be imported."""
    (tmp_path / "sitecustomize.py").write_text(HOOK)
    environment = {**os.environ, "AT": at, "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    command = [sys.executable, "-m", "nldissect", "read", "--engine", "walk", str(TOUR)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert done.returncode in INTERRUPTED and "" == done.stdout + done.stderr


def test_a_program_that_imports_nldissect_keeps_its_ctrl_c() -> None:
    program = "import signal, nldissect; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert "True\n" == done.stdout


def test_while_a_capture_is_read() -> None:
    """It is not cut short (status 1): whoever reads it has seen enough."""
    command = [sys.executable, "-m", "nldissect", "read", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as reading:
        assert reading.stdin is not None and reading.stdout is not None and reading.stderr is not None
        reading.stdin.write(TOUR.read_bytes())
        reading.stdin.flush()
        assert reading.stdout.readline()
        reading.send_signal(signal.SIGINT)
        assert 130 == reading.wait(60)
        assert b"" == reading.stderr.read()
