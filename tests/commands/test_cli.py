"""The command line as a shell sees it: what goes to stdout and stderr, and the exit status."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.helpers.cli import ENVIRONMENT, NLDISSECT, complaint, lines, run, started, terminal
from tests.helpers.messages import GENERIC, REQUEST, ROUTE, attribute, frame, link, message, write
from tests.helpers.paths import CAPTURES, ROOT
from tests.helpers.pcap_bytes import pcap, read

VLAN = str(CAPTURES / "vlan_add.pcap")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("read", VLAN, "-Y", "IFLA_VLAN_ID", "-T", "ndjson"), '"IFLA_VLAN_ID":10,'),
        (("stats", VLAN), "RTM_NEWLINK"),
        (("fields", "IFLA_VLAN_ID"), "IFLA_VLAN_ID"),
        (("read", "no-such-file.pcap"), "nldissect: no file no-such-file.pcap; check the name and the directory"),
    ],
)
def test_a_program_of_its_own_and_a_fork_of_one_say_the_same(arguments: tuple[str, ...], said: str) -> None:
    alone, forked = started(*arguments), run(*arguments)
    assert (alone.returncode, alone.stdout, alone.stderr) == (forked.returncode, forked.stdout, forked.stderr)
    assert said in (alone.stdout + alone.stderr).decode()


def test_read_lists_a_line_a_message() -> None:
    found = lines("read", VLAN)
    assert "27 0." in found[-1] and "ack for RTM_DELLINK" in found[-1]
    assert 28 == len(found)  # 27 frames, one of them with two messages
    assert not [line for line in found if "\x1b" in line]


def test_read_stops_after_so_many_frames() -> None:
    assert 3 == len(lines("read", VLAN, "-c", 3))
    assert 1 == json.loads(lines("read", VLAN, "-c", 1, "-T", "ndjson")[-1])["frame"]


def test_read_forms() -> None:
    objects = [json.loads(line) for line in lines("read", VLAN, "-T", "ndjson")]
    assert objects == json.loads("\n".join(lines("read", VLAN, "-T", "json")))
    assert 28 == len(objects)
    assert 27 == len([line for line in lines("read", VLAN, "-V") if line.startswith("Frame ")])
    assert "      0000  30 00 00 00 12 00 01 00" in "\n".join(lines("read", VLAN, "-x", "-c", 1))
    assert [] == lines("read", VLAN, "-q")


def test_an_empty_capture_is_no_error(tmp_path: Path) -> None:
    path = write(tmp_path / "empty.pcap")
    assert [] == lines("read", path)
    assert [] == json.loads("".join(lines("read", path, "-T", "json")))


def test_time_of_day_and_since_1970() -> None:
    assert (
        lines("read", VLAN, "-c", 1, "-t", "e")[0].split()[1]
        == json.loads(lines("read", VLAN, "-T", "ndjson")[0])["time"]
    )
    assert 3 == len(lines("read", VLAN, "-c", 1, "-t", "a")[0].split()[1].split(":"))


def test_standard_input() -> None:
    assert lines("read", VLAN) == lines("read", "-", stdin=Path(VLAN).read_bytes())


def test_a_live_pipe_is_shown_as_it_comes() -> None:
    """As in `ssh host tcpdump -U -w - | nldissect read -`: the first line comes while the pipe is open."""
    with subprocess.Popen(
        [*NLDISSECT, "read", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdin and process.stdout
        data = Path(VLAN).read_bytes()
        first = 24 + 16 + int.from_bytes(data[32:36], "little")
        process.stdin.write(data[:first])
        process.stdin.flush()
        assert b"RTM_GETLINK" in process.stdout.readline()
        process.stdin.write(data[first:])
        process.stdin.close()
        assert b"ack for RTM_DELLINK" in process.stdout.read().splitlines()[-1]
    assert 0 == process.returncode


def test_a_cut_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap"
    path.write_bytes(Path(VLAN).read_bytes()[:-10])
    done = run("read", path)
    assert 1 == done.returncode
    assert 27 == len(done.stdout.splitlines())  # all but the last
    (told,) = done.stderr.decode().splitlines()
    assert told.startswith(f"nldissect: {path}: cut short in record 27 at byte ")
    assert 1 == run("read", path, "-q").returncode
    assert 0 == run("read", path, "-c", 5).returncode  # what was asked for is whole


@pytest.mark.parametrize("name", ["x.pcap", "x.pcapng"])
def test_rewriting_keeps_every_byte(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    assert [] == lines("read", VLAN, "-w", out)
    before, after = read(Path(VLAN).read_bytes())[0], read(out.read_bytes())[0]
    assert [(one.time, one.data, one.wire_length) for one in before] == [
        (one.time, one.data, one.wire_length) for one in after
    ]
    assert out.read_bytes()[:4] == (b"\x0a\x0d\x0d\x0a" if name.endswith("ng") else pcap()[:4])
    if name == "x.pcap":
        assert Path(VLAN).read_bytes()[24:] == out.read_bytes()[24:]


@pytest.mark.parametrize("arguments", [["read", VLAN], ["read", VLAN, "-T", "json"], ["fields"], ["--version"]])
def test_a_full_standard_output_is_told(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*NLDISSECT, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env={key: value for key, value in ENVIRONMENT.items() if key != "PYTHONUNBUFFERED"},
            timeout=60,
            check=False,
        )
    assert 2 == done.returncode
    told = "nldissect: can't write standard output: No space left on device; what was written is not all\n"
    assert told == done.stderr.decode()


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_streams_that_the_caller_closed(tmp_path: Path, closed: str) -> None:
    """What is written must not land in a file that got the number of a closed stream."""
    out = tmp_path / "out.pcap"
    command = f"{shlex.join(NLDISSECT)} read {VLAN} -V -w {out} {closed}"
    done = subprocess.run(command, shell=True, capture_output=True, env=ENVIRONMENT, timeout=60, check=False)
    assert (0, "") == (done.returncode, done.stderr.decode())
    assert Path(VLAN).read_bytes()[24:] == out.read_bytes()[24:]


def test_a_command_names_its_own_help() -> None:
    assert "nldissect: unrecognized arguments: -Z; see `nldissect read --help`" == complaint("read", VLAN, "-Z")
    assert "is not duration:SECONDS" in complaint("capture", "-a", "duration:inf")
    assert "is not ID=NAME" in complaint("read", VLAN, "--family", "65536=ethtool")


def test_rewriting_to_standard_output() -> None:
    done = run("read", VLAN, "-w", "-", "-c", 2)
    assert [one.data for one in read(Path(VLAN).read_bytes())[0][:2]] == [one.data for one in read(done.stdout)[0]]
    assert "standard output" in complaint("read", VLAN, "-w", "-", "-V")


def test_rewriting_never_empties_what_it_reads(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(Path(VLAN).read_bytes())
    link = tmp_path / "same.pcap"
    link.symlink_to(path)
    assert "being read" in complaint("read", path, "-w", link)
    assert Path(VLAN).read_bytes() == path.read_bytes()


def test_text_beside_rewriting_only_if_asked_for(tmp_path: Path) -> None:
    assert 1 == len(lines("read", VLAN, "-c", 1, "-w", tmp_path / "a.pcap", "-T", "ndjson"))


def test_several_files_are_merged(tmp_path: Path) -> None:
    out = tmp_path / "both.pcap"
    other = str(CAPTURES / "route.pcap")
    assert [] == lines("read", VLAN, other, "-w", out)
    times = [one.time or 0 for one in read(out.read_bytes())[0]]
    assert sorted(times) == times
    assert len(times) == len(read(Path(VLAN).read_bytes())[0]) + len(read(Path(other).read_bytes())[0])


def test_files_may_stand_between_options() -> None:
    """argparse alone takes what follows a second option for unknown."""
    first, second = str(CAPTURES / "vlan_add.pcap"), str(CAPTURES / "errors.pcap")
    assert run("read", "-t", "e", first, second).stdout == run("read", first, "-t", "e", second).stdout
    assert (
        run("read", "-", "-t", "e", stdin=Path(first).read_bytes()).stdout
        == run("read", "-t", "e", "-", stdin=Path(first).read_bytes()).stdout
    )
    assert run("state", first, "links").stdout == run("state", first, "--at", "end", "links").stdout != b""
    done = run("read", first, "-t", "e", "--nosuch", second)
    assert b"--nosuch" in done.stderr
    assert 2 == done.returncode


def test_a_family_the_user_names(tmp_path: Path) -> None:
    path = write(tmp_path / "x.pcap", frame(GENERIC, message(0x1C, b"\3\1\0\0", flags=REQUEST)))
    assert "family 0x1c cmd 3" in lines("read", path)[0]
    assert "CTRL_CMD_GETFAMILY" in lines("read", path, "--family", "0x1c=nlctrl")[0]


def test_the_byte_order_the_user_names(tmp_path: Path) -> None:
    body = message(4000, b"\0\0\0\0", order=">")
    path = write(tmp_path / "x.pcap", frame(ROUTE, body))
    assert 4000 == json.loads(lines("read", path, "--byte-order", "big", "-T", "ndjson")[0])["nlmsg_type"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("read", "no-such-file.pcap"), "no file no-such-file.pcap"),
        (("read", VLAN, "IFLA_MTU > 1500"), "no file IFLA_MTU > 1500; a filter stands behind -Y"),
        (("read", "."), "is a directory"),
        (("read",), "FILE"),
        ((), "COMMAND"),
        (("frobnicate",), 'no command is called "frobnicate"; see `nldissect --help`'),
        (("reed", "x"), 'no command is called "reed"; did you mean "read"?'),
        ((VLAN,), f"to read that file write `nldissect read {VLAN}`"),
        (("stats", "exchanges", VLAN), f"it stands behind the file: `nldissect stats {VLAN} exchanges`"),
        (("read", "x", "-T", "csv"), "prints the fields you name"),
        (("read", "x", "-c", "0"), "not a positive number"),
        (("read", "x", "--family", "ethtool"), "ID=NAME"),
        (("read", "-", "-"), "once"),
        (("read", "x", "-x", "-T", "json"), "-x"),
        (("read", "x", "-V", "-T", "ndjson"), "choose one"),
    ],
)
def test_mistakes_are_one_line_and_status_2(arguments: tuple[str, ...], says: str) -> None:
    assert says in complaint(*arguments)


def test_what_is_no_capture_of_netlink(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("This is a text, and longer than any header of a capture.")
    assert "no capture" in complaint("read", text)
    ethernet = tmp_path / "eth.pcap"
    ethernet.write_bytes(pcap(linktype=1))
    assert "Ethernet" in complaint("read", ethernet)


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [*NLDISSECT, "read", *[str(CAPTURES / "link_dump.pcap")] * 4, "-V"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert b"" == process.stderr.read()
    assert 0 == process.returncode


def test_an_ascii_terminal_gets_ascii(tmp_path: Path) -> None:
    path = write(tmp_path / "x.pcap", frame(ROUTE, link(1, attribute(3, "ü".encode() + b"\0"))))
    done = run("read", path, VLAN, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert 0 == done.returncode and done.stdout.isascii()
    assert b" -> " in done.stdout and rb"\xfc" in done.stdout


def test_a_terminal_gets_colours_and_lines_that_fit() -> None:

    environment = dict.fromkeys(("NO_COLOR",), "")
    text = terminal("read", str(CAPTURES / "errors.pcap"), **environment)
    assert "\x1b[" in text
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert max(map(len, bare.splitlines())) <= 100
    assert "\x1b" not in terminal("read", VLAN, "--no-color", **environment)
    assert "\x1b" not in terminal("read", VLAN, NO_COLOR="1")


def test_fields() -> None:
    found = lines("fields", "IFLA_VLAN_ID")
    assert [["IFLA_VLAN_ID", "1", "U16", "IFLA_VLAN", "NETLINK_ROUTE"]] == [line.split() for line in found]
    (item,) = json.loads("\n".join(lines("fields", "ifla_vlan_i?", "-T", "json")))
    assert {"name": "IFLA_VLAN_ID", "number": 1, "kind": "U16", "set": "IFLA_VLAN", "family": "NETLINK_ROUTE"} == item
    assert "did you mean IFLA_MTU" in complaint("fields", "IFLA_MTUU", status=1)
    (cookie,) = json.loads("\n".join(lines("fields", "NLMSGERR_ATTR_COOKIE", "-T", "json")))
    assert cookie["opaque"].startswith("the subsystem's own") and "secret" not in cookie
    head, *_, last = (line.split() for line in lines("fields", "--summary"))
    assert ["family", "messages", "fields", "attributes", "typed", "opaque", "secret", "deprecated"] == head
    assert "all" == last[0] and int(last[4]) >= 0.97 * int(last[3]) > 5000
    rows = json.loads("\n".join(lines("fields", "RDMA_NLDEV*", "--summary", "-T", "json")))
    assert ["NETLINK_RDMA", "all"] == [row["family"] for row in rows]
    assert 4000 < len(lines("fields"))


def test_help_and_version() -> None:
    assert "read" in "\n".join(lines("--help")) and "fields" in "\n".join(lines("--help"))
    assert "--show-secrets" in "\n".join(lines("read", "--help"))
    assert lines("--version")[0].startswith("nldissect ")


def test_start_up_loads_what_it_needs_only() -> None:
    code = (
        "import sys; from nldissect.cli import main; main(['read', sys.argv[1], '-c', '1']);"
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, VLAN], capture_output=True, env=ENVIRONMENT, check=True)
    loaded = set(done.stderr.decode().split())
    assert not loaded & {"rich", "numpy", "textual", "pcapy"}
    assert done.stdout


LIVE = """
export PYTHONPATH={root}
{python} -m nldissect capture -c 2 {options} >{path}/out 2>{path}/err &
for turn in $(seq 1 300); do grep -q "capturing on nlmon" {path}/err && break; kill -0 $! || break; sleep 0.1; done
ip link add nosuch0 type nosuchkind
wait $!; echo "status $?"
grep -c nlmon /proc/net/dev
"""


def captured(kernel: ModuleType, path: Path, options: str) -> tuple[list[str], list[str]]:
    """Standard output and error of `nldissect capture` while ip link is refused something."""
    script = LIVE.format(root=ROOT, python=sys.executable, path=path, options=options)
    ended = kernel.run(script, timeout=120).output.split("status ")[1].split()
    assert ["0", "0"] == ended, (path / "err").read_text()  # exit status, and no device left behind
    return (path / "out").read_text().splitlines(), (path / "err").read_text().splitlines()


def test_capture_shows_what_a_command_was_told(kernel: ModuleType, tmp_path: Path) -> None:
    shown, told = captured(kernel, tmp_path, "")
    assert 2 == len(shown)  # not the table of families that was asked for first
    assert "RTM_NEWLINK" in shown[0] and "nosuchkind" in shown[0]
    assert "EOPNOTSUPP (Operation not supported) for RTM_NEWLINK: Unknown device type" in shown[1]
    assert told[1].startswith("nldissect: 2 captured, ") and told[1].endswith(
        " more of the capture itself (--own shows them)"
    )
    assert 3 == len(told) and told[2].startswith("nldissect: no process events: ")


def test_capture_writes_a_file_that_resolves_families(kernel: ModuleType, tmp_path: Path) -> None:
    shown, _ = captured(kernel, tmp_path, f"-w {tmp_path}/x.pcapng")
    assert [] == shown  # standard output is no terminal
    assert "CTRL_CMD_GETFAMILY" in lines("read", "--own", tmp_path / "x.pcapng")[0]
    found = lines("read", tmp_path / "x.pcapng")  # without what we asked for ourselves
    assert "RTM_NEWLINK" in found[0] and "Unknown device type" in found[-1]


def test_capture_says_what_it_can_not_do(tmp_path: Path) -> None:
    assert "duration:SECONDS" in complaint("capture", "-a", "filse:3")
    assert "standard output" in complaint("capture", "-w", "-", "-V")


def test_doctor_has_a_line_a_check() -> None:
    done = run("doctor")
    found = done.stdout.decode().splitlines()
    checks = [line for line in found if not line.startswith(" ")]
    assert {"ok", "MISSING"} >= {line.split()[0] for line in checks}
    assert done.returncode == (1 if any(line.startswith("MISSING") for line in checks) else 0)
    assert {"kernel", "nlmon", "CAP_NET_RAW", "run"} <= {line.split()[1] for line in checks}
