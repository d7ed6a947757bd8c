"""Scapy knows link type 253 as soon as a program can use it, whichever of the two packages is imported first."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.paths import ROOT

READS = """
from scapy.config import conf
from scapy.utils import rdpcap
frames = rdpcap("captures/vlan_add.pcap")
assert {type(frame).__name__ for frame in frames} == {"nlmon"}, frames
assert conf.l2types[253] is type(frames[0]) is sys.modules["nldissect"].nlmon
"""


def run(program: str) -> None:
    command = [sys.executable, "-c", f"import sys\n{program}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "imports",
    [
        "import nldissect; from scapy.all import rdpcap",
        "import nldissect; from scapy.utils import rdpcap",
        "import nldissect; from scapy.config import conf; assert 253 in conf.l2types.num2layer",
        "import nldissect, scapy; assert scapy.VERSION",
        "from scapy.utils import rdpcap; import nldissect",
        "import nldissect.wire.attr_set",
        "import nldissect.wire.packets.fields",
        "from nldissect.commands.read.command import read",
        "from nldissect import nlmon",
        "import nldissect.families.route.link",
    ],
)
def test_in_any_order(imports: str) -> None:
    run(imports + READS)


def test_what_is_written_is_frames(tmp_path: Path) -> None:
    """wrpcap asks Scapy for the link type of what it is given, and gets messages in frames."""
    program = """
import nldissect
from scapy.utils import rdpcap, wrpcap
message = rdpcap("captures/vlan_add.pcap")[0].messages[0]
wrpcap("{0}", [message])
assert rdpcap("{0}")[0].messages[0] == message
"""
    run(program.format(tmp_path / "one.pcap"))


def test_threads_that_import_scapy_at_the_same_time() -> None:
    program = """
import nldissect, threading
start, kinds = threading.Barrier(6), []

def read(first):
    start.wait()
    __import__(first)
    from scapy.utils import rdpcap
    kinds.append(type(rdpcap("captures/vlan_add.pcap")[0]).__name__)

threads = [threading.Thread(target=read, args=[first]) for first in 3 * ["scapy.utils", "scapy.packet"]]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert kinds == 6 * ["nlmon"], kinds
"""
    run(program)


def test_an_import_that_failed_may_be_tried_again() -> None:
    """Scapy's, and that of what is registered when its table of link types is first looked into."""
    program = """
import nldissect
sys.modules["scapy.config"] = None
try:
    from scapy.utils import rdpcap
except ImportError:
    pass
else:
    raise AssertionError
del sys.modules["scapy.config"]
from scapy.config import conf
sys.modules["nldissect.scapy_writer"] = None
try:
    conf.l2types[253]
except ImportError:
    pass
else:
    raise AssertionError
del sys.modules["nldissect.scapy_writer"]
"""
    run(program + READS)


def test_a_module_keeps_its_loader() -> None:
    """As importlib.resources, inspect and pkgutil ask it for data and source."""
    program = """
import inspect, nldissect, nldissect.wire.kind
from importlib.machinery import SourceFileLoader
module = nldissect.wire.kind
assert type(module.__loader__) is type(module.__spec__.loader) is SourceFileLoader
assert module.__doc__ in inspect.getsource(module)
"""
    run(program)
