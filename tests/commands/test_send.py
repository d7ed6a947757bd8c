"""`nldissect send`: expressions and captures to a kernel; the host's own for what only reads, a kernel of ours else."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nldissect.cli import main
from nldissect.commands.send.compare_answers import compare, lasting
from nldissect.commands.send.expressions import from_text
from nldissect.commands.send.safety import only_reads
from nldissect.errors import ExpressionError, NldissectError
from nldissect.sockets import NetlinkSocket
from nldissect.wire import Context, walk
from tests.helpers.captures import messages
from tests.helpers.messages import GENERIC, ROUTE, attribute, error, frame, link, message, write
from tests.helpers.pages import page
from tests.helpers.paths import CAPTURES

GETLINK = "nlmsghdr(nlmsg_type='RTM_GETLINK')/ifinfomsg(attrs=[IFLA.IFNAME('lo')])"
NEWLINK = (
    "nlmsghdr(nlmsg_type='RTM_NEWLINK', nlmsg_flags='REQUEST|ACK|CREATE|EXCL')/"
    "ifinfomsg(attrs=[IFLA.IFNAME('nld7'), IFLA.MTU(1400), IFLA.LINKINFO([IFLA_INFO.KIND('dummy')])])"
)


def send(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["send", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_a_question_to_this_host(capsys: pytest.CaptureFixture[str]) -> None:
    """RTM_GETLINK of lo: flags and number are filled in, the answer and the ack are shown with their direction."""
    status, out, err = send(capsys, GETLINK, "-T", "ndjson")
    request, answer, ack = objects(out)

    assert (0, "") == (status, err)
    assert ["NLM_F_REQUEST", "NLM_F_ACK"] == request["nlmsg_flags"]
    assert request["nlmsg_seq"] == answer["nlmsg_seq"] == ack["nlmsg_seq"] > 0
    assert ["to kernel", "to user", "to user"] == [one["direction"] for one in (request, answer, ack)]
    assert all(one["direction_known"] for one in (request, answer, ack))
    assert ("lo", 1) == (
        answer["layers"]["ifinfomsg"]["attrs"]["IFLA_IFNAME"],
        answer["layers"]["ifinfomsg"]["ifi_index"],
    )
    assert 0 == ack["layers"]["nlmsgerr"]["error"]


def test_a_dump_and_several_expressions(capsys: pytest.CaptureFixture[str]) -> None:
    text = f"{GETLINK}; nlmsghdr(nlmsg_type='RTM_GETADDR', nlmsg_flags='REQUEST|DUMP')/ifaddrmsg(ifa_family='AF_INET')"
    status, out, _ = send(capsys, text, "-T", "ndjson")
    names = [one["nlmsg_type"] for one in objects(out)]

    assert 0 == status
    assert ["RTM_GETLINK", "RTM_NEWLINK", "NLMSG_ERROR", "RTM_GETADDR"] == names[:4]
    assert "NLMSG_DONE" == names[-1]


def test_a_refusal_is_shown_and_told_by_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = send(capsys, GETLINK.replace("lo", "nosuchlink"))

    assert (1, "") == (status, err)
    assert "ENODEV (No such device) for RTM_GETLINK" in out


def test_generic_families_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    """genl() asks this host for the id; a body says by its attributes which family it is for."""
    status, out, _ = send(capsys, "genl('nlctrl', 'GETFAMILY', [CTRL_ATTR.FAMILY_NAME('nlctrl')])", "-T", "ndjson")
    assert 0 == status
    assert {"nlctrl"} == {
        one["layers"]["genlmsghdr"]["family"] for one in objects(out) if "genlmsghdr" in one["layers"]
    }

    foreign = "nlmsghdr(nlmsg_type=0x7abc)/genlmsghdr(cmd='ETHTOOL_MSG_STRSET_GET', version=1)/generic(attrs=["
    foreign += "ETHTOOL_A_STRSET.HEADER([]), ETHTOOL_A_STRSET.STRINGSETS([])])"
    with NetlinkSocket("generic") as socket:
        if "ethtool" not in socket.families.names():
            pytest.skip("this host's kernel has no ethtool family")
        number = socket.families.id("ethtool")
    status, out, _ = send(capsys, foreign, "-T", "ndjson")
    assert {number} <= {one["nlmsg_type"] for one in objects(out)}
    assert 0x7ABC not in {one["nlmsg_type"] for one in objects(out)}


def test_nothing_is_changed_without_a_yes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("something was sent")

    monkeypatch.setattr(NetlinkSocket, "_send", never)
    status, out, err = send(capsys, NEWLINK)
    assert (2, "") == (status, out)
    assert "1 of 1 requests may change this host (RTM_NEWLINK); look with --dry-run, then send with --yes" in err

    status, _, err = send(capsys, str(CAPTURES / "vlan_add.pcap"))
    assert 2 == status
    assert "4 of 13 requests may change this host (RTM_NEWLINK, RTM_DELLINK)" in err


def test_dry_run_shows_what_would_be_sent(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NetlinkSocket, "__init__", None)
    status, out, err = send(capsys, str(CAPTURES / "vlan_add.pcap"), "--dry-run", "-T", "ndjson")
    wanted = [one for one in messages("vlan_add.pcap") if one.direction == "to kernel"]

    assert 0 == status
    assert [one.seq for one in wanted] == [one["nlmsg_seq"] for one in objects(out)]
    assert "nothing sent; 4 of 13 requests may change something" in err

    assert "IFLA_MTU (4): 1400" in send(capsys, NEWLINK, "--dry-run", "-V")[1]
    chosen = send(capsys, str(CAPTURES / "vlan_add.pcap"), "--dry-run", "-Y", "IFLA_VLAN_ID == 20")
    assert (1, "1 of 1 requests") == (len(chosen[1].splitlines()), chosen[2][25:40])


def test_what_read_prints_can_be_sent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """read -T python as a file and on standard input: imports and remarks stay away, bytes are the same."""
    capture = str(CAPTURES / "ethtool.pcap")
    main(["read", capture, "-Y", 'direction == "to kernel"', "-T", "python"])
    text = capsys.readouterr().out
    (tmp_path / "requests.py").write_text(text)
    before = [one.data[one.start : one.end] for one in messages("ethtool.pcap") if one.direction == "to kernel"]

    assert before == [one.raw for one in from_text(text, None, dict)]
    out = send(capsys, str(tmp_path / "requests.py"), "--dry-run", "-T", "hex")[1]
    assert len(before) == out.count("# frame ")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert out == send(capsys, "-", "--dry-run", "-T", "hex")[1]


def test_the_lines_of_the_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each `nldissect send` of the page, without sending; expressions name lo, which every host has."""
    monkeypatch.chdir(CAPTURES.parent)
    lines = page("python").splitlines()
    commands = [shlex.split(line)[2:] for line in lines if line.startswith("nldissect send ")]
    with NetlinkSocket("generic") as socket:
        families = socket.families.names()

    assert len(commands) >= 3
    for arguments in commands:
        if "ethtool" in families or "ethtool" not in arguments[0]:
            status, out, err = send(capsys, *arguments, "--dry-run")
            assert 0 == status, err
            assert out


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ifinfomsg()", "the expression is ifinfomsg; write nlmsghdr(nlmsg_type=...)/ before it"),
        ("nlmsghdr(nlmsg_type='RTM_GETLINK')/ifinfmsg()", 'no name "ifinfmsg"; did you mean "ifinfomsg"?'),
        ("nlmsghdr(", "the expression is no Python: '(' was never closed"),
        ("nlmsghdr(nlmsg_type='RTM_NOSUCH')", "no message type is called 'RTM_NOSUCH'"),
        ("nlmsghdr(nlmsg_type=18)", "NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_XFRM; choose with --protocol"),
        ("nlmsghdr(nlmsg_type='RTM_GETLINK', nlmsg_flags=0)/ifinfomsg()", "has no NLM_F_REQUEST"),
        ("nlmsghdr(nlmsg_type=nlmsghdr())/ifinfomsg()", "a value does not fit its field"),
        ("(1, 2)", "the expression is int; it must be a message"),
        ("[]", "the expression is nothing; it must be a message"),
        ("open('/etc/passwd')", 'no name "open"'),
        ("import os; os.system('true')", "an expression can't import; it has the names of nldissect.all"),
        ("nosuch.pcap", "'nosuch.pcap' is no file and no expression"),
        ("# keys are zeros\n()", "its keys are zeros; print it again with --show-secrets"),
        ("# (nothing)", "the text holds no expression; write one"),
    ],
)  # fmt: skip
def test_mistakes(text: str, complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = send(capsys, text)
    assert (2, "") == (status, out)
    assert complaint in err.splitlines()[0]
    assert len(err.splitlines()) in (1, 3)


ASK = "nlmsghdr(nlmsg_type='RTM_GETLINK')"
REFUSED = [
    "().__class__", "ifinfomsg.__init__(IFLA)", "ifinfomsg.mro()", "IFLA.__class__('x')", "IFLA.row(3)",
    "IFLA.rows[3](1)",
    "AF.names()", "AF.short('x')", "AF.prefix | (1)", "nlmsghdr().show()", "CTRL_ATTR.OPS[1].layer()",
    "NetlinkSocket('route')", "NlmonSocket()", "FakeKernel()", "walk(b'')", "Context()", "mask_of([1])", "AF('x')",
    "exec('x')", "eval('x')", "__import__('os')", "bytes(16)", "'a' * (10 ** 9)", "9 ** 9 ** (9)", "1 << (10 ** 10)",
    "[one for one in [1]]", "(lambda: 1)()", "x = (1)", "(x := 1)", "f'{open}()'", "nlmsghdr(*[1])", "nlmsghdr(**{})",
    "def f(): pass", "while (1): pass", "(1).real", "'a'.join(['b'])", "[1][0]", "{1: [2]}", "(1.5)", "(...)", "(2j)",
    f"{ASK}/ifinfomsg(post_transform=ifinfomsg)", f"{ASK}/ifinfomsg(_pkt=b'')", f"{ASK}/ifinfomsg(_underlayer=1)",
    f"{ASK}/ifinfomsg(attrs=IFLA)", f"{ASK}/ifinfomsg(_missing=-1)", f"{ASK}/ifinfomsg(_env=1)", "Env('x')",
    "Raw(load=[1])", "genl(1, [])", "genl('nlctrl', 'GETFAMILY', 'x')", "genl('nlctrl', 'GETFAMILY', [], x=1)",
    "CTRL_ATTR.OPS[-1]()", "CTRL_ATTR.OPS[1 << 99]()", "IFLA.MTU[1]()", "[" * 150 + "]" * 150,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:40])
def test_nothing_runs_in_an_expression(text: str) -> None:
    """Neither attributes of Python's own, nor calls of what makes no message, nor arithmetic; the place is marked."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("asked the kernel")

    with pytest.raises(ExpressionError) as caught:
        from_text(text, None, never)
    _, line, marks = str(caught.value).splitlines()
    assert line[2:6].strip(".") in text
    assert "^" in marks


@pytest.mark.parametrize("text", ["-" * 5000 + "1", "[" * 9999, "|".join("1" * 99999), "(1)" + "[1]" * 9999, "'\0'\0("])
def test_texts_that_python_does_not_take_are_refused(text: str) -> None:
    with pytest.raises(NldissectError):
        from_text(text, None, dict)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ("ifi_index='x'", "'x' is no number"),
        ("ifi_index=1 << 40", "an expression is read"),
        ("ifi_index=1099511627776", "ifi_index: 1099511627776 does not fit"),
        ("attrs=[IFLA.IFNAME('" + "a" * 70000 + "')]", "IFLA_IFNAME: a length of 70005 or a type of 3 does not fit"),
        ("ifi_famly=2", 'no name "ifi_famly"; did you mean "ifi_family"?'),
    ],
)
def test_values_that_do_not_fit(fields: str, complaint: str) -> None:
    with pytest.raises(NldissectError) as caught:
        from_text(f"{ASK}/ifinfomsg({fields})", None, dict)
    assert complaint in str(caught.value).splitlines()[0]
    assert len(str(caught.value)) < 400


def test_a_mistake_is_marked_where_it_stands() -> None:
    """In the line that holds it, whatever ends lines, and of a long line what is around it."""
    text = f"# ä\r\n{ASK}/ifinfomsg(ifi_flags='UP',\r  attrs=[{'IFLA.MTU(1400), ' * 9}IFLA.NAM('ä')])"
    with pytest.raises(ExpressionError) as caught:
        from_text(text, None, dict)
    message, line, marks = str(caught.value).splitlines()

    assert 'no name "IFLA.NAM"; did you mean "IFLA.IFNAME"? (line 3)' == message
    assert "IFLA.NAM" == line[marks.index("^") : len(marks)]
    assert len(line) < 170


def test_a_file_that_is_code_is_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever its name, with --dry-run or without."""
    (tmp_path / "code.pcap").write_text(f"().__class__.__base__.__subclasses__()\nopen('{tmp_path}/run', 'w')\n")
    for options in ([], ["--dry-run"], ["--yes"]):
        status, out, err = send(capsys, str(tmp_path / "code.pcap"), *options)
        assert (2, "") == (status, out)
        assert "an expression is read, not run" in err
    assert not (tmp_path / "run").exists()


def test_captures_that_cant_be_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = link(0, attribute(3, b"lo\0"), kind=18, flags=1, seq=5)
    replies = write(tmp_path / "replies.pcap", frame(ROUTE, link(1, seq=5, pid=9)))
    assert "holds no request to the kernel" in send(capsys, str(replies))[2]

    cut = write(tmp_path / "cut.pcap", frame(ROUTE, ask), frame(ROUTE, ask), snap=52)
    status, _, err = send(capsys, str(cut), "--dry-run")
    assert (2, 3) == (status, len(err.splitlines()))
    assert "frame 1 is cut short; its request is not sent" in err

    big = write(tmp_path / "big.pcap", frame(ROUTE, message(18, bytes(16), 1, order=">")), order=">")
    assert "is from a host of the other byte order" in send(capsys, str(big), "--dry-run")[2]

    assert "is neither a capture nor text" in send(capsys, sys.executable)[2]


def test_answers_are_compared_with_the_recorded_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """lo as this host has it, then with another MTU, and an error that this host does not give."""
    out = objects(send(capsys, GETLINK, "-T", "ndjson")[1])
    request = link(0, attribute(3, b"lo\0"), kind=18, flags=1, seq=5)
    with NetlinkSocket("route") as socket:
        answer = bytes(socket.ask(request)[0].answers[0])
    mtu = out[1]["layers"]["ifinfomsg"]["attrs"]["IFLA_MTU"]
    same = answer[:8] + (5).to_bytes(4, sys.byteorder) + (77).to_bytes(4, sys.byteorder) + answer[16:]
    other = same.replace(attribute(4, mtu.to_bytes(4, "little")), attribute(4, (mtu - 1).to_bytes(4, "little")))
    assert other != same

    path = write(tmp_path / "same.pcap", frame(ROUTE, request), frame(ROUTE, same))
    status, text, _ = send(capsys, str(path))
    assert (0, "1 of 1 requests were answered as recorded; 1 of 1 answers are equal") == (status, text.splitlines()[-1])

    refused = error(19, request, seq=5, pid=77)
    path = write(tmp_path / "other.pcap", *(frame(ROUTE, one) for one in (request, other, request, refused)))
    status, text, _ = send(capsys, str(path))
    told = text.splitlines()[-5:]
    assert 1 == status
    assert "frame 1, RTM_GETLINK: 0 of 1 answers as recorded" == told[0]
    assert f"    answer 1 (lo): ifinfomsg.IFLA_MTU {mtu - 1}, here {mtu}" == told[1]
    assert "frame 3, RTM_GETLINK: 0 of 1 answers as recorded" == told[2]
    assert told[3].startswith("    answer 1: nlmsg_type NLMSG_ERROR, here RTM_NEWLINK; error ENODEV, here absent")
    assert "0 of 2 requests were answered as recorded; 0 of 2 answers are equal" == told[4]


def test_a_family_this_kernel_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = message(0x7ABC, bytes([1, 1, 0, 0]), 1, seq=5)
    path = write(tmp_path / "lacks.pcap", frame(GENERIC, ask))
    status, _, err = send(capsys, str(path), "--family", "0x7abc=nosuchfamily", "--yes")

    assert 1 == status
    assert 'frame 1, nosuchfamily cmd 1: this kernel has no generic family "nosuchfamily"' in err


def test_what_counts_as_the_same() -> None:
    (first,) = walk(frame(ROUTE, link(1, attribute(3, b"lo\0"), attribute(7, bytes(96)), seq=5, pid=9))).messages
    (later,) = walk(frame(ROUTE, link(1, attribute(3, b"lo\0"), attribute(7, b"\1" * 96), seq=6, pid=8))).messages
    (moved,) = walk(frame(ROUTE, link(2, attribute(3, b"lo\0"), attribute(7, bytes(96)), seq=5, pid=9))).messages

    assert lasting(first) == lasting(later)
    assert (1, 1, []) == compare([first], [later])
    assert (0, 1, ["answer 1 (lo): ifinfomsg.ifi_index 1, here 2"]) == compare([first], [moved])
    assert (1, 2, ["answer 2, RTM_NEWLINK: not here"]) == compare([first, first], [moved, first][1:])
    assert (1, 1, ["only here: RTM_NEWLINK (lo)"]) == compare([first], [moved, later])


def test_which_requests_only_read() -> None:
    """Every request of every capture: the names that are sent without a question, and some that are not."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for path in sorted(CAPTURES.glob("*.pcap")):
        for one in messages(path.name, direction="to kernel"):
            if one.has_header:
                name = one.layers[0].value[0].kind.shown(one.layers[0].value[0].value) if one.family else one.type_name
                names[only_reads(one)].add(name)

    assert {"RTM_GETLINK", "SOCK_DIAG_BY_FAMILY", "ETHTOOL_MSG_CHANNELS_GET", "NFT_MSG_GETRULE"} <= names[True]
    assert {"RTM_NEWLINK", "RTM_SETLINK", "RTM_DELROUTE", "NFT_MSG_NEWTABLE", "XFRM_MSG_NEWSA"} <= names[False]
    assert {"NFT_MSG_GETRULE_RESET", "IPCTNL_MSG_CT_GET_CTRZERO", "SOCK_DESTROY"} & names[True] == set()
    assert not [name for name in names[True] if {"NEW", "DEL", "ADD", "SET", "FLUSH"} & set(name.split("_"))]
    assert not [name for name in names[True] if name.startswith(("RTM_NEW", "RTM_DEL", "NFT_MSG_NEW", "NFT_MSG_DEL"))]


def test_the_question_on_a_terminal() -> None:
    """A terminal on which somebody answers no: nothing is sent."""
    parent, child = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(CAPTURES.parent)}
    command = [sys.executable, "-m", "nldissect", "send", NEWLINK, "--no-color"]
    with subprocess.Popen(command, stdin=child, stdout=subprocess.PIPE, stderr=child, env=environment) as process:
        os.close(child)
        told = b""
        while b"[y/N]" not in told:
            told += os.read(parent, 4096)
        os.write(parent, b"n\n")
        assert process.stdout is not None
        assert b"" == process.stdout.read()
        process.wait()
        while b"nothing was sent" not in told:
            told += os.read(parent, 4096)
    os.close(parent)
    text = told.decode().replace("\r\n", "\n")

    assert 2 == process.returncode
    assert "nldissect: 1 of 1 requests may change this host (RTM_NEWLINK)\nSend? [y/N] " in text
    assert "nldissect: nothing was sent" in text


SENDER = """
import os, sys
import nldissect.commands.send.command  # before the fork
from nldissect.cli import main

def send(*arguments):
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        status = main(["send", *arguments])
        sys.stdout.flush()
        os._exit(status)
    print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


def test_a_link_in_the_namespace_that_was_named(kernel: ModuleType) -> None:
    """A dummy made by an expression, where --netns says; refused the second time; deleted again."""
    gone = "nlmsghdr(nlmsg_type='RTM_DELLINK')/ifinfomsg(attrs=[IFLA.IFNAME('nld7')])"
    result = kernel.run(
        f"""{SENDER}
os.system("ip netns add blue")
send({NEWLINK!r}, "--yes", "--netns", "blue")
os.system("ip -n blue -j link show nld7; ip -j link show nld7")
send({NEWLINK!r}, "--yes", "--netns", "blue")
send({gone!r}, "--yes", "--netns", "blue")
os.system("ip -n blue -j link show nld7")
send({GETLINK!r}, "--netns", "nosuch")
""",
        interpreter=sys.executable,
    )
    assert "→ ROUTE RTM_NEWLINK  nld7 mtu 1400 dummy\n" in result.output
    shown = json.loads(next(line for line in result.output.splitlines() if line.startswith("[{")))
    assert ("nld7", 1400) == (shown[0]["ifname"], shown[0]["mtu"])
    assert 2 == result.output.count('Device "nld7" does not exist.')  # not outside, and not after it was deleted
    told = [line for line in result.output.splitlines() if line[:6] == "status"]
    assert ["status 0", "status 1", "status 0", "status 2"] == told
    assert "EEXIST (File exists) for RTM_NEWLINK" in result.output
    assert "no network namespace nosuch" in result.output


def test_the_requests_of_a_capture_again(kernel: ModuleType) -> None:
    """What iproute2 and nft asked when the captures were made, on a kernel like that: the same answers."""
    result = kernel.run(
        f"""{SENDER}
os.system("ip link add d0 address 02:00:00:00:00:01 type dummy; ip link add nlmon0 type nlmon")
send("{CAPTURES}/vlan_add.pcap", "--yes")
os.system("ip -j link show v20")
send("{CAPTURES}/nft_bridge.pcap", "--yes")
send("{CAPTURES}/nft_bridge.pcap", "--yes", "-Y", "nlmsg_type == NFT_MSG_NEWTABLE")
os.system("nft -j list tables")
""",
        interpreter=sys.executable,
    )
    assert "13 of 13 requests were answered as recorded; 14 of 14 answers are equal\n" in result.output
    assert '"ifname":"v20"' in result.output
    assert re.search(
        r"^(15\d) of \1 requests were answered as recorded; (18\d) of \2 answers are equal$", result.output, re.M
    )
    if shutil.which("nft", path=kernel.SEARCH) is not None:
        assert '{"table": {"family": "bridge", "name": "filter"' in result.output


def test_ids_of_a_capture_are_those_of_the_kernel_it_is_sent_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A capture whose nlctrl calls nl "ethtool" 0x7abc: the request goes to the id this host has."""
    with NetlinkSocket("generic") as socket:
        if "ethtool" not in socket.families.names():
            pytest.skip("this host's kernel has no ethtool family")
        number = socket.families.id("ethtool")
    told = attribute(2, b"ethtool\0") + attribute(1, (0x7ABC).to_bytes(2, "little"))
    answer = message(0x10, bytes([1, 2, 0, 0]) + told, 0, seq=1, pid=9)
    ask = message(0x7ABC, bytes([1, 1, 0, 0]) + attribute(0x8001, b"") + attribute(0x8002, b""), 5, seq=2)
    path = write(tmp_path / "ids.pcap", frame(GENERIC, answer), frame(GENERIC, ask))

    _, out, _ = send(capsys, str(path), "-T", "ndjson")
    sent = objects(out)[0]
    assert (number, "ETHTOOL_MSG_STRSET_GET") == (sent["nlmsg_type"], sent["layers"]["genlmsghdr"]["cmd"])
    assert Context().name("genl", number) is None
