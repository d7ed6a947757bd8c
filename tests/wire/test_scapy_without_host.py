"""Commands import Scapy without this host: what is told of packets inside messages is the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.paths import CAPTURES, ROOT

COMMAND = """
import contextlib, io, sys
from nldissect.cli import main
given = sys.argv[1:]
def run(arguments):
    out = io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(out):
        assert main(arguments) == 0
    return out.buffer.getvalue()
"""
OPENED = """
from nldissect.scapy_host import leave_out
from nldissect.wire.opaque import Inside
leave_out(interfaces=True)
assert Inside(None, "scapy.layers.l2:Ether").opened(bytes(60)).summary()
"""


def run(program: str, *arguments: str, **environment: str) -> bytes:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=False, env={**os.environ, **environment})
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout


@pytest.mark.parametrize("name", ["wifi_ap", "wifi_connect", "psample", "nflog", "vlan_add"])
@pytest.mark.parametrize("native", ["", "0"])
def test_a_command_tells_the_same_of_packets_as_a_program(name: str, native: str) -> None:
    """A caller of `main` has the whole of Scapy."""
    arguments = ["read", "-V", str(CAPTURES / f"{name}.pcap")]
    command = COMMAND + "sys.stdout.buffer.write(run(None))"
    program = COMMAND + "import scapy.all\nsys.stdout.buffer.write(run(given))"

    assert run(program, *arguments) == run(command, *arguments, NLDISSECT_NATIVE=native)


@pytest.mark.parametrize("name", ["wifi_ap", "nflog"])
def test_a_command_takes_nothing_of_this_host_nor_of_the_user_s_home(name: str, tmp_path: Path) -> None:
    """No interfaces, no makers of network cards, which may be Wireshark's; and it leaves nothing behind."""
    program = (
        COMMAND
        + """
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
sys.addaudithook(lambda event, given: opened.append("socket") if event.startswith("socket.") else None)
run(None)
from scapy.config import conf
from scapy.data import MANUFDB
assert "scapy.layers.inet" in sys.modules and not conf.ifaces.data and not MANUFDB.d
assert conf.route_autoload is conf.route6_autoload is False
found = [one for one in opened if one == "socket" or "manuf" in one or ".cache" in one]
assert not found, found
"""
    )
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / ".cache")}
    run(program, "read", "-V", str(CAPTURES / f"{name}.pcap"), **home)

    assert [] == list(tmp_path.iterdir())


def test_what_is_left_out_is_there_when_it_is_called() -> None:
    run(
        OPENED
        + """
from scapy.arch import get_if_addr
from scapy.config import conf
assert not conf.ifaces.data
assert isinstance(get_if_addr("lo"), str) and conf.ifaces.data
"""
    )


@pytest.mark.parametrize("before", [OPENED, "from nldissect.scapy_host import leave_out\nleave_out(interfaces=True)\n"])
def test_other_packages_have_the_whole_of_scapy(before: str) -> None:
    """Whether packets were opened before or not."""
    run(
        before
        + """
from nldissect.scapy_host import bring_back
bring_back()
from scapy.all import conf, get_if_addr, load_layer
assert load_layer.__module__ == "scapy.main" and conf.ifaces.data and conf.L3socket is not None
assert isinstance(get_if_addr("lo"), str)
"""
    )


def test_a_program_has_the_whole_of_scapy() -> None:
    arguments = ["read", "-V", str(CAPTURES / "wifi_scan.pcap")]
    run(
        COMMAND
        + """
run(given)
from scapy.config import conf
from scapy.data import MANUFDB
assert conf.route_autoload is conf.route6_autoload is True and conf.ifaces.data and len(MANUFDB.d) > 1000
""",
        *arguments,
    )
