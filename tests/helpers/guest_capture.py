"""Programs that capture in the real kernel: what they stand on, and a fixture that runs them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

# Capturing stands on `record` and `errors` alone: the decoders are kept out, they take seconds to import in there.
PRELUDE = """
import contextlib, ctypes, importlib.util, json, os, select, signal, subprocess, sys, time, types
from pathlib import Path
package = types.ModuleType("nldissect")
package.__path__ = importlib.util.find_spec("nldissect").submodule_search_locations
sys.modules["nldissect"] = package
import pcapy
from nldissect.capture import CaptureConfig, CaptureProcess, Limits
from nldissect.capture import doctor, host_checks as host, nlmon_device as nlmon, privileges
from nldissect.errors import NldissectError
from nldissect.capfile import follow, open_capture

def sh(command):
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

def links():
    return {link["ifname"] for link in json.loads(sh("ip -json link"))}

def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)

def status(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}

def named(comm):
    pids = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):              # it may end while it is looked at
            found = status(path.name)
            if found["Name"] == [comm] and found["State"][0] != "Z":
                pids.append(int(path.name))
    return pids

def refused(**options):
    try:
        with CaptureProcess(CaptureConfig(**options)):
            return None
    except NldissectError as error:
        return f"{type(error).__name__}: {error}"

def protocol(record):
    return int.from_bytes(record.data[14:16], "big")

def frames(live):
    return list(follow(open_capture(live.path), live.ended))

def forked(function):                       # the child stays a zombie
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(into, json.dumps(function()).encode())
        finally:
            os._exit(0)
    os.close(into)
    with open(out) as told:
        return json.load(told)

def counts(live):
    result = live.result
    return [result.captured, result.received, result.dropped, result.error]
"""


@pytest.fixture
def guest(kernel: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a program in the guest, in a folder of the test's own; it gives back what it `told`."""
    monkeypatch.chdir(tmp_path)

    def run(program: str, **environment: str) -> Any:
        script = f"{PRELUDE}\ntold = {{}}\n{program}\nprint('@' + json.dumps(told))\n"
        result = kernel.run(script, interpreter=sys.executable, environment=environment)
        assert result.status == 0, result.output
        lines = [line for line in result.output.splitlines() if line.startswith("@")]
        return json.loads(lines[-1][1:])

    return run
