"""`nldissect shell`: its vocabulary, helpers and prompts, at a pseudo terminal and on a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from scapy.layers.inet import IP
from scapy.plist import PacketList, QueryAnswer, SndRcvList
from scapy.utils import rdpcap

import nldissect
from nldissect.all import AF, IFLA, IFLA_INFO, RTA, ifinfomsg, nlmon, nlmsghdr
from nldissect.commands.shell.completion import in_filter, members
from nldissect.commands.shell.filter_function import chooser
from nldissect.commands.shell.ls_explore import explore, ls
from nldissect.commands.shell.show import show
from nldissect.errors import FilterError, NldissectError
from nldissect.wire import AttrSet
from nldissect.wire.packets.attribute import Attr
from tests.helpers.paths import CAPTURES, ROOT
from tests.helpers.terminal import Terminal

VLAN, ERRORS, ETHTOOL = (str(CAPTURES / name) for name in ("vlan_add.pcap", "errors.pcap", "ethtool.pcap"))
BARE = "import sys; sys.modules['IPython'] = None; from nldissect.cli import main; sys.exit(main())"


def piped(source: str, *arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """The shell with commands on standard input."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "SCAPY_"))}
    environment = {**inherited, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "HOME": str(home)}
    command = [sys.executable, "-m", "nldissect", "shell", *arguments]
    return subprocess.run(
        command, input=source, env=environment, cwd=home, capture_output=True, text=True, timeout=120, check=False
    )


def test_commands_come_on_standard_input(tmp_path: Path) -> None:
    """Scapy's names and ours; where both have one, TCP stays the protocol."""
    program = """
print(len(cap), len(filter("IFLA_VLAN_ID")), cap.frame(3).messages[0].summary())
print(bytes(IFLA.MTU(1500)).hex(), RTM_NEWLINK, AF_INET6, issubclass(ifinfomsg, Packet))
print(genl.__module__, NetlinkError.__name__, Overrun.__name__)
print(TCP().dport, IP(dst="192.0.2.1").dst, nldissect.__version__)
nothing = [list(filter(None, [0, 1]))]
def inner():
    return [IFLA.MTU.number for _ in nothing]      # names are global, as at a prompt
print(nothing, inner(), __name__)
IFLA.MTU(1500).show()
"""
    done = piped(program, VLAN, home=tmp_path)

    assert (0, "") == (done.returncode, done.stderr)
    assert [
        "28 8 RTM_NEWLINK v10@d0 vlan id 10",
        "08000400dc050000 16 10 True",
        "nldissect.commands.shell.namespace NetlinkError Overrun",
        f"80 192.0.2.1 {nldissect.__version__}",
        "[[1]] [4] __main__",
        "IFLA_MTU (4): 1500",
    ] == done.stdout.splitlines()


def test_an_error_in_a_script_is_its_exit_status(tmp_path: Path) -> None:
    done = piped('print(cap)\nfilter("error")\nprint("not reached")', home=tmp_path)
    assert (1, "None\n") == (done.returncode, done.stdout)
    assert 'nldissect: no capture is open; filter("...", packets) takes a list of packets\n' == done.stderr

    done = piped("1 / 0", home=tmp_path)
    assert 1 == done.returncode and done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert 1 == piped("print(", home=tmp_path).returncode
    assert 7 == piped("import sys; sys.exit(7)", home=tmp_path).returncode


def test_a_capture_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    done = piped("", "nowhere.pcap", home=tmp_path)
    assert 2 == done.returncode and done.stderr.startswith("nldissect: no file nowhere.pcap")
    done = piped("", "-", home=tmp_path)
    assert 2 == done.returncode and "standard input; name the capture's file" in done.stderr


def test_python_s_own_prompt_completes_and_keeps_its_history(tmp_path: Path) -> None:
    """Without IPython: names, rows, and a filter inside quotes; nothing is left in the working directory."""
    home, cwd = tmp_path / "home", tmp_path / "cwd"
    home.mkdir(), cwd.mkdir()
    with Terminal(sys.executable, "-c", BARE, "shell", VLAN, home=home, cwd=cwd, PYTHONPATH=str(ROOT)) as screen:
        start = screen.until(">>> ")
        assert (
            f"nldissect {nldissect.__version__}, Scapy" in start and "vlan_add.pcap, 28 messages in 27 frames" in start
        )
        assert max(map(len, start.replace(VLAN, "vlan_add.pcap").splitlines())) <= 80
        screen.keys("IFLA.IFNA\t('lo')\n")
        assert "IFLA.IFNAME('lo')" in screen.until('<IFLA_IFNAME  value="lo" |>')
        screen.keys("print(len(filter(\"ifla_vlan_proto\t == eth_p_8021ad\t\")), 'found')\n")
        shown = screen.until("5 found")
        assert "_VLAN_PROTOCOL" in shown and "ETH_P_8021AD" in shown
        screen.keys('filter("IFLA_MTUU")\n')
        assert "Traceback" not in screen.until('did you mean "IFLA_MTU"?')
        screen.keys("cap[2].show()\n")
        screen.until("IFLA_VLAN_FLAGS")
        screen.until(">>> ")
        assert b"\x1b[36mIFLA_VLAN_ID" in screen.raw
        screen.keys("\x04")
        assert 0 == screen.ended()
    assert [] == list(cwd.iterdir())
    assert "cap[2].show()" in (home / ".config/scapy/history.python").read_text()


@pytest.mark.skipif(find_spec("IPython") is None, reason="no IPython; pip install ipython")
def test_ipython_completes_rows_and_filters(tmp_path: Path) -> None:
    home, cwd = tmp_path / "home", tmp_path / "cwd"
    home.mkdir(), cwd.mkdir()
    command = (sys.executable, "-m", "nldissect", "shell", VLAN)
    with Terminal(*command, home=home, cwd=cwd, PYTHONPATH=str(ROOT), PROMPT_TOOLKIT_NO_CPR="1") as screen:
        screen.until(">>>")
        screen.keys("IFLA.IFNA\t")
        screen.until("IFLA.IFNAME")
        screen.keys("('lo')\r")
        screen.until('<IFLA_IFNAME  value="lo" |>')
        screen.keys('filter("ifla_vlan_proto\t')
        screen.until("IFLA_VLAN_PROTOCOL")
        screen.keys(" == eth_p_8021ad\t")
        screen.until("ETH_P_8021AD")
        screen.keys('")\r')
        screen.until("<5 of <nldissect capture")
        screen.keys('filter("IFLA_MTUU")\r')
        assert "Traceback" not in screen.until('did you mean "IFLA_MTU"?')
        screen.keys("exit\r")
        assert 0 == screen.ended()
    assert [] == list(cwd.iterdir())
    assert (home / ".config/scapy/history").stat().st_size > 0


@pytest.mark.parametrize("program", [["-m", "nldissect"], ["-c", BARE]], ids=["best", "python"])
def test_a_home_that_can_not_be_written_stops_nothing(program: list[str], tmp_path: Path) -> None:
    command = (sys.executable, *program, "shell")
    with Terminal(*command, home=Path("/proc/nowhere"), cwd=tmp_path, PYTHONPATH=str(ROOT)) as screen:
        screen.until(">>>")
        screen.keys("print(IFLA.MTU.number + 38)\r")
        screen.until("42")
        screen.until(">>>")
        screen.keys("exit()\r")
        assert 0 == screen.ended()
    assert [] == list(tmp_path.iterdir())


def test_scapy_s_start_up_files_and_extensions_are_run(tmp_path: Path) -> None:
    """A mistake in one is told and stops nothing."""
    folder = tmp_path / ".config/scapy"
    folder.mkdir(parents=True)
    (folder / "prestart.py").write_text('conf.interactive_shell = "python"\nconf.verb = 7\n')
    (folder / "startup.py").write_text("mine = IFLA.MTU.number + 38\nnowhere\n")
    command = (sys.executable, "-m", "nldissect", "shell")
    with Terminal(*command, home=tmp_path, cwd=tmp_path, PYTHONPATH=str(ROOT)) as screen:
        assert "NameError: name 'nowhere' is not defined" in screen.until(">>> ")
        screen.keys("print(mine, conf.verb, cap)\n")
        screen.until("42 7 None")


def test_filter_takes_packets_from_anywhere() -> None:
    frames = rdpcap(VLAN)
    filter = chooser(None)
    found = filter("IFLA_VLAN_ID == 20 and nlmsg_flags & NLM_F_CREATE", frames)

    assert isinstance(found, PacketList) and [packet for packet in frames if packet in found.res] == found.res
    assert ["RTM_NEWLINK v20@d0 vlan id 20"] == [
        nldissect.walk(bytes(frame)).messages[0].type_name + " v20@d0 vlan id 20" for frame in found
    ]
    pairs = SndRcvList([QueryAnswer(frames[2], frames[3]), QueryAnswer(frames[0], frames[1])])
    assert [pairs[0]] == filter("IFLA_INFO_KIND and nlmsg_flags & NLM_F_CREATE", pairs).res
    messages = [message for frame in frames for message in frame.messages]
    made = nlmsghdr(nlmsg_type="RTM_NEWLINK") / ifinfomsg(attrs=[IFLA.MTU(9000)])
    assert [made] == filter("IFLA_MTU > 1500", [*messages, IP(), made])
    assert [1] == list(filter(None, [0, 1]))
    with pytest.raises(FilterError, match="IFLA_MTUU"):
        filter("IFLA_MTUU", frames)
    with pytest.raises(NldissectError, match="no capture is open"):
        filter("IFLA_MTU")


def test_filter_knows_what_the_packets_own_contexts_know() -> None:
    """Frames of a capture after nlctrl's answers: the id of ethtool is not in them, but in what they came from."""
    with nldissect.open(ETHTOOL) as capture:
        asked = capture.filter('genlmsghdr.family == "ethtool"')
        packets = [asked[number] for number in range(4)]
        assert packets == chooser(capture)('genlmsghdr.family == "ethtool"', packets)
        assert len(asked) == len(chooser(capture)('genlmsghdr.family == "ethtool"'))
        assert len(asked.filter("nlmsg_flags & NLM_F_ACK")) == len(chooser(None)("nlmsg_flags & NLM_F_ACK", asked))


def listed(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[str]:
    ls(*arguments)
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_ls_finds_by_part_of_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    found = listed(capsys, "ifinfo")
    assert found[0].startswith("ifinfomsg : message RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK")
    found = listed(capsys, "Vlan_Id")
    assert "IFLA_VLAN_ID : 1 in IFLA_VLAN: U16" in found
    found = listed(capsys, "iff_up")
    assert "IFF_UP : 0x1 of IFF" == found[0]
    assert "RTM_NEWLINK : 16, message of NETLINK_ROUTE, holds ifinfomsg" in listed(capsys, "newlink")
    assert "ICMP : layer of Scapy: ICMP" in listed(capsys, "icmp")


def test_ls_of_rows_sets_and_enumerations(capsys: pytest.CaptureFixture[str]) -> None:
    assert ["IFLA_MTU : U32", "number : 4", "set : IFLA", "bytes : 4"] == listed(capsys, IFLA.MTU)
    found = listed(capsys, IFLA.OPERSTATE)
    assert found[0] == "IFLA_OPERSTATE : U8 IF_OPER" and "IF_OPER_UP : 6" in found
    assert "Nest IFLA_IPVLAN : where IFLA_INFO_KIND is ipvlan or ipvtap" in listed(capsys, IFLA_INFO.DATA)
    assert "IFLA_INFO_KIND : 1 Text" in listed(capsys, IFLA_INFO)
    assert "AF_INET6 : 10" in listed(capsys, AF)


def test_ls_of_messages_and_of_scapy_s_layers(capsys: pytest.CaptureFixture[str]) -> None:
    found = listed(capsys, ifinfomsg)
    assert "ifi_flags : U32 IFF (0)" in found and "attrs : Nest IFLA" in found
    found = listed(capsys, nlmsghdr(nlmsg_type="RTM_NEWLINK") / ifinfomsg(ifi_flags="UP", attrs=[IFLA.MTU(1)]))
    assert "nlmsg_type : TypeKind = RTM_NEWLINK" in found
    assert found[-2:] == ["ifi_change : U32 IFF = 0", "attrs : Nest IFLA = IFLA_MTU"]
    assert "ttl : ByteField = ('64')" in listed(capsys, IP)


def test_everything_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every set, enumeration, message and row."""
    things = [thing for thing in map(vars(nldissect.all).get, nldissect.all.__all__) if isinstance(thing, type)]
    rows = [row for thing in things if issubclass(thing, AttrSet) for row in thing.rows.values()]
    for thing in [*things, *rows]:
        ls(thing)
    found = capsys.readouterr().out
    assert len(rows) > 2000 < found.count("\nnumber ")


def test_explore_goes_from_families_to_what_one_declares(capsys: pytest.CaptureFixture[str]) -> None:
    explore()
    found = capsys.readouterr().out
    assert {"route", "sock_diag", "generic.ethtool"} <= {line.partition(" ")[0] for line in found.splitlines()}
    explore("nldissect.families.route")
    found = capsys.readouterr().out
    assert "route.addr: Addresses of interfaces" in found and "\n  ifaddrmsg : message RTM_NEWADDR" in found
    explore(sys.modules["nldissect.families.route.link"])
    found = capsys.readouterr().out
    assert "\n  IFLA_INFO " in found and "attribute set, 5 rows" in found
    explore("inet")
    assert "ICMP" in capsys.readouterr().out
    with pytest.raises(NldissectError, match="no module"):
        explore("nldissect.families.nowhere")


def test_show_gives_a_tree() -> None:
    """ip link add link d0 name v5000 type vlan id 5000: the request inside the kernel's refusal."""
    (refused,) = (frame for frame in rdpcap(ERRORS) if b"Invalid VLAN id" in bytes(frame))
    lines = (show(refused, dump=True) or "").splitlines()

    assert "nlmon" == lines[0]
    assert "├── sll_protocol: NETLINK_ROUTE (0)" in lines
    assert "        ├── error: ERANGE (Numerical result out of range)" in lines
    assert '        └── NLMSGERR_ATTR_MSG (1): "8021q: Invalid VLAN id"' in lines
    assert any(line.endswith("└── IFLA_VLAN_ID (1): 5000") for line in lines)


def test_show_names_commands() -> None:
    """ethtool --show-features and such: the command is its family's, and its number's direction."""
    with nldissect.open(ETHTOOL) as capture:
        lines = (show(capture.filter('genlmsghdr.family == "ethtool"')[0], dump=True) or "").splitlines()
    assert "ETHTOOL_MSG_LINKMODES_GET left" == lines[0]
    assert "│   ├── cmd: ETHTOOL_MSG_LINKMODES_GET (4)" in lines


def test_show_tells_what_was_set_by_hand() -> None:
    made = ifinfomsg(attrs=[IFLA.MTU(1500, nla_type=77, nla_len=9), IFLA.LINKINFO([]), IFLA.IFNAME()])
    lines = (show(made, dump=True) or "").splitlines()

    assert ["├── IFLA_MTU (4) nla_type=77 nla_len=9: 1500", "├── IFLA_LINKINFO (18, NLA_F_NESTED): (empty)"] == lines[
        -3:-1
    ]
    assert "RTA_DST (1): 10.0.0.0\n" == show(RTA.DST("10.0.0.0"), dump=True)


@pytest.mark.parametrize("name", ["ack_layouts", "audit", "bridge", "conntrack", "rule", "route", "uevent", "usersock"])
def test_captures_show(name: str) -> None:
    """Every attribute of the first messages has its line."""
    with nldissect.open(ROOT / f"captures/{name}.pcap") as capture:
        for number in range(min(len(capture), 12)):
            message = capture[number]
            text = show(message, dump=True) or ""
            for layer in message.iterpayloads():
                rows = [one.row for one in getattr(layer, "attrs", ()) if isinstance(one, Attr)]
                assert [row.name for row in rows if f"{row.name} ({row.number}" not in text] == []


def test_members_are_rows_and_names() -> None:
    assert {"KIND", "DATA"} <= set(members(IFLA_INFO) or ()) and "rows" not in (members(IFLA_INFO) or ())
    assert "INET6" in (members(AF) or ())
    assert members(nlmon) is None and members(3) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('filter("ifla_vlan_pro', ["IFLA_VLAN_PROTOCOL"]),
        ("x = cap.filter('not error and nlmsg_type == RTM_NEWLINKP", ["RTM_NEWLINKPROP"]),
        ('cap.select("frame.number", "frame.time_r', ["frame.time_relative"]),
        ('filter("nlmsg_type in {RTM_NEWLINK, RTM_DELLINKP', ["RTM_DELLINKPROP"]),
        ('filter("IFLA_IFNAME == ', []),
        ('filter("error == EINV', ["EINVAL"]),
        ('print("ifla_vlan_pro', None),
        ('filter("error").sel', None),
    ],
)
def test_words_of_a_filter_that_is_being_written(line: str, words: list[str] | None) -> None:
    assert in_filter(line) == words
